/** Every vector of test/vectors/match, through rule text: the same matches, in the same order, at the same moment. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { createEngine, type Alert, type Output } from "../../src/index.ts";
import { toRule, type Vector } from "../vectors/match/to-rule.mjs";

const ROOT = new URL("../vectors/match/", import.meta.url);

interface Emitted {
  readonly stages: Readonly<Record<string, readonly number[]>>;
  /** Index of the event that was being pushed; the number of events for the watermark after the last. */
  readonly during: number;
}

for (const folder of ["flink-tests", "observed"]) {
  for (const file of readdirSync(new URL(`${folder}/`, ROOT))) {
    const vectors = JSON.parse(readFileSync(new URL(`${folder}/${file}`, ROOT), "utf8")) as Vector[];
    describe(`${folder}/${file}`, () => {
      test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => check(vector));
    });
  }
}

function check(vector: Vector): void {
  const { source, events, names } = toRule(vector);
  const engine = createEngine({ rules: source });
  const matches: Emitted[] = [];
  const timeouts: { readonly match: Readonly<Record<string, readonly number[]>>; readonly ts: number }[] = [];
  const collect = (outputs: readonly Output[], during: number): void => {
    for (const output of outputs) {
      if (output.kind !== "alert") continue;
      if (output.alert.kind === "match") matches.push({ stages: stagesOf(output.alert), during });
      else timeouts.push({ match: stagesOf(output.alert), ts: Date.parse(output.alert.at) });
    }
  };
  events.forEach((event, index) => collect(engine.push("s", event), index));
  if (events.length > 0) collect(engine.watermark("s", events.at(-1)!.ts), events.length);

  const renamed = (match: Readonly<Record<string, readonly number[]>>): Readonly<Record<string, readonly number[]>> =>
    Object.fromEntries(Object.entries(match).map(([name, indices]) => [names[name] ?? name, indices]));
  const during = vector.emittedAt.map((moment) =>
    "event" in moment ? moment.event : events.findIndex(({ ts }) => ts >= moment.time),
  );
  expect(matches).toEqual(vector.expected.map((match, i) => ({ stages: renamed(match), during: during[i] })));
  // A vector without timeouts says nothing about them, and its rule has no `on timeout`.
  const timedOut = (vector.timeouts ?? []).map(({ match, ts }) => ({ match: renamed(match), ts }));
  expect(timeouts.map((each) => JSON.stringify(each)).sort()).toEqual(
    timedOut.map((each) => JSON.stringify(each)).sort(),
  );
}

/** The first record of an engine has offset 0, so an event's offset is its index. */
function stagesOf({ events }: Alert): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(Object.entries(events).map(([stage, taken]) => [stage, taken.map(({ offset }) => offset)]));
}
