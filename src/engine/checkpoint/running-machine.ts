/**
 * The machine that the log goes through now, and the writer of its checkpoints: made of the newest checkpoint at each beginning, and
 * of a savepoint where one is restored. Mutable.
 */

import { assert } from "../../core/assert.ts";
import { CheckpointFault, type CheckpointPart } from "./checkpoint-port.ts";
import { CheckpointWriter } from "./checkpoint-writer.ts";
import type { RecoveryOptions } from "../log/log-processor-options.ts";
import type { RestoredRecord } from "../log/log-record.ts";
import type { Machine } from "./machine.ts";
import { cannotPass, newMachine, recover, savedMachine, type Recovered } from "./recovery.ts";
import type { ShardFailure, ShardOptions } from "../shards/shard-team.ts";

export interface RunningMachineOptions {
  readonly recovery: RecoveryOptions | undefined;
  /** Null where the engine does all keyed work itself. */
  readonly shards: ShardOptions | null;
  /** A shard of it is gone. */
  readonly lost: (failure: ShardFailure) => void;
}

export class RunningMachine {
  readonly #options: RunningMachineOptions;
  #machine: Machine = newMachine();
  #writer: CheckpointWriter | null = null;
  #restored: RestoredRecord[] = [];
  #isChanging = false;

  constructor(options: RunningMachineOptions) {
    this.#options = options;
  }

  get current(): Machine {
    return this.#machine;
  }

  /** Those that the log has been read past, since the checkpoint that it began with. */
  get restored(): readonly RestoredRecord[] {
    return this.#restored;
  }

  /** It is neither what it was nor what a savepoint says. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  /** Of checkpoints. */
  get writer(): CheckpointWriter {
    assert(this.#writer !== null, "it has begun");
    return this.#writer;
  }

  /** From the newest checkpoint that can be read, or from nothing. `end`: the log's. */
  async begin(end: number): Promise<Recovered> {
    const { recovery, shards } = this.#options;
    await this.close();
    this.#isChanging = false;
    this.#restored = [];
    const recovered = await recover({ ...recovery, shards, end });
    this.#become(recovered.machine, recovered.from?.parts);
    return recovered;
  }

  /** UserError when the savepoint cannot be read. */
  async becomeSaved(record: RestoredRecord): Promise<void> {
    const { id, name, offset } = record;
    const { recovery, shards } = this.#options;
    const before = this.#machine;
    this.#isChanging = true;
    try {
      const machine = await savedMachine(recovery!.store, id, { shards, before: before.engine });
      this.#become(machine);
    } catch (error) {
      throw error instanceof CheckpointFault ? cannotPass({ name, offset }, error) : error;
    }
    await before.shards?.close();
    this.#restored.push(record);
    this.#isChanging = false;
    recovery!.notices.info({ savepoint: name, offset }, "a savepoint has been restored");
  }

  async close(): Promise<void> {
    await this.#machine.shards?.close();
  }

  #become(machine: Machine, restored: readonly CheckpointPart[] = []): void {
    this.#machine = machine;
    this.#writer = new CheckpointWriter(machine, restored, this.#options.recovery?.partSizes);
    void machine.shards?.lost.then((failure) => {
      if (machine === this.#machine) this.#options.lost(failure);
    });
  }
}
