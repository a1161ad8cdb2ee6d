/** Functions of any value (S8.9, S8.10). */

import { createHash } from "node:crypto";

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, evaluate, parse, run } from "./evaluate.ts";

const data = { user: "ann", n: 0, no: false, yes: true, list: [1], object: { b: 1, a: 2 }, empty: null };

describe("coalesce, if, exists, type", () => {
  test.each<[source: string, expected: Value]>([
    ["coalesce(missing, empty, user, n)", "ann"],
    ["coalesce(n, user)", 0],
    ["coalesce(no, yes)", false],
    ["coalesce(missing)", null],
    ["if(yes, 'a', 'b')", "a"],
    ["if(no, 'a', 'b')", "b"],
    ["if(missing, 'a', 'b')", "b"],
    ["if(user == 'ann', n, missing)", 0],
    ["exists(user)", true],
    ["exists(n)", true],
    ["exists(no)", true],
    ["exists(empty)", false],
    ["exists(missing.deep)", false],
    ["type(user)", "string"],
    ["type(n)", "number"],
    ["type(no)", "boolean"],
    ["type(list)", "array"],
    ["type(object)", "object"],
    ["type(event)", "object"],
    ["type(missing)", "null"],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));

  test("only the branch that is taken is looked at", () => {
    expect(run(parse("if(yes, 1, user < 5)"), { data })).toEqual({ value: 1, faults: 0 });
    expect(run(parse("if(no, user < 5, 1)"), { data })).toEqual({ value: 1, faults: 0 });
    expect(run(parse("coalesce(1, user < 5)"), { data })).toEqual({ value: 1, faults: 0 });
  });
});

describe("hash", () => {
  /** As the documentation tells it, so that anybody can work it out. */
  function documented(canonical: string): number {
    return Number.parseInt(createHash("sha256").update(canonical).digest("hex").slice(0, 13), 16);
  }

  test.each<[source: string, canonical: string]>([
    ["hash(user)", '"ann"'],
    ["hash(n)", "0"],
    ["hash(-n)", "0"],
    ["hash(object)", '{"a":2,"b":1}'],
    ["hash(list)", "[1]"],
    ["hash('1')", '"1"'],
  ])("%s is of %s", (source, canonical) => check(source, { data }, documented(canonical)));

  test("is the same in every version", () => {
    check("hash('ann')", {}, 3_637_701_028_115_182);
    check("hash(missing)", {}, null);
  });

  test("divides evenly", () => {
    const sampled = Array.from({ length: 1000 }, (_, i) => evaluate("hash(i) % 10 == 0", { data: { i } }).value);
    const count = sampled.filter((one) => one === true).length;
    expect(count).toBeGreaterThan(70);
    expect(count).toBeLessThan(130);
  });
});

describe("distance_km", () => {
  test.each<[source: string, expected: Value]>([
    ["round(distance_km(48.8566, 2.3522, 51.5074, -0.1278))", 344],
    ["round(distance_km(40.7128, -74.006, 35.6762, 139.6503))", 10852],
    ["distance_km(10, 20, 10, 20)", 0],
    ["round(distance_km(0, 0, 0, 180))", 20015],
    ["round(distance_km(0, 179.5, 0, -179.5))", 111],
    ["round(distance_km(90, 0, -90, 77))", 20015],
    ["distance_km(91, 0, 0, 0)", null],
    ["distance_km(0, 181, 0, 0)", null],
    ["distance_km(0, 0, missing, 0)", null],
    ["distance_km('0', 0, 0, 0)", null],
  ])("%s is %j", (source, expected) => expect(run(parse(source), {}).value).toEqual(expected));
});
