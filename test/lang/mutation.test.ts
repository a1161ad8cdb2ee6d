/**
 * Texts that were rules once: pieces of them are dropped, doubled, swapped, exchanged for others. Whatever comes out has
 * diagnostics or exactly one tree (more than one reading fails an assertion), and what has a tree can be formatted.
 * SOAK=100000 runs so many; the seed is printed by a failure and taken from SEED.
 */

import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { checkFile } from "../../src/lang/check.ts";
import { formatSource } from "../../src/lang/format.ts";
import { parseFile, readSource } from "../../src/lang/parse.ts";
import { printFile } from "../../src/lang/print.ts";
import { renderDiagnostic } from "../../src/lang/render.ts";
import { filesUnder, read } from "../support/project.ts";
import { expectSameTree, ruleFile } from "../support/rule-trees.ts";

const { SOAK, SEED } = process.env;
const RUNS = SOAK === undefined ? 2000 : Number(SOAK);

/** Words, numbers, signs, and the space between them. */
const PIECE = /\s+|[A-Za-z_]\w*|[0-9]\w*|"|'|\$\{|[^]/g;

const rules = filesUnder("rules", ".rule").map(read);
const seeds = fc.oneof(fc.constantFrom(...rules), ruleFile.map(printFile));
const words =
  "rule stream pattern emit window begin next followedBy where times optional greedy until gap within skip and or not in " +
  "tumbling sliding every offset session count global allow lateness trigger onEvent events purging evict keep last having " +
  "like matches true null from key by on timeout suppress deliver schema time x ( ) { } [ ] , . : = == < + - * ? ${ } \\ # $ " +
  '" \' "a" "a"i \'b\' 1 0 1.5 10m 1x é \u0000 \ud800';
const pieces = [...words.split(" "), "\n", " "];

const edit = fc.record({
  kind: fc.constantFrom("drop", "double", "swap", "put"),
  at: fc.nat(),
  to: fc.nat(),
  piece: fc.constantFrom(...pieces),
});

interface Edit {
  readonly kind: string;
  readonly at: number;
  readonly to: number;
  readonly piece: string;
}

function mutated(text: string, edits: readonly Edit[]): string {
  const parts = text.match(PIECE) ?? [];
  for (const { kind, at, to, piece } of edits) {
    const [i, j] = [at % (parts.length + 1), to % (parts.length + 1)];
    const part = parts[i] ?? "";
    if (kind === "drop") parts.splice(i, 1);
    else if (kind === "double") parts.splice(i, 0, part);
    else if (kind === "put") parts.splice(i, 1, piece);
    else [parts[i], parts[j]] = [parts[j] ?? "", part];
  }
  return parts.join("");
}

function expectAnswer(source: string): void {
  const { file, diagnostics } = parseFile(source);
  expect(file === null).toBe(diagnostics.length > 0);
  const checked = file === null ? { diagnostics } : checkFile(file, source);
  for (const diagnostic of checked.diagnostics) {
    expect(renderDiagnostic(diagnostic, { source, fileName: "f.rule" })).toContain("^");
  }
  if (file === null) return;
  const formatted = formatSource(source) as { readonly text: string };
  expectSameTree(parseFile(formatted.text).file, file);
  expect(formatSource(formatted.text)).toEqual(formatted);
  expect(commentsOf(formatted.text)).toEqual(commentsOf(source));
}

function commentsOf(source: string): string[] {
  return readSource(source).comments.map(({ text }) => text);
}

test("a mutated rule has an answer", () => {
  const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(seeds, edits, (text, edits) => expectAnswer(mutated(text, edits))),
    { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  );
}, 3_600_000);
