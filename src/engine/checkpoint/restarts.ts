/**
 * What comes of the engine's failures: it begins again at the last checkpoint, after a wait, perhaps without the record on which it
 * failed; or the failure was the last. Mutable.
 */

import { Failures } from "../../core/restart-strategy.ts";
import { SinkGap } from "../log/alert-sink.ts";
import type { RecoveryOptions } from "../log/log-processor-options.ts";
import { PoisonPolicy, RecordFailure } from "./poison.ts";
import type { Clock } from "../ports.ts";
import { ShardFailure } from "../shards/shard-team.ts";

export class Restarts {
  /** Null where no record was ever set aside. */
  readonly poison: PoisonPolicy | null;
  readonly #recovery: RecoveryOptions | undefined;
  readonly #clock: Clock;
  readonly #failures: Failures;
  #count = 0;

  constructor(recovery: RecoveryOptions | undefined, clock: Clock) {
    const poison = recovery?.poison ?? null;
    this.poison = poison === null ? null : new PoisonPolicy(poison);
    this.#recovery = recovery;
    this.#clock = clock;
    this.#failures = new Failures(recovery?.restarts ?? { kind: "none" });
  }

  /** How often the engine has been made anew since the process began. */
  get count(): number {
    return this.#count;
  }

  /** To be called before the log is read. */
  async open(): Promise<void> {
    await this.poison?.open();
  }

  isSetAside(offset: number): boolean {
    return this.poison?.isSetAside(offset) === true;
  }

  /** Resolves when the engine is to begin again; rejects with what is behind the failure when it is not to. */
  async afterFailure(error: unknown): Promise<void> {
    if (!(await this.#mayRestart(error))) throw error instanceof RecordFailure ? error.cause : error;
  }

  async #mayRestart(error: unknown): Promise<boolean> {
    if (error instanceof SinkGap) {
      this.#count++;
      return true;
    }
    if (this.#recovery === undefined || !(error instanceof RecordFailure || error instanceof ShardFailure))
      return false;
    const { scheduler, notices } = this.#recovery;
    const offset = error instanceof RecordFailure ? error.record.offset : null; // what a thread died of nobody knows
    const isSetAside = error instanceof RecordFailure && (await this.#isSetAsideNow(error));
    const waitMs = isSetAside ? 0 : this.#failures.failed(this.#clock.now());
    if (waitMs === null) return false;
    this.#count++;
    if (isSetAside)
      notices.warn({ offset, err: error }, "a record on which the engine fails again and again is set aside");
    else notices.warn({ offset, waitMs, err: error }, "the engine failed; it begins again at the last checkpoint");
    await new Promise<void>((resolve) => void scheduler.after(waitMs, resolve));
    return true;
  }

  async #isSetAsideNow(failure: RecordFailure): Promise<boolean> {
    return (await this.poison?.failed(failure, this.#clock.now())) ?? false;
  }
}
