/**
 * Writes down what engine and door have become, as the parts of a checkpoint. Of what is large it says what has changed since the
 * last one that was completed; a part whose changes have become more than it began with is written whole again. Mutable: it
 * remembers what the last checkpoint has.
 */

import { KEY_GROUPS } from "../../core/key-group.ts";
import { captureChoice, layoutIn, type CapturePlan, type KeyLayout, type OperatorPlan } from "./capture-plan.ts";
import type { CheckpointPart, ChunkReference, NewChunk } from "./checkpoint-port.ts";
import { doorPart, isOfKeys, keysPart, PART } from "./checkpoint-parts.ts";
import { EncodedParts, partId, type EncodedCheckpoint, type WrittenPart } from "./encoded-parts.ts";
import { KeysEncoder } from "./keys-encoder.ts";
import type { Machine, MachineCapture } from "./machine.ts";
import { partTexts } from "./part-encoder.ts";
import { chunkOf } from "./part-text.ts";
import { unitedCapture, type ShardNote } from "../shards/shard-snapshot.ts";

export interface PartSizes {
  /** Below it a chunk for each key group would be a few keys, and above it one for all too much to write again. */
  readonly keysInOnePartMax: number;
  /** A table that has shrunk to this is put together again. */
  readonly keysInGroupsMin: number;
  /** Chunks of changes: each costs a read at the next start. */
  readonly changesKept: number;
  /** Encoded without a break: a millisecond or two. */
  readonly keysAtOnce: number;
}

const PART_SIZES: PartSizes = { keysInOnePartMax: 16_384, keysInGroupsMin: 4096, changesKept: 16, keysAtOnce: 256 };

const GROUPS = Array.from({ length: KEY_GROUPS }, (_, group) => group);

export class CheckpointWriter {
  readonly #machine: Machine;
  readonly #sizes: PartSizes;
  #written: ReadonlyMap<string, WrittenPart> = new Map();
  #layouts: ReadonlyMap<string, KeyLayout> = new Map();
  #listsAt: number | null = null;

  /** `restored`: the parts that the machine was made from; it is as they say. */
  constructor(machine: Machine, restored: readonly CheckpointPart[] = [], sizes: PartSizes = PART_SIZES) {
    this.#machine = machine;
    this.#sizes = sizes;
    if (restored.length === 0) return;
    // How many chunks were the first is not told: one is enough for all but the largest.
    this.#written = new Map(restored.map((part) => [partId(part), { part, wholeChunks: 1 }]));
    this.#layouts = layoutsIn(restored);
    this.#listsAt = machine.engine.lists.changes;
    machine.engine.beginChanges();
    for (const { name } of machine.engine.streams()) machine.door.beginChanges(name);
  }

