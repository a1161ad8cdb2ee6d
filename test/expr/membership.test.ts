/** `in` and `not in`: arrays, networks, named lists (S8.5). */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, parse, run } from "./evaluate.ts";

const data = {
  country: "FR",
  code: 7,
  admin: true,
  home: { city: "Paris" },
  tags: ["vip", "new"],
  mixed: ["a", null, 7],
  empty: [],
  homes: [{ city: "Rome" }, { city: "Paris" }],
};

describe("in an array", () => {
  test.each<[source: string, expected: Value]>([
    ["country in ['FR', 'DE']", true],
    ["country in ['IT', 'DE']", false],
    ["country not in ['IT', 'DE']", true],
    ["country not in ['FR', 'DE']", false],
    ["code in [1, 7]", true],
    ["code in [-7]", false],
    ["-code in [-7]", true],
    ["1h in [1h, 2h]", true],
    ["admin in [true]", true],
    ["code in ['7', 7]", true],
    ["country in [event.country, 'x']", true],
    ["'vip' in tags", true],
    ["'old' in tags", false],
    ["'old' not in tags", true],
    ["home in homes", true],
    ["code in mixed", true],
    ["'b' in mixed", false],
    ["tags in [tags]", true],
    ["country in split('FR,DE', ',')", true],
  ])("%s is %j, and no fault", (source, expected) => {
    expect(run(parse(source), { data })).toEqual({ value: expected, faults: 0 });
  });
});

describe("null is in nothing, and outside of nothing", () => {
  test.each([
    "nobody in ['a']",
    "nobody not in ['a']",
    "nobody in [null]",
    "nobody in mixed",
    "nobody not in mixed",
    "country in nothing",
    "country not in nothing",
    "nobody in cidr('10.0.0.0/8')",
    "nobody not in cidr('10.0.0.0/8')",
    "nobody in list('risky')",
    "nobody not in list('risky')",
  ])("%s is false, and no fault", (source) => {
    expect(run(parse(source), { data, lists: { risky: ["x"] } })).toEqual({ value: false, faults: 0 });
  });

  test("null in an array is passed over", () => {
    check("country in ['DE', null]", { data }, false);
    check("country not in ['DE', null]", { data }, true);
    check("country in [null, 'FR']", { data }, true);
  });
});

describe("wrong types are counted", () => {
  test.each<[source: string, expected: Value]>([
    ["code in ['7', 'x']", false],
    ["code not in ['7', 'x']", true],
    ["home in ['a']", false],
    ["code in tags", false],
    ["code not in tags", true],
    ["country in code", false],
    ["country not in code", false],
    ["country in country", false],
    ["code in cidr('10.0.0.0/8')", false],
    ["code not in cidr('10.0.0.0/8')", false],
    ["country in cidr('10.0.0.0/8')", false],
    ["country not in cidr('10.0.0.0/8')", false],
  ])("%s is %j", (source, expected) => {
    expect(run(parse(source), { data })).toEqual({ value: expected, faults: 1 });
  });

  test("an empty array has no types", () => {
    expect(run(parse("code in empty"), { data })).toEqual({ value: false, faults: 0 });
    expect(run(parse("code not in empty"), { data })).toEqual({ value: true, faults: 0 });
  });
});

describe("in cidr(...)", () => {
  test.each<[ip: string, networks: string, expected: boolean]>([
    ["10.1.2.3", "'10.0.0.0/8'", true],
    ["11.1.2.3", "'10.0.0.0/8'", false],
    ["10.1.2.3", "'10.1.2.3/32'", true],
    ["10.1.2.4", "'10.1.2.3/32'", false],
    ["10.1.2.3", "'0.0.0.0/0'", true],
    ["192.168.7.9", "'10.0.0.0/8', '192.168.0.0/16'", true],
    ["192.169.7.9", "'10.0.0.0/8', '192.168.0.0/16'", false],
    ["2001:db8::1", "'2001:db8::/32'", true],
    ["2001:DB8:0:0::1", "'2001:db8::/32'", true],
    ["2001:db9::1", "'2001:db8::/32'", false],
    ["fe80::1%eth0", "'fe80::/10'", true],
    ["::1", "'::/0'", true],
    ["10.1.2.3", "'::/0'", false],
    ["::1", "'0.0.0.0/0'", false],
    ["::ffff:10.1.2.3", "'10.0.0.0/8'", true],
    ["10.1.2.3", "'::ffff:10.0.0.0/104'", true],
    ["10.1.2.3", "'10.9.9.9/8'", true],
  ])("%s in cidr(%s) is %j", (ip, networks, expected) => {
    check(`ip in cidr(${networks})`, { data: { ip } }, expected);
    check(`ip not in cidr(${networks})`, { data: { ip } }, !expected);
  });

  test.each([
    "",
    "10.1.2",
    "10.1.2.3.4",
    "010.1.2.3",
    "10.1.2.256",
    "0x0a010203",
    "167838211",
    " 10.1.2.3",
    "1::2::3",
    "localhost",
    "10.0.0.0/8",
  ])("%j is no address", (ip) => {
    expect(run(parse("ip in cidr('0.0.0.0/0', '::/0')"), { data: { ip } })).toEqual({ value: false, faults: 1 });
  });
});

describe("in list(...)", () => {
  const lists = { risky: ["KP", 7], none: [] };

  test.each<[source: string, expected: Value]>([
    ["'KP' in list('risky')", true],
    ["country in list('risky')", false],
    ["country not in list('risky')", true],
    ["code in list('risky')", true],
    ["country in list('none')", false],
    ["country in list('unknown')", false],
  ])("%s is %j", (source, expected) => check(source, { data, lists }, expected));

  test("`list` of a stage is an aggregate", () => {
    check("country in list(a.country)", { data, matched: [["a", { country: "FR" }]] }, true);
    check("country in list(a.country)", { data, stages: ["a"] }, false);
  });
});
