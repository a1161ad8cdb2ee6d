/** The bundled rules find what their cases say, and leave the rest alone. */

import { describe, expect, test } from "@jest/globals";

import { parseRules } from "../../src/index.ts";
import { exists, filesUnder, read } from "../support/project.ts";
import { caseTime, play, readCases } from "./cases.ts";
import { formatTime } from "../../src/core/time.ts";

const ruleFiles = filesUnder("rules", ".rule");
const casesOf = (file: string): string => file.replace(/\.rule$/, ".cases.json");

describe.each(ruleFiles)("%s", (file) => {
  const source = read(file);
  const cases = readCases(casesOf(file));

  test("is accepted without a word", () => {
    expect(parseRules(source).diagnostics).toEqual([]);
  });

  test("says what it finds and names no destination", () => {
    for (const rule of parseRules(source).rules) {
      expect(rule).toMatchObject({ title: expect.any(String), description: expect.any(String), deliver: [] });
    }
  });

  test.each(cases.cases)("$name", (one) => {
    const { sent, held, late } = play(source, cases, one);
    expect(sent).toMatchObject(one.alerts.map(({ at, ...told }) => ({ at: formatTime(caseTime(at)), ...told })));
    expect({ held, late }).toEqual({ held: one.held ?? 0, late: one.late ?? 0 });
  });
});

describe("the bundled rules together", () => {
  test("every rule has cases, and all cases a rule", () => {
    expect(ruleFiles.filter((file) => !exists(casesOf(file)))).toEqual([]);
    expect(filesUnder("rules", ".cases.json")).toEqual(ruleFiles.map(casesOf));
  });

  test("a stream that several files declare is the same text in each", () => {
    const texts = new Map<string, Set<string>>();
    for (const { name, source } of ruleFiles.flatMap((file) => parseRules(read(file)).streams)) {
      texts.set(name, (texts.get(name) ?? new Set()).add(source));
    }
    expect([...texts].filter(([, sources]) => sources.size > 1).map(([name]) => name)).toEqual([]);
  });
});

test("the rule that the README begins with is accepted", () => {
  const [, rule] = /^```\n(rule [^]*?)^```$/m.exec(read("README.md")) ?? [];
  expect(parseRules(rule ?? "").rules).toHaveLength(1);
});
