/** What must hold has a number in SEMANTICS.md (`S3.2`), and is kept by examples that are run, or by a test that cites it. */

import { describe, expect, test } from "@jest/globals";

import { examplesOf } from "../semantics/example.ts";
import { filesUnder, read } from "../support/project.ts";

const CITATION = /\bS\d+\.\d+\b/g;
/** A paragraph or list entry that opens with its number: `**S3.2** ...`, `- S3.2 ...`, `### S3.2 ...`. */
const DEFINITION = /^(?:[-*]\s+|#+\s+)?(?:\*\*)?(S\d+\.\d+)\b/gm;

const SELF = "test/tidy/semantics.test.ts";

function citedIn(files: readonly string[]): Map<string, string> {
  return new Map(
    files
      .filter((file) => file !== SELF)
      .flatMap((file) => (read(file).match(CITATION) ?? []).map((number) => [number, file] as const)),
  );
}

function paragraphs(): string[] {
  return [...read("SEMANTICS.md").matchAll(DEFINITION)].map((match) => match[1]!);
}

describe("SEMANTICS.md", () => {
  test("has numbered paragraphs, each number once", () => {
    const numbers = paragraphs();
    expect(numbers).not.toEqual([]);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });

  test("every paragraph has an example, or is cited by a test", () => {
    const cited = citedIn(filesUnder("test", ".ts", ".json", ".txt"));
    const shown = new Set(examplesOf("SEMANTICS.md").map(({ number }) => number));
    expect(paragraphs().filter((number) => !shown.has(number) && !cited.has(number))).toEqual([]);
  });

  test("every number cited exists", () => {
    const numbers = new Set(paragraphs());
    const cited = citedIn([...filesUnder("src", ".ts"), ...filesUnder("test", ".ts", ".json", ".txt")]);
    expect([...cited].filter(([number]) => !numbers.has(number))).toEqual([]);
  });
});
