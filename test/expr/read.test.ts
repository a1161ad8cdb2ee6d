/**
 * Reading paths: fields of the event, of nothing, of events matched before; never what an object only inherits (S8.7).
 */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, parse, run } from "./evaluate.ts";

describe("fields of the event", () => {
  const data = {
    user: { name: "ann", "first name": "Ann", address: { city: "Paris" } },
    items: [{ price: 5 }, { price: 7 }],
    grid: [[1, 2], [3]],
    in: "reserved",
    type: "login",
    empty: null,
    text: "abc",
  };
  test.each<[source: string, expected: Value]>([
    ["type", "login"],
    ["event.type", "login"],
    ['event["in"]', "reserved"],
    ["user.address.city", "Paris"],
    ['user["first name"]', "Ann"],
    ["items[1].price", 7],
    ["grid[0][1]", 2],
    ["event", data],
    ["empty", null],
    ["nothing", null],
    ["nothing.at.all", null],
    ["empty.at.all", null],
    ["user.nothing.at.all", null],
    ["items[2]", null],
    ["items[2].price", null],
    ["items.price", null],
    ['items["0"]', null],
    ["user[0]", null],
    ["text.length", null],
    ["text[0]", null],
    ["items.length", null],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));
});

describe("what is inherited is no field", () => {
  const names = [
    "constructor",
    "__proto__",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "isPrototypeOf",
    "__defineGetter__",
  ];
  const paths = names.flatMap((name) => [
    name,
    `event.${name}`,
    `event["${name}"]`,
    `object.${name}`,
    `object.${name}.name`,
    `list.${name}`,
    `text.${name}`,
    `number.${name}`,
    `a.${name}`,
    `first(a).${name}`,
    `a[0].${name}`,
    `a.object.${name}`,
  ]);
  const fields = { object: {}, list: [1], text: "x", number: 1 };

  test.each(paths)("%s is null", (source) => {
    check(source, { data: fields, matched: [["a", fields]] }, null);
    check(`exists(${source})`, { data: fields, matched: [["a", fields]] }, false);
    check(`${source} == "x"`, { data: fields, matched: [["a", fields]] }, false);
  });

  test.each(["map", "length", "push", "at"])("an array has no field %s", (name) => {
    check(`list.${name}`, { data: fields }, null);
  });

  test.each(names)("%s is a field where the event has one", (name) => {
    const own = JSON.parse(`{"${name}": "mine", "object": {"${name}": "deep"}}`);
    check(name, { data: own }, "mine");
    check(`${name} == "mine"`, { data: own }, true);
    check(`object.${name}`, { data: own }, "deep");
    check(`a.${name}`, { matched: [["a", own]] }, "mine");
  });
});

describe("stages", () => {
  const matched = [
    ["failed", { ip: "1", n: 1 }],
    ["other", { ip: "x" }],
    ["failed", { ip: "2" }],
    ["failed", { ip: "3", n: 3, deep: { f: "here" } }],
  ] as const;
  const given = { data: { ip: "now", failed: "a field", user: "ann" }, matched, stages: ["never"] };

  test.each<[source: string, expected: Value]>([
    ["failed.ip", "3"],
    ["last(failed).ip", "3"],
    ["first(failed).ip", "1"],
    ["failed[0].ip", "1"],
    ["failed[1].ip", "2"],
    ["failed[2].ip", "3"],
    ["failed[3].ip", null],
    ["failed[1].n", null],
    ["failed[0]", { ip: "1", n: 1 }],
    ["first(failed)", { ip: "1", n: 1 }],
    ["last(other)", { ip: "x" }],
    ["failed.deep.f", "here"],
    ["last(failed).deep.f", "here"],
    ["first(failed.ip)", "1"],
    ["last(failed.ip)", "3"],
    ["first(failed.deep).f", null],
    ["failed['ip']", "3"],
    ["never.ip", null],
    ["never[0].ip", null],
    ["first(never)", null],
    ["last(never).ip", null],
    ["exists(failed)", true],
    ["exists(never)", false],
    ["exists(failed[2])", true],
    ["exists(failed[3])", false],
    ["ip == failed.ip", false],
    ["event.failed", "a field"],
    ["event.ip", "now"],
  ])("%s is %j", (source, expected) => check(source, given, expected));

  test("where no stage has the name, it is a field", () => {
    check("failed", { data: { failed: "a field" } }, "a field");
  });
});

describe("a field declared `timestamp`", () => {
  const schema = "at: timestamp?, from: { at: timestamp }?, all: timestamp[]?, text: string?";

  test("is epoch milliseconds wherever it is read", () => {
    const at = "1970-01-01T00:00:01Z";
    check("at", { data: { at }, schema }, 1000);
    check("at + 1s", { data: { at }, schema }, 2000);
    check("from.at", { data: { from: { at } }, schema }, 1000);
    check("all[0]", { data: { all: [at] }, schema }, 1000);
    check("a.at", { matched: [["a", { at }]], schema }, 1000);
    check("max(a.at)", { matched: [["a", { at }]], schema }, 1000);
    check("event.at", { data: { at }, schema }, 1000);
    check("text", { data: { text: at }, schema }, at);
  });

  test("is null where there is none", () => check("at", { schema }, null));
});

test("a path may go into what a call gives", () => {
  check("split(path, '/')[1]", { data: { path: "a/b" } }, "b");
  expect(run(parse("lower(path).x"), { data: { path: "a" } }).value).toBeNull();
});
