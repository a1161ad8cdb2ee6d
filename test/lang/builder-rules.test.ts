/** What Flink's pattern builder and compiler were seen to accept and to refuse, call by call, and what is said of it here. */

import { expect, test } from "@jest/globals";

import { checkFile } from "../../src/lang/check.ts";
import { parseFile } from "../../src/lang/parse.ts";
import { read } from "../support/project.ts";

interface BuilderRule {
  readonly id: string;
  readonly pattern: string;
  readonly flink: "accepted" | "refused";
  readonly codes: readonly string[];
  /** Where Flink decides otherwise. */
  readonly why?: string;
}

const rules = JSON.parse(read("test/vectors/parse/builder-rules.json")) as BuilderRule[];

function errorsIn(pattern: string): string[] {
  const source = `rule r { from s pattern { ${pattern} } }`;
  const parsed = parseFile(source);
  const all = parsed.file === null ? parsed.diagnostics : checkFile(parsed.file, source).diagnostics;
  return [...new Set(all.filter(({ severity }) => severity === "error").map(({ code }) => code))];
}

test.each(rules)("$id: $pattern", ({ pattern, flink, codes, why }) => {
  expect(errorsIn(pattern)).toEqual(codes);
  const isRefused = codes.length > 0;
  expect(why === undefined).toBe(isRefused === (flink === "refused"));
});
