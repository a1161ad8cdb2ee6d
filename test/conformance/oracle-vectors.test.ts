/** The oracle agrees with every match vector: matches, their order, when they come out, and timeouts. */

import { describe, expect, test } from "@jest/globals";
import { canonicalJson } from "../../src/core/canonical-json.ts";
import { oracleMatches } from "../support/oracle/oracle.ts";
import type { Vector } from "../support/oracle/vector.ts";
import { eventsOf, patternOf } from "../support/oracle/vector.ts";
import { filesUnder, read } from "../support/project.ts";

function check(vector: Vector): void {
  const { matches, timeouts } = oracleMatches(patternOf(vector.pattern), eventsOf(vector));
  const emitted = matches.map(({ match, emittedAt }) => ({ match, emittedAt }));
  expect(emitted).toEqual(vector.expected.map((match, i) => ({ match, emittedAt: vector.emittedAt[i] })));
  expect(asSet(vector.timeouts === undefined ? [] : timeouts)).toEqual(asSet(vector.timeouts ?? []));
}

function asSet(timeouts: NonNullable<Vector["timeouts"]>): Set<string> {
  return new Set(timeouts.map(({ match, ts }) => canonicalJson({ match, ts })));
}

describe.each(filesUnder("test/vectors/match", ".json"))("%s", (file) => {
  const vectors = JSON.parse(read(file)) as Vector[];
  test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => check(vector));
});
