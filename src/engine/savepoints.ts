/** Checkpoints on request, and savepoints: made, looked into, brought in from another installation, restored (S9.20). */

import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { CompletedCheckpoint } from "./checkpoint-coordinator.ts";
import type { CheckpointManifest, CheckpointStore, CheckpointSummary } from "./checkpoint-port.ts";
import type { PoisonRecord } from "./poison.ts";
import type { LogProcessor } from "./log-processor.ts";

export interface PartSize {
  readonly name: string;
  readonly bytes: number;
  readonly keys: number;
}

export interface SavepointDetail extends CheckpointSummary {
  readonly sizes: readonly PartSize[];
}

/** Null where no checkpoints are taken. */
export function savepointsOf(
  processor: LogProcessor,
  recovery: { readonly store: CheckpointStore } | undefined,
): Savepoints | null {
  return recovery === undefined ? null : new Savepoints(processor, recovery.store);
}

export class Savepoints {
  readonly #processor: LogProcessor;
  readonly #store: CheckpointStore;

  constructor(processor: LogProcessor, store: CheckpointStore) {
    this.#processor = processor;
    this.#store = store;
  }

  async takeCheckpoint(): Promise<CompletedCheckpoint> {
    await this.#processor.open();
    return await this.#processor.checkpoints!.take({ kind: "checkpoint" });
  }

  /** UserErrors `bad-savepoint-name`, `savepoint-exists`. */
  async create(name: string): Promise<CompletedCheckpoint> {
    await this.#processor.open();
    return await this.#processor.checkpoints!.take({ kind: "savepoint", name });
  }

  /** UserError `unknown-savepoint`; CheckpointFault. */
  async get(name: string): Promise<SavepointDetail> {
    const summary = await this.#named(name);
    const { manifest } = await this.#store.load(summary.id);
    return { ...summary, sizes: sizesIn(manifest) };
  }

  /** UserErrors `bad-savepoint-name`, `savepoint-exists`; CheckpointFault when the file is not whole or not ours. */
  async import(name: string, file: AsyncIterable<Uint8Array>): Promise<SavepointDetail> {
    await this.#processor.open();
    await this.#processor.checkpoints!.withNextId((id) => this.#store.import(file, { id, name }));
    return await this.get(name);
  }

  /** The engine is from here on what it was when the savepoint was made; gives the offset of the log that says so. */
  async restore(name: string): Promise<{ readonly name: string; readonly offset: number }> {
    const { id } = await this.#named(name);
    const offset = await this.#processor.restore({ id, name });
    await this.#processor.checkpoints!.takeIfNews(); // from now on nobody has to come by the savepoint
    return { name, offset };
  }

  /** Records that the engine goes on without. */
  async poisonRecords(): Promise<readonly PoisonRecord[]> {
    return (await this.#processor.poison?.list()) ?? [];
  }

  /** UserErrors `unknown-record`, `not-an-event`. */
  async replayPoison(offset: number): Promise<PoisonRecord> {
    await this.#processor.open();
    const { poison } = this.#processor;
    if (poison === null) {
      throw new UserError({ code: "unknown-record", message: "this service sets no records aside" });
    }
    return await poison.replay(offset, (event) => this.#processor.appendAgain(event));
  }

  async #named(name: string): Promise<CheckpointSummary> {
    const entries = await this.#store.list();
    const all = entries.flatMap((entry) => (entry.kind === "savepoint" && "summary" in entry ? [entry.summary] : []));
    const found = all.find((each) => each.name === name);
    if (found !== undefined) return found;
    const near = nearest(
      name,
      all.map((each) => each.name!),
    );
    throw new UserError({
      code: "unknown-savepoint",
      message: `there is no savepoint \`${name}\``,
      hint: near === null ? "GET /v1/savepoints lists them" : `did you mean \`${near}\`?`,
    });
  }
}

/** By part, the largest first; the key groups of one owner together. */
function sizesIn({ parts }: CheckpointManifest): readonly PartSize[] {
  const sizes = new Map<string, PartSize>();
  for (const { name, chunks } of parts) {
    let { bytes, keys } = sizes.get(name) ?? { bytes: 0, keys: 0 };
    for (const chunk of chunks) {
      bytes += chunk.bytes;
      keys += chunk.keys;
    }
    sizes.set(name, { name, bytes, keys });
  }
  return [...sizes.values()].sort((a, b) => b.bytes - a.bytes);
}
