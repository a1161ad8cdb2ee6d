/** Which stages an expression reads. */

import { expect, test } from "@jest/globals";

import { stagesRead } from "../../src/expr/references.ts";
import { parse, scopeOf } from "./evaluate.ts";

test.each<[source: string, stages: readonly string[]]>([
  ["type == 'a' and amount > 5", []],
  ["ip == a.ip", ["a"]],
  ["count(a) > first(b).n", ["a", "b"]],
  ["event.a == 1", []],
  ["x.a == 1", []],
  ["time(event) - time(last(b)) < 5m", ["b"]],
  ['"${a.x} and ${lower(b[0].y)}"', ["a", "b"]],
  ["if(exists(a), 1, -b.n) in [c.x]", ["a", "b", "c"]],
  ["not a.x like 'y*'", ["a"]],
])("%s reads %j", (source, stages) => {
  const scope = scopeOf({ stages: ["a", "b", "c"] });
  const indices = stages.map((stage) => scope.stages.get(stage));
  expect(stagesRead(parse(source), scope)).toEqual(new Set(indices));
});
