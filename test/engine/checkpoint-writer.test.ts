/** Checkpoints of what has changed: put together again they are what there was at their barrier, whatever came meanwhile. */

import { describe, expect, test } from "@jest/globals";
import { snapshotOf } from "../../src/engine/checkpoint/checkpoint-parts.ts";
import type { CheckpointPart } from "../../src/engine/checkpoint/checkpoint-port.ts";
import { CheckpointWriter } from "../../src/engine/checkpoint/checkpoint-writer.ts";
import type { Machine } from "../../src/engine/checkpoint/machine.ts";
import { newMachine } from "../../src/engine/checkpoint/recovery.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import type { Output } from "../../src/engine/output.ts";
import type { EngineSnapshot } from "../../src/engine/checkpoint/snapshot.ts";
import { Random } from "../support/oracle/random.ts";
import { filesUnder, read } from "../support/project.ts";
import { randomLog, type Act } from "../support/random-log.ts";
import { essence } from "../support/snapshot-essence.ts";

/** An engine behind its door, with a log of its own. */
class Run {
  readonly machine: Machine;
  offset: number;

  constructor(machine = newMachine(), offset = 0) {
    this.machine = machine;
    this.offset = offset;
  }

  static of(snapshot: EngineSnapshot): Run {
    const machine = newMachine();
    machine.engine.restore(snapshot);
    for (const { name, door } of snapshot.streams) {
      if (door !== null) machine.door.restore(machine.engine.stream(name)!.definition, door);
    }
    return new Run(machine, snapshot.nextOffset);
  }

  perform(act: Act): Output[] {
    const { engine, door } = this.machine;
    if (act.kind === "log") return engine.apply({ ...act.record, offset: this.offset++ } as LogRecord);
    const { definition } = engine.stream(act.stream)!;
    const at = act.event["at"] as number;
    const admission = door.admit(definition, act.event, { at, partition: act.partition, offset: this.offset });
    if (admission.kind !== "accepted") return [];
    this.offset++;
    door.applied(admission.record);
    return engine.apply(admission.record);
  }

  snapshot(): EngineSnapshot {
    const { engine, door } = this.machine;
    return engine.snapshot(this.offset, (stream) => door.snapshot(stream));
  }
}

/** Chunks by id, as a store keeps them. */
class Chunks {
  readonly #bodies = new Map<string, Uint8Array>();

  keep(chunks: readonly { readonly id: string; readonly body: Uint8Array }[]): void {
    for (const { id, body } of chunks) this.#bodies.set(id, body);
  }

  read(offset: number, parts: readonly CheckpointPart[]): EngineSnapshot {
    return snapshotOf(
      offset,
      parts.map((part) => ({ part, bodies: part.chunks.map(({ id }) => this.#bodies.get(id)!) })),
    );
  }
}

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);

describe.each([
  ["in one part", { keysInOnePartMax: 1000, keysInGroupsMin: 1000, changesKept: 4, keysAtOnce: 1 }],
  ["by key group", { keysInOnePartMax: 0, keysInGroupsMin: 0, changesKept: 2, keysAtOnce: 1 }],
  ["now so, now so", { keysInOnePartMax: 2, keysInGroupsMin: 1, changesKept: 3, keysAtOnce: 2 }],
])("keys %s", (_, sizes) => {
  test.each(Array.from({ length: 12 }, (__, i) => SEED + i))("seed %d", async (seed) => {
    const random = new Random(seed);
    const chunks = new Chunks();
    let run = new Run();
    let writer = new CheckpointWriter(run.machine, [], sizes);
    const acts = [...randomLog(seed, 250)];
    const told = acts.splice(0, 2).flatMap((act) => run.perform(act));
    const calm = new Run();
    const expected = randomLog(seed, 250).flatMap((act) => calm.perform(act));
    const performSome = (most: number): void => {
      for (const act of acts.splice(0, random.between(0, most))) told.push(...run.perform(act));
    };
    while (acts.length > 0) {
      performSome(3);
      const then = run.snapshot();
      const before = told.length;
      const rest = [...acts];
      const capture = writer.capture();
      const encoded = await writer.encode(capture, async () => performSome(1));
      if (random.chance(0.2)) {
        writer.failed(capture); // its chunks may be there, or not
        continue;
      }
      chunks.keep(encoded.chunks);
      writer.saved(capture, encoded);
      const snapshot = chunks.read(then.nextOffset, encoded.parts);
      expect(essence(snapshot)).toEqual(essence(then));
      if (random.chance(0.5)) continue;
      told.length = before;
      acts.splice(0, acts.length, ...rest);
      run = Run.of(snapshot);
      writer = new CheckpointWriter(run.machine, encoded.parts, sizes);
    }
    expect(told).toEqual(expected);
  });
});

interface PartsVector {
  readonly note: string;
  readonly offset: number;
  readonly parts: readonly {
    readonly name: string;
    readonly keyGroup: number | null;
    readonly chunks: readonly string[];
  }[];
  readonly then: readonly Act[];
  readonly outputs: readonly (readonly Output[])[];
}

// The vectors of a format are added to, and never edited: what was written once stays readable.
describe("parts written by an earlier version are read", () => {
  test.each(filesUnder("test/vectors/checkpoints", ".json"))("%s", (file) => {
    const { offset, parts, then, outputs } = JSON.parse(read(file)) as PartsVector;
    const snapshot = snapshotOf(
      offset,
      parts.map(({ chunks, ...part }) => ({
        part: { ...part, chunks: [] },
        bodies: chunks.map((text) => Buffer.from(text)),
      })),
    );
    const run = Run.of(snapshot);
    expect(then.map((act) => run.perform(act))).toEqual(outputs);
  });
});
