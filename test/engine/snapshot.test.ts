/** A snapshot is everything the engine has become (S9.8): cut at any moment, through JSON, a run goes on as if nothing had been. */

import { describe, expect, test } from "@jest/globals";
import { createEngine, UserError, type EngineSnapshot, type Output, type TriplineEngine } from "../../src/index.ts";
import { perform, randomLog, type Act } from "../support/random-log.ts";
import { filesUnder, read } from "../support/project.ts";
import { toRule, type Vector } from "../vectors/match/to-rule.mjs";

/** Another engine, made from what this one has become. The rules are in the snapshot. */
function again(engine: TriplineEngine): TriplineEngine {
  return createEngine({ rules: "", snapshot: JSON.parse(JSON.stringify(engine.snapshot())) as EngineSnapshot });
}

/** Goes through all steps twice, once whole and once cut after each; what comes out must be the same, ids and order. */
function checkCuts(engine: TriplineEngine, steps: readonly ((engine: TriplineEngine) => Output[])[]): void {
  let cut = again(engine);
  const pairs = steps.map((step) => {
    const outputs = [step(engine), step(cut)];
    cut = again(cut);
    return outputs;
  });
  expect(pairs.map(([, other]) => other)).toEqual(pairs.map(([whole]) => whole));
  expect(cut.snapshot()).toEqual(engine.snapshot());
}

describe.each(filesUnder("test/vectors/match", ".json"))("%s", (file) => {
  const vectors = JSON.parse(read(file)) as Vector[];
  test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const { source, events } = toRule(vector);
    checkCuts(createEngine({ rules: source }), [
      ...events.map((event) => (engine: TriplineEngine) => engine.push("s", event)),
      (engine) => engine.watermark("s", "end"),
    ]);
  });
});

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);

describe("rules, versions, lists, identities, suppression, partitions and ended streams, cut after each record", () => {
  test.each(Array.from({ length: 12 }, (_, i) => SEED + i))("seed %d", (seed) => {
    const acts = randomLog(seed, 80);
    checkCuts(
      createEngine({ rules: "" }),
      acts.map((act) => (engine: TriplineEngine) => perform(engine, act)),
    );
  });
});

interface SnapshotVector {
  readonly note: string;
  readonly snapshot: EngineSnapshot;
  readonly then: readonly Act[];
  readonly outputs: readonly (readonly Output[])[];
}

// The vectors of a format are added to, and never edited: what was written once stays readable.
describe("a snapshot written by an earlier version is read", () => {
  test.each(filesUnder("test/vectors/snapshots", ".json"))("%s", (file) => {
    const { snapshot, then, outputs } = JSON.parse(read(file)) as SnapshotVector;
    const engine = createEngine({ rules: "", snapshot });
    expect(then.map((act) => perform(engine, act))).toEqual(outputs);
  });
});

describe("a snapshot", () => {
  test("may hold more rules than one file", () => {
    const engine = createEngine({ rules: "stream s { time at }" });
    for (let i = 0; i < 40; i++) {
      const title = "t".repeat(30_000);
      const source = `rule r${i} "${title}" { from s  pattern { begin a where i == ${i} } }`;
      engine.apply({ kind: "rules", offset: i, source });
    }
    expect(again(engine).push("s", { at: 1, i: 39 })).toMatchObject([{ alert: { rule: "r39" } }]);
  });

  test("goes on under rules that are put on top, as a change", () => {
    const rule = "rule r { from s pattern { begin a where x == 1  followedBy b where x == 2 } }";
    const engine = createEngine({ rules: `stream s { time at } ${rule}` });
    engine.push("s", { at: 1, x: 1 });
    const rules = `${rule.replace("from", "severity high  from")} rule q { from s pattern { begin b where x == 2 } }`;
    const changed = createEngine({ rules, snapshot: engine.snapshot() });
    expect(changed.push("s", { at: 2, x: 2 })).toMatchObject([
      { alert: { rule: "q", version: 1 } },
      { alert: { rule: "r", version: 2, severity: "high", events: { a: [{ offset: 0 }] } } },
    ]);
  });

  test.each([undefined, 0, 3, "1", null])("of format %j is refused", (format) => {
    const { format: _, ...rest } = createEngine({ rules: "" }).snapshot();
    const snapshot = { ...rest, ...(format === undefined ? {} : { format }) } as unknown as EngineSnapshot;
    const reading = (): unknown => createEngine({ rules: "", snapshot });
    expect(reading).toThrow(UserError);
    expect(reading).toThrow(`expected a snapshot of format 1 or 2, found ${JSON.stringify(format) ?? "none"}`);
  });
});
