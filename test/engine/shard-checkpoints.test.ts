/**
 * Checkpoints of keyed work that shards share: whole ones and changes, each taken at another number of shards than the one before it,
 * are what one engine's snapshot is, and any number goes on from them (S9.19, S9.22). Seeds are in the names; `TRIPLINE_SEED` takes others.
 */

import { describe, expect, test } from "@jest/globals";
import { DEFAULT_CAPS } from "../../src/engine/rules/caps.ts";
import { snapshotOf } from "../../src/engine/checkpoint/checkpoint-parts.ts";
import { CHECKPOINT_FORMAT, type CheckpointManifest } from "../../src/engine/checkpoint/checkpoint-port.ts";
import { CheckpointWriter, type PartSizes } from "../../src/engine/checkpoint/checkpoint-writer.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import type { Machine } from "../../src/engine/checkpoint/machine.ts";
import type { Output } from "../../src/engine/output.ts";
import { recover, savedMachine } from "../../src/engine/checkpoint/recovery.ts";
import type { EngineSnapshot } from "../../src/engine/checkpoint/snapshot.ts";
import { memoryShards } from "../support/memory-shards.ts";
import { Random } from "../support/oracle/random.ts";
import { PlainCheckpoints } from "../support/plain-checkpoints.ts";
import { runOfOne } from "../support/sharded-log.ts";
import { essence } from "../support/snapshot-essence.ts";

const COUNTS = [1, 2, 3, 5];
const shardsOf = (count: number) => (count === 1 ? null : memoryShards(count, { wait: async () => undefined }));

/** A machine, its checkpoints, and how far it is in a log. Mutable. */
class Run {
  readonly #store: PlainCheckpoints;
  readonly #sizes: PartSizes;
  #machine: Machine;
  #writer: CheckpointWriter;
  #id = 0;

  private constructor(machine: Machine, { store, sizes }: { store: PlainCheckpoints; sizes: PartSizes }) {
    this.#store = store;
    this.#sizes = sizes;
    this.#machine = machine;
    this.#writer = new CheckpointWriter(machine, [], sizes);
  }

  static async begin(count: number, sizes: PartSizes): Promise<Run> {
    const store = new PlainCheckpoints();
    const { machine } = await recover({ store, end: 0, shards: shardsOf(count) });
    return new Run(machine, { store, sizes });
  }

  async apply(record: LogRecord): Promise<readonly Output[]> {
    const { engine, door, shards } = this.#machine;
    if (record.kind === "event") door.replay(engine.stream(record.stream)!.definition, record);
    if (shards === null) return engine.apply(record);
    const { answers, figures } = await shards.advance([record]);
    engine.elsewhere.heard(figures);
    return engine.settle(record, [...(answers.get(record.offset) ?? []), engine.advance(record)]);
  }

  /** Null when it is given up. `meanwhile` is called while it is encoded. */
  async checkpoint(
    offset: number,
    { isGivenUp, meanwhile }: { isGivenUp: boolean; meanwhile: () => Promise<void> },
  ): Promise<CheckpointManifest | null> {
    const plan = this.#writer.plan();
    const capture = this.#writer.capture(plan, await this.#writer.announce(plan));
    let busy = Promise.resolve();
    const encoded = await this.#writer.encode(capture, () => (busy = busy.then(meanwhile)));
    if (isGivenUp) {
      this.#writer.failed(capture);
      return null;
    }
    const { parts, chunks } = encoded;
    const manifest: CheckpointManifest = {
      format: CHECKPOINT_FORMAT,
      id: ++this.#id,
      kind: "checkpoint",
      name: null,
      offset,
      takenAt: 0,
      durationMs: 0,
      rules: [],
      parts,
    };
    await this.#store.save(manifest, chunks);
    this.#writer.saved(capture, encoded);
    return manifest;
  }

  async stored({ id, offset }: CheckpointManifest): Promise<EngineSnapshot> {
    const parts = new Map<unknown, Uint8Array[]>();
    const stored = await this.#store.load(id);
    for await (const { part, body } of stored.read()) parts.set(part, [...(parts.get(part) ?? []), body]);
    return snapshotOf(
      offset,
      stored.manifest.parts.map((part) => ({ part, bodies: parts.get(part)! })),
    );
  }

  async goOnWith(count: number, { id, parts }: CheckpointManifest): Promise<void> {
    await this.#machine.shards?.close();
    this.#machine = await savedMachine(this.#store, id, { shards: shardsOf(count) });
    this.#writer = new CheckpointWriter(this.#machine, parts, this.#sizes);
  }
}

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const SEEDS = Array.from({ length: Number(process.env["TRIPLINE_LOGS"] ?? 2) }, (_, i) => SEED + i);

describe.each([
  ["in one part", { keysInOnePartMax: 1000, keysInGroupsMin: 1000, changesKept: 4, keysAtOnce: 1 }],
  ["by key group", { keysInOnePartMax: 0, keysInGroupsMin: 0, changesKept: 2, keysAtOnce: 3 }],
  ["now so, now so", { keysInOnePartMax: 4, keysInGroupsMin: 2, changesKept: 3, keysAtOnce: 2 }],
])("keys %s", (_, sizes) => {
  test.each(SEEDS)("seed %d", async (seed) => {
    const { records, outputs, snapshots } = runOfOne(seed, 110, DEFAULT_CAPS);
    const random = new Random(seed);
    const run = await Run.begin(random.pick(COUNTS), sizes);
    const made: (readonly Output[])[] = [];
    const applyNext = async (): Promise<void> => {
      if (made.length < records.length) made.push(await run.apply(records[made.length]!));
    };
    while (made.length < records.length) {
      for (let some = random.between(1, 8); some > 0; some--) await applyNext();
      const at = made.length;
      const meanwhile = async (): Promise<void> => (random.chance(0.1) ? await applyNext() : undefined);
      const manifest = await run.checkpoint(at, { isGivenUp: random.chance(0.15), meanwhile });
      if (manifest === null) continue;
      expect(essence(await run.stored(manifest))).toEqual(essence(snapshots[at - 1]!));
      if (random.chance(0.4)) continue;
      await run.goOnWith(random.pick(COUNTS), manifest);
      made.length = at;
    }
    expect(made).toEqual(outputs);
  });
});
