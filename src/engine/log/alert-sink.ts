/**
 * Alerts on their way to a sink outside, beside the alert store, exactly as checkpoints have it (S9.23). A sink that fails holds up
 * nobody: what is for it is let go, since the log has it all, and when the sink is back the engine begins again at the last
 * checkpoint. Mutable.
 */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import type { SinkCut, SinkStatus, SinkWriter } from "../../stream/sinks/sink-writer.ts";
import type { Alert, Output } from "../output.ts";
import type { Notices, Patience } from "../ports.ts";

export interface AlertSinkOptions {
  readonly mode: AlertSinkMode;
  /** What drives it; `failed` is called when the sink has failed, and works no more until it is recovered. */
  readonly writer: (failed: (error: unknown) => void) => SinkWriter<Alert>;
  /** Resolves when the sink answers, and takes what is written. UserErrors for what somebody has to mend. */
  readonly check: () => Promise<void>;
  /** Between attempts to reach it; rejects when the service stops, as the next. */
  readonly patience: Patience;
  /** Before it is given what it lacks once more, where it has failed at that: each time, the engine begins again for it. */
  readonly rest: Patience;
  readonly notices: Notices;
}

export type AlertSinkMode = "idempotent" | "two-phase";

/** Where the sink goes on: after what the newest checkpoint has of it. */
export interface SinkPosition {
  /** Alerts of the records below are in these transactions, or in earlier ones. */
  readonly offset: number;
  readonly transactions: readonly Json[];
}

export interface AlertSinkStatus extends Omit<SinkStatus, "failure"> {
  readonly mode: AlertSinkMode;
  readonly state: State["kind"];
}

/**
 * - `working`
 * - `away`: it failed, and is tried again and again
 * - `back`: it answers, and lacks alerts until the engine begins again
 */
type State = { readonly kind: "working" } | Away | { readonly kind: "back" };

interface Away {
  readonly kind: "away";
  readonly error: unknown;
}

/** The sink lacks alerts that have been made meanwhile: the engine is to begin again at the last checkpoint. */
export class SinkGap extends Error {
  override readonly name = "SinkGap";

  constructor() {
    super("the alert sink lacks alerts that were made while it was away");
  }
}

export class AlertSink {
  readonly #options: AlertSinkOptions;
  readonly #returned: () => void;
  readonly #writer: SinkWriter<Alert>;
  #state: State = { kind: "working" };
  #hasWorked = false;
  /** Since the last checkpoint. */
  #failures = 0;
  #from = 0;
  #room: Promise<void> = Promise.resolve();
  #waits = true;

  /** `returned`: it is back, and `requireWhole` tells so. */
  constructor(options: AlertSinkOptions, returned: () => void) {
    this.#options = options;
    this.#returned = returned;
    this.#writer = options.writer((error) => this.#leave(error));
  }

  /** When the engine begins, and begins again. UserError when it never worked, and somebody has to mend it. */
  async recover({ offset, transactions }: SinkPosition): Promise<void> {
    this.#from = offset;
    this.#room = Promise.resolve();
    try {
      await this.#options.check();
      await this.#writer.recover(transactions);
      this.#state = { kind: "working" };
      this.#hasWorked = true;
    } catch (error) {
      if (error instanceof UserError && !this.#hasWorked) throw error;
      this.#leave(error);
    }
  }

  /** What came of a record: in the moment in which it has been applied, so that a barrier has both or neither. */
  take(offset: number, outputs: readonly Output[]): void {
    if (this.#state.kind !== "working" || offset < this.#from) return;
    if (outputs.length === 0) return; // as it is mostly
    const alerts = outputs.flatMap((output) => (output.kind === "alert" ? [output.alert] : []));
    if (alerts.length === 0) return;
    this.#room = this.#writer.add(alerts).catch(() => undefined); // its failure is told by itself
  }

  /** Resolves when the engine may go on: at once, unless too many alerts wait for a sink that works. */
  room(): Promise<void> {
    return this.#room;
  }

  /** UserError `sink-away`: what a checkpoint would have of it is not there. */
  cut(): SinkCut {
    if (this.#state.kind !== "working") throw sinkAway(this.troubles());
    const cut = this.#writer.cut();
    return {
      preCommitted: cut.preCommitted,
      complete: () => {
        const committed = cut.complete().then(() => void (this.#failures = 0));
        committed.catch(() => undefined); // a failure is told by itself
        return committed;
      },
    };
  }

  /** SinkGap when it is back. */
  requireWhole(): void {
    if (this.#state.kind === "back") throw new SinkGap();
  }

  /** Sentences; none while it works. */
  troubles(): readonly string[] {
    switch (this.#state.kind) {
      case "working":
        return [];
      case "away":
        return [`the alert sink takes no alerts (${messageOf(this.#state.error)}); it is given them when it is back`];
      case "back":
        return ["the alert sink is back, and is about to be given the alerts that it lacks"];
    }
  }

  status(): AlertSinkStatus {
    const { failure: _, ...figures } = this.#writer.status();
    return { mode: this.#options.mode, state: this.#state.kind, ...figures };
  }

  /** The engine is about to end: if the sink is away, it stays so, and the next start gives it what it lacks. */
  waitNoMore(): void {
    this.#waits = false;
  }

  /** What the last checkpoint has of it is committed first, if that can be. */
  async close(): Promise<void> {
    await this.#writer.close();
  }

  #leave(error: unknown): void {
    const away: Away = { kind: "away", error };
    this.#state = away;
    this.#failures++;
    this.#options.notices.warn({ err: error }, "the alert sink has failed; it is given what it lacks when it is back");
    this.#untilThere(away).then(
      () => this.#return(away),
      () => undefined, // the service stops
    );
  }

  async #untilThere({ error: first }: Away): Promise<void> {
    const { check, patience, rest } = this.#options;
    if (this.#failures > 1) await rest.beforeRetry(this.#failures - 1, first);
    for (let attempt = 1, error = first; ; attempt++) {
      await patience.beforeRetry(attempt, error);
      try {
        await check();
        return;
      } catch (met) {
        error = met;
      }
    }
  }

  #return(away: Away): void {
    if (this.#state !== away || !this.#waits) return; // the engine has begun again meanwhile, or will not any more
    this.#state = { kind: "back" };
    this.#options.notices.info({}, "the alert sink is back");
    this.#returned();
  }
}

function sinkAway(troubles: readonly string[]): UserError {
  return new UserError({
    code: "sink-away",
    message: `there is no checkpoint without the alert sink: ${troubles.join("; ")}`,
    hint: "alerts are found and sent meanwhile, and a checkpoint is tried again by itself",
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
