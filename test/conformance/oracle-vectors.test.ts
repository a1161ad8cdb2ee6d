/** The oracle agrees with every match vector: matches, their order, when they come out, and timeouts. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { canonicalJson } from "../../src/core/canonical-json.ts";
import { oracleMatches } from "../support/oracle/oracle.ts";
import type { Vector } from "../support/oracle/vector.ts";
import { eventsOf, patternOf } from "../support/oracle/vector.ts";

const VECTORS = new URL("../vectors/match/", import.meta.url);

function check(vector: Vector): void {
  const { matches, timeouts } = oracleMatches(patternOf(vector.pattern), eventsOf(vector));
  const emitted = matches.map(({ match, emittedAt }) => ({ match, emittedAt }));
  expect(emitted).toEqual(vector.expected.map((match, i) => ({ match, emittedAt: vector.emittedAt[i] })));
  expect(asSet(vector.timeouts === undefined ? [] : timeouts)).toEqual(asSet(vector.timeouts ?? []));
}

function asSet(timeouts: NonNullable<Vector["timeouts"]>): Set<string> {
  return new Set(timeouts.map(({ match, ts }) => canonicalJson({ match, ts })));
}

for (const folder of readdirSync(VECTORS)) {
  for (const file of readdirSync(new URL(`${folder}/`, VECTORS)).filter((name) => name.endsWith(".json"))) {
    const vectors = JSON.parse(readFileSync(new URL(`${folder}/${file}`, VECTORS), "utf8")) as Vector[];
    describe(`${folder}/${file}`, () => {
      test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => check(vector));
    });
  }
}
