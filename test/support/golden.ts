/**
 * Golden files: cases in text, each an input, a line `---`, and what came of it; `====` stands between them.
 * `UPDATE_GOLDEN=1` writes what comes of them now, to be read in the diff. `{{3 × a}}` in an input stands for `aaa`.
 */

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { root } from "./project.ts";

export interface GoldenCase {
  readonly input: string;
  readonly expected: string;
}

const BETWEEN = "\n====\n";
const BEFORE_OUTPUT = "\n---\n";

export function readGolden(file: string, actual: (input: string) => string): GoldenCase[] {
  const where = path.join(root, file);
  const cases = readFileSync(where, "utf8")
    .replace(/\n$/, "")
    .split(BETWEEN)
    .map((text) => {
      const [input, expected = ""] = text.split(BEFORE_OUTPUT);
      return { input: input!, expected };
    });
  if (process.env["UPDATE_GOLDEN"] === undefined) return cases;
  const updated = cases.map(({ input }) => ({ input, expected: actual(input) }));
  const texts = updated.map(({ input, expected }) => `${input}${BEFORE_OUTPUT}${expected}`);
  writeFileSync(where, `${texts.join(BETWEEN)}\n`);
  return updated;
}

export function expanded(input: string): string {
  return input.replace(/\{\{(\d+) × ([^]*?)\}\}/g, (_, count: string, text: string) => text.repeat(Number(count)));
}
