/** `like` and `matches` (S8.6). */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { compileLike } from "../../src/expr/like.ts";
import { check, parse, run } from "./evaluate.ts";

describe("like", () => {
  test.each<[text: string, pattern: string, expected: boolean]>([
    ["admin", "adm*", true],
    ["adm", "adm*", true],
    ["xadmin", "adm*", false],
    ["admin", "*min", true],
    ["admin", "*dmi*", true],
    ["admin", "*xyz*", false],
    ["admin", "admin", true],
    ["admin", "adm", false],
    ["admin", "a*n", true],
    ["admin", "a*x", false],
    ["admin", "adm?n", true],
    ["adm", "adm?", false],
    ["admin", "?????", true],
    ["admin", "????", false],
    ["admin", "*", true],
    ["", "*", true],
    ["", "", true],
    ["a", "", false],
    ["", "?", false],
    ["aab", "*ab", true],
    ["abab", "*?ab", true],
    ["mississippi", "m*iss*ip*i", true],
    ["mississippi", "m*issx*", false],
    ["a*b", "a*b", true],
    ["a\nb", "a?b", true],
    ["a.b", "a.b", true],
    ["axb", "a.b", false],
    ["👍", "?", true],
    ["👍", "??", false],
    ["a👍b", "a?b", true],
    ["a👍b", "a*?b", true],
    ["👍", "*👍", true],
  ])("%j like %j is %j", (text, pattern, expected) => {
    check(`text like ${JSON.stringify(pattern)}`, { data: { text } }, expected);
    check(`text not like ${JSON.stringify(pattern)}`, { data: { text } }, !expected);
  });

  test.each<[text: string, pattern: string, expected: boolean]>([
    ["ADMIN", "adm*", true],
    ["admin", "ADM*", true],
    ["Été", "éTÉ", true],
    ["ΟΔΟΣ", "*οσ", true],
    ["ΣΑΣ", "σας", false],
    ["İ", "?", true],
    ["ADMIN", "adm?n", true],
  ])("%j like %j ignoring case is %j", (text, pattern, expected) => {
    check(`text like ${JSON.stringify(pattern)}i`, { data: { text } }, expected);
  });

  test("with case, case counts", () => check("text like 'ADM*'", { data: { text: "admin" } }, false));

  /** Tries every length for every `*`: obviously right, and exponential. */
  function naive(pattern: readonly string[], text: readonly string[]): boolean {
    const [first, ...rest] = pattern;
    if (first === undefined) return text.length === 0;
    if (first === "*") return text.some((_, i) => naive(rest, text.slice(i))) || naive(rest, []);
    return text.length > 0 && (first === "?" || first === text[0]) && naive(rest, text.slice(1));
  }

  test("is what trying everything says", () => {
    const patterns = fc.array(fc.constantFrom("a", "b", "*", "?", "👍"), { maxLength: 7 });
    const texts = fc.array(fc.constantFrom("a", "b", "👍"), { maxLength: 8 });
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(compileLike(pattern.join(""), false)(text.join(""))).toBe(naive(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  test("a pattern made to backtrack does not", () => {
    const like = compileLike("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", false);
    expect(like("a".repeat(100_000))).toBe(false);
  });
});

describe("matches", () => {
  test.each<[text: string, regex: string, expected: boolean]>([
    ["curl/8.1", "^curl", true],
    ["libcurl", "^curl", false],
    ["libcurl", "curl", true],
    ["curl", "^(?:curl|wget)$", true],
    ["curls", "^(?:curl|wget)$", false],
    ["a1b", "\\\\d", true],
    ["ab", "\\\\d", false],
    ["👍", "^.$", true],
    ["a\nb", "a.b", false],
    ["a\nb", "(?s)a.b", true],
    ["", "^$", true],
    ["Ünïcode", "\\\\p{Lu}", true],
  ])("%j matches %j is %j", (text, regex, expected) => {
    check(`text matches "${regex}"`, { data: { text } }, expected);
    check(`text not matches "${regex}"`, { data: { text } }, !expected);
  });

  test("ignoring case", () => {
    check("text matches '^CURL'i", { data: { text: "curl" } }, true);
    check("text matches '^CURL'", { data: { text: "curl" } }, false);
  });

  test.each(["^(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*a){12}b"])("%s, over text made to backtrack, answers", (regex) => {
    check(`text matches '${regex}'`, { data: { text: `${"a".repeat(20_000)}!` } }, false);
  });
});

describe.each(["like 'a*'", "not like 'a*'", "matches 'a'", "not matches 'a'"])("%s", (operation) => {
  test("of null is false, and no fault", () => {
    expect(run(parse(`nothing ${operation}`), {})).toEqual({ value: false, faults: 0 });
  });

  test.each([5, true, ["a"], { a: 1 }])("of %j is false, and counted", (value) => {
    expect(run(parse(`x ${operation}`), { data: { x: value } })).toEqual({ value: false, faults: 1 });
  });
});
