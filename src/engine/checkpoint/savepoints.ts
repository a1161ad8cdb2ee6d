/** Checkpoints on request, and savepoints: made, looked into, brought in from another installation, restored (S9.20). */

import { UserError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { Turns } from "../../core/turns.ts";
import type { CompletedCheckpoint } from "./checkpoint-coordinator.ts";
import type {
  CheckpointEntry,
  CheckpointManifest,
  CheckpointStore,
  CheckpointSummary,
  StoredCheckpoint,
} from "./checkpoint-port.ts";
import type { RestoredRecord } from "../log/log-record.ts";
import type { PoisonRecord } from "./poison.ts";
import type { LogProcessor } from "../log/log-processor.ts";

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
  /** None is removed while it is being restored. */
  readonly #turns = new Turns();

  constructor(processor: LogProcessor, store: CheckpointStore) {
    this.#processor = processor;
    this.#store = store;
  }

  async takeCheckpoint(): Promise<CompletedCheckpoint> {
    await this.#processor.open();
    return await this.#processor.checkpoints!.take({ kind: "checkpoint" });
  }

  /**
   * With `isLast`, it is of all that was taken, and nothing is taken any more: the service is to be stopped then. UserErrors
   * `bad-savepoint-name`, `savepoint-exists`.
   */
  async create(name: string, { isLast = false } = {}): Promise<CompletedCheckpoint> {
    await this.#processor.open();
    if (isLast) return await this.#processor.takeLast(name);
    return await this.#processor.checkpoints!.take({ kind: "savepoint", name });
  }

  /** UserError `unknown-savepoint`; CheckpointFault. */
  async get(name: string): Promise<SavepointDetail> {
    const entry = await this.#named(name);
    if ("fault" in entry) throw entry.fault;
    const { manifest } = await this.#store.load(entry.id);
    return { ...entry.summary, sizes: sizesIn(manifest) };
  }

  /** One self-contained file, in pieces. UserError `unknown-savepoint`; CheckpointFault, before there is a first piece. */
  async *export(name: string): AsyncGenerator<Uint8Array> {
    const { id } = await this.#named(name);
    await readThrough(await this.#store.load(id));
    yield* this.#store.export(id);
  }

  /** UserErrors `bad-savepoint-name`, `savepoint-exists`; CheckpointFault when the file is not whole or not ours. */
  async import(name: string, file: AsyncIterable<Uint8Array>): Promise<SavepointDetail> {
    await this.#processor.open();
    const id = await this.#processor.checkpoints!.nextId();
    await this.#store.import(file, { id, name });
    return await this.get(name);
  }

  /** The engine is from here on what it was when the savepoint was made; gives the offset of the log that says so. */
  async restore(name: string): Promise<{ readonly name: string; readonly offset: number }> {
    await this.#processor.open();
    return await this.#turns.take(async () => {
      const { id } = await this.#named(name);
      const offset = await this.#processor.restore({ id, name });
      await this.#processor.checkpoints!.takeIfNews(); // from now on nobody has to come by the savepoint
      return { name, offset };
    });
  }

  /** Also one that cannot be read. UserErrors `unknown-savepoint`, `savepoint-needed`. */
  async remove(name: string): Promise<void> {
    await this.#processor.open();
    await this.#turns.take(async () => {
      const { id } = await this.#named(name);
      const checkpoints = this.#processor.checkpoints!;
      const restored = this.#processor.restored.find(
        (record) => record.id === id && record.offset >= (checkpoints.savedOffset ?? 0),
      );
      if (restored !== undefined) throw stillNeeded(restored);
      await checkpoints.remove(id);
    });
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

  async #named(name: string): Promise<CheckpointEntry> {
    const entries = await this.#store.list();
    const found = entries.find((entry) => entry.name === name);
    if (found !== undefined) return found;
    const near = nearest(
      name,
      entries.flatMap((entry) => entry.name ?? []),
    );
    throw new UserError({
      code: "unknown-savepoint",
      message: `there is no savepoint \`${name}\``,
      hint: near === null ? "GET /v1/savepoints lists them" : `did you mean \`${near}\`?`,
    });
  }
}

/** CheckpointFault where something of it is damaged. */
async function readThrough(stored: StoredCheckpoint): Promise<void> {
  const chunks = stored.read()[Symbol.asyncIterator]();
  while ((await chunks.next()).done !== true);
}

function stillNeeded({ name, offset }: RestoredRecord): UserError {
  return new UserError({
    code: "savepoint-needed",
    message: `at offset ${offset} of the log the savepoint \`${name}\` was restored, and no checkpoint has been taken since: the next start has to come by it`,
    hint: "take a checkpoint first: POST /v1/checkpoints",
  });
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