  /** For the next barrier; keys are captured by it wherever they are. */
  plan(): CapturePlan {
    const { engine } = this.#machine;
    const operators = engine.job.branchNames().map((name) => this.#planOf(name, engine.figuresOf(name).keys));
    return { operators, keysAtOnce: this.#sizes.keysAtOnce };
  }

  /** Shards, if there are any, capture their keys behind the records that they have been sent. */
  announce(plan: CapturePlan): Promise<readonly ShardNote[]> {
    return this.#machine.shards?.capture(plan) ?? Promise.resolve([]);
  }

  /** The barrier: between one record and the next. `notes`: of all shards, which have captured their keys there. */
  capture(plan: CapturePlan = this.plan(), notes: readonly ShardNote[] = []): MachineCapture {
    const { engine, door } = this.#machine;
    const listsAt = engine.lists.changes;
    const captured = engine.capture({
      keys: captureChoice(plan),
      lists: () => listsAt !== this.#listsAt,
      isSuppressionWhole: this.#isWhole(PART.suppression),
    });
    return {
      engine: unitedCapture(captured, notes),
      doors: [...engine.streams()].flatMap(({ name }) => {
        const changes = door.takeChanges(name, { isWhole: this.#isWhole(doorPart(name)) });
        return changes === null ? [] : [[name, changes] as const];
      }),
      plan,
      listsAt,
    };
  }

  /** In slices, with a `turn` for everybody else between them; shards encode their keys meanwhile. */
  async encode(capture: MachineCapture, turn: () => Promise<void>): Promise<EncodedCheckpoint> {
    const encoded = new EncodedParts();
    const [own, others] = await Promise.allSettled([
      this.#encodeOwn(capture, { turn, encoded }),
      this.#machine.shards?.encoded(turn) ?? [],
    ]);
    if (own.status === "rejected") throw own.reason;
    if (others.status === "rejected") throw others.reason;
    for (const part of others.value) encoded.add(part);
    return encoded.after(this.#written);
  }

  /** The capture is a checkpoint now. */
  saved(capture: MachineCapture, { written }: EncodedCheckpoint): void {
    this.#written = written;
    const keyed = capture.engine.job?.operators.filter(({ keys }) => keys.length > 0) ?? [];
    this.#layouts = new Map(keyed.map(({ name }) => [name, layoutIn(capture.plan, name)]));
    this.#listsAt = capture.listsAt;
    this.#settle(capture, true);
  }

  /** The capture will never be one: what it was about has still to be written. */
  failed(capture: MachineCapture): void {
    this.#settle(capture, false);
    const lost = [PART.suppression, ...capture.doors.map(([stream]) => doorPart(stream))];
    this.#written = new Map([...this.#written].filter(([, { part }]) => !lost.includes(part.name)));
  }

  /** The next one refers to nothing that was written before. */
  beginAnew(): void {
    this.#written = new Map();
    this.#layouts = new Map();
    this.#listsAt = null;
  }

  async #encodeOwn(
    capture: MachineCapture,
    { turn, encoded }: { readonly turn: () => Promise<void>; readonly encoded: EncodedParts },
  ): Promise<void> {
    for await (const { pieces, ...part } of partTexts(capture, turn)) {
      const chunks: NewChunk[] = [];
      for (const piece of pieces) {
        if (chunks.length > 0) await turn();
        chunks.push(chunkOf(piece));
      }
      encoded.add({ ...part, chunks });
    }
    const keys = new KeysEncoder(capture.engine.job?.operators ?? [], capture.plan);
    for (let part = keys.step(); !keys.isOver; part = keys.step()) {
      if (part !== null) encoded.add(part);
      if (part === null || part.chunks.length > 0) await turn();
    }
  }

  #settle({ engine }: MachineCapture, isSaved: boolean): void {
    for (const { keys } of engine.job?.operators ?? []) for (const captured of keys) captured.settle(isSaved);
    this.#machine.shards?.settle(isSaved);
  }

  #planOf(name: string, keys: number): OperatorPlan {
    const before = this.#layouts.get(name);
    const layout = this.#layoutOf(keys, before);
    const part = keysPart(name);
    if (layout !== before) return { name, layout, rewritten: "all" };
    if (layout === "one") return { name, layout, rewritten: this.#isWorn(part) ? "all" : [] };
    return { name, layout, rewritten: GROUPS.filter((group) => this.#isWorn(part, group)) };
  }

  #layoutOf(keys: number, before: KeyLayout = "one"): KeyLayout {
    if (keys > this.#sizes.keysInOnePartMax) return "groups";
    return keys < this.#sizes.keysInGroupsMin ? "one" : before;
  }

  #isWhole(name: string): boolean {
    return !this.#written.has(partId({ name, keyGroup: null })) || this.#isWorn(name);
  }

  /** Its changes are more than it began with, or many; not those of all key groups at once. */
  #isWorn(name: string, keyGroup: number | null = null): boolean {
    const written = this.#written.get(partId({ name, keyGroup }));
    if (written === undefined) return false;
    const { part, wholeChunks } = written;
    const changes = part.chunks.slice(wholeChunks);
    const { changesKept } = this.#sizes;
    const isLonger = sizeOf(changes) > sizeOf(part.chunks.slice(0, wholeChunks));
    return isLonger || changes.length >= changesKept + ((keyGroup ?? 0) % changesKept);
  }
}

function sizeOf(chunks: readonly ChunkReference[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0);
}

function layoutsIn(parts: readonly CheckpointPart[]): ReadonlyMap<string, KeyLayout> {
  const { length } = keysPart("");
  return new Map(
    parts
      .filter(isOfKeys)
      .map(({ name, keyGroup }) => [name.slice(length), keyGroup === null ? "one" : "groups"] as const),
  );
}
