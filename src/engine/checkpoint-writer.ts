/**
 * Writes down what engine and door have become, as the parts of a checkpoint. Of what is large it says what has changed since the
 * last one that was completed; a part whose changes have become more than it began with is written whole again. Mutable: it
 * remembers what the last checkpoint has.
 */

import type { CaptureChoice } from "../stream/task-snapshot.ts";
import { newChunk, type CheckpointPart, type NewChunk } from "./checkpoint-port.ts";
import { PartEncoder, type PartText } from "./part-encoder.ts";
import type { Door, DoorChanges } from "./door.ts";
import type { Engine } from "./engine.ts";
import type { ShardTeam } from "./shard-team.ts";
import type { EngineCapture } from "./engine-capture.ts";
import { doorPart, keysPart, PART } from "./checkpoint-parts.ts";

/** What checkpoints are of. */
export interface Machine {
  readonly engine: Engine;
  readonly door: Door;
  /** Those that do the engine's keyed work; null where it does it itself. */
  readonly shards: ShardTeam | null;
}

/** As it was at a barrier. */
export interface MachineCapture {
  readonly engine: EngineCapture;
  readonly doors: readonly (readonly [stream: string, changes: DoorChanges])[];
  /** By operator: whether its keys are in one part, or in one for each key group. */
  readonly layouts: ReadonlyMap<string, KeyLayout>;
  readonly listsAt: number;
}

export type KeyLayout = "one" | "groups";

export interface EncodedCheckpoint {
  /** All there are, with the chunks that were there before. */
  readonly parts: readonly CheckpointPart[];
  readonly chunks: readonly NewChunk[];
}

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

export class CheckpointWriter {
  readonly #machine: Machine;
  readonly #sizes: PartSizes;
  #parts = new Map<string, CheckpointPart>();
  #layouts: ReadonlyMap<string, KeyLayout> = new Map();
  #listsAt: number | null = null;

  /** `restored`: the parts that the machine was made from; it is as they say. */
  constructor(machine: Machine, restored: readonly CheckpointPart[] = [], sizes: PartSizes = PART_SIZES) {
    this.#machine = machine;
    this.#sizes = sizes;
    if (restored.length === 0) return;
    for (const part of restored) this.#parts.set(idOf(part), part);
    this.#layouts = layoutsIn(restored);
    this.#listsAt = machine.engine.lists.changes;
    machine.engine.beginChanges();
    for (const { name } of machine.engine.streams()) machine.door.beginChanges(name);
  }

  /** The barrier: between one record and the next. */
  capture(): MachineCapture {
    const { engine, door } = this.#machine;
    const layouts = new Map<string, KeyLayout>();
    const keys: CaptureChoice = ({ name, keys, areChangesKnown }) => {
      const layout = this.#layoutOf(name, keys);
      layouts.set(name, layout);
      if (!areChangesKnown || layout !== this.#layouts.get(name)) return () => true;
      if (layout === "groups") return (group) => this.#isWorn(keysPart(name), group);
      const isWorn = this.#isWorn(keysPart(name));
      return () => isWorn;
    };
    const listsAt = engine.lists.changes;
    return {
      engine: engine.capture({
        keys,
        lists: () => listsAt !== this.#listsAt,
        isSuppressionWhole: this.#isWhole(PART.suppression),
      }),
      doors: [...engine.streams()].flatMap(({ name }) => {
        const changes = door.takeChanges(name, { isWhole: this.#isWhole(doorPart(name)) });
        return changes === null ? [] : [[name, changes] as const];
      }),
      layouts,
      listsAt,
    };
  }

  /** In slices, with a `turn` for everybody else between them. */
  async encode(capture: MachineCapture, turn: () => Promise<void>): Promise<EncodedCheckpoint> {
    const parts = new Map<string, CheckpointPart>();
    const chunks: NewChunk[] = [];
    for await (const text of new PartEncoder({ capture, turn, keysAtOnce: this.#sizes.keysAtOnce }).parts()) {
      const before = this.#parts.get(idOf(text));
      const added = text.pieces.map(({ body, keys }) => newChunk({ body: Buffer.from(body), keys }));
      for (const chunk of added) chunks.push(chunk);
      const references = added.map(({ id, bytes, keys }) => ({ id, bytes, keys }));
      const all = [...(text.isWhole ? [] : (before?.chunks ?? [])), ...references];
      if (all.length > 0) parts.set(idOf(text), { name: text.name, keyGroup: text.keyGroup, chunks: all });
    }
    return { parts: [...parts.values()], chunks };
  }

  /** The capture is a checkpoint now. */
  saved(capture: MachineCapture, { parts }: EncodedCheckpoint): void {
    this.#parts = new Map(parts.map((part) => [idOf(part), part]));
    this.#layouts = capture.layouts;
    this.#listsAt = capture.listsAt;
    settle(capture, true);
  }

  /** The capture will never be one: what it was about has still to be written. */
  failed(capture: MachineCapture): void {
    settle(capture, false);
    this.#parts.delete(idOf({ name: PART.suppression, keyGroup: null }));
    for (const [stream] of capture.doors) this.#parts.delete(idOf({ name: doorPart(stream), keyGroup: null }));
  }

  /** The next one refers to nothing that was written before. */
  beginAnew(): void {
    this.#parts.clear();
    this.#layouts = new Map();
    this.#listsAt = null;
  }

  #layoutOf(operator: string, keys: number): KeyLayout {
    if (keys > this.#sizes.keysInOnePartMax) return "groups";
    return keys < this.#sizes.keysInGroupsMin ? "one" : (this.#layouts.get(operator) ?? "one");
  }

  #isWhole(name: string): boolean {
    return !this.#parts.has(idOf({ name, keyGroup: null })) || this.#isWorn(name);
  }

  /** Its changes are more than it began with, or many; not those of all key groups at once. */
  #isWorn(name: string, keyGroup: number | null = null): boolean {
    const [base, ...changes] = this.#parts.get(idOf({ name, keyGroup }))?.chunks ?? [];
    if (base === undefined) return false;
    const bytes = changes.reduce((sum, chunk) => sum + chunk.bytes, 0);
    const { changesKept } = this.#sizes;
    return bytes > base.bytes || changes.length >= changesKept + ((keyGroup ?? 0) % changesKept);
  }
}

function idOf({ name, keyGroup }: Pick<PartText, "name" | "keyGroup">): string {
  return `${keyGroup ?? ""} ${name}`;
}

function layoutsIn(parts: readonly CheckpointPart[]): ReadonlyMap<string, KeyLayout> {
  const prefix = keysPart("");
  const ofKeys = parts.filter(({ name }) => name.startsWith(prefix));
  return new Map(
    ofKeys.map(({ name, keyGroup }) => [name.slice(prefix.length), keyGroup === null ? "one" : "groups"] as const),
  );
}

function settle({ engine }: MachineCapture, isSaved: boolean): void {
  for (const { keys } of engine.job?.operators ?? []) for (const captured of keys) captured.settle(isSaved);
}
