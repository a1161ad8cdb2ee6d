/**
 * What is wrong with an expression, where, and what to do: the cases are texts, underlined as the command line does it
 * (S8.14).
 */

import { readFileSync } from "node:fs";

import { describe, expect, test } from "@jest/globals";

import { limits } from "../../src/core/limits.ts";
import type { Position } from "../../src/expr/checker.ts";
import { EXPRESSION_CODES } from "../../src/expr/diagnostic-codes.ts";
import { typecheck } from "../../src/expr/typecheck.ts";
import type { Scope } from "../../src/expr/types.ts";
import { firingScope, windowEventScope } from "../../src/expr/window-scope.ts";
import { type Given, parse, parseWhere, scopeOf } from "./evaluate.ts";

const vectors = readFileSync(new URL("../vectors/expr/diagnostics.txt", import.meta.url), "utf8");

/** Where the expression starts on its line: behind the position's name. */
const MARGIN = 8;

interface Case {
  readonly position: Position;
  readonly source: string;
  readonly given: Given;
  /** What a window rule's key is made of; null: no window rule. */
  readonly keys: readonly string[] | null;
  readonly expected: string;
}

function casesOf(text: string): readonly Case[] {
  const given: { schema?: string; stages?: readonly string[] } = {};
  let keys: readonly string[] | null = null;
  const cases: Case[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
    const [first, ...expected] = lines;
    if (first === undefined) continue;
    const word = first.slice(0, MARGIN).trim();
    const rest = first.slice(MARGIN);
    if (word === "stages") given.stages = rest.split(" ");
    else if (word === "window") keys = rest === "none" ? null : rest.split("; ");
    else if (word !== "schema")
      cases.push({
        position: word as Position,
        source: rest,
        given: { ...given },
        keys,
        expected: expected.join("\n"),
      });
    else if (rest === "none") delete given.schema;
    else given.schema = rest;
  }
  return cases;
}

/** In a window rule, some clauses look at one event and others at the window. */
function scopeFor({ position, given, keys }: Case): Scope {
  const { stages, schema } = scopeOf(given);
  if (keys === null) return { stages, schema };
  return position === "from" || position === "key"
    ? windowEventScope(schema)
    : firingScope({ keyBy: keys.map(parseWhere), schema });
}

function underlined(one: Case): string {
  const { position, source } = one;
  const expr = position === "emit" ? parse(source) : parseWhere(source);
  return typecheck(expr, scopeFor(one), { position })
    .map(({ code, column, endColumn, message, hint }) => {
      const underline = " ".repeat(MARGIN + column - 1) + "^".repeat(endColumn - column);
      return `${underline} ${code} ${message}${hint === undefined ? "" : `; ${hint}`}`;
    })
    .join("\n");
}

const cases = casesOf(vectors);

describe("diagnostics", () => {
  test.each(cases.map((one) => [one.position, one.source, one] as const))("%s %s", (_position, _source, one) => {
    expect(underlined(one)).toBe(one.expected);
  });

  test("every code has a case", () => {
    const seen = new Set(vectors.match(/\b[EW]3\d\d\b/g));
    // A template outside `emit` cannot be written; a path has its own suite.
    const elsewhere = new Set(["E313", "E320"]);
    expect(Object.keys(EXPRESSION_CODES).filter((code) => !seen.has(code) && !elsewhere.has(code))).toEqual([]);
  });

  test("a template that stands outside of `emit` all the same is refused", () => {
    const codes = typecheck(parse('"${user}" == "ann"'), scopeOf({}), { position: "where" }).map(({ code }) => code);
    expect(codes).toEqual(["E313"]);
  });

  test("a pattern has a limit", () => {
    const pattern = "a".repeat(limits.patternCharsMax + 1);
    for (const operator of ["like", "matches"]) {
      const diagnostics = typecheck(parse(`user ${operator} "${pattern}"`), scopeOf({}), { position: "where" });
      expect(diagnostics.map(({ code }) => code)).toEqual(["E310"]);
    }
  });

  test("what the clause expects can be said", () => {
    const codesOf = (expects: "boolean" | "scalar" | "any") =>
      typecheck(parse("tags"), scopeOf({ schema: "tags: string[]" }), { position: "stream", expects }).map(
        ({ code }) => code,
      );
    expect(codesOf("boolean")).toEqual(["E306"]);
    expect(codesOf("scalar")).toEqual(["E321"]);
    expect(codesOf("any")).toEqual([]);
  });
});
