/** The house style, as far as a machine can tell. Each check lists the places that break it, so that a failure reads as a to-do list. */

import { describe, expect, test } from "@jest/globals";

import { exists, filesUnder, read } from "../support/project.ts";
import { sourceFacts } from "../support/source-tree.ts";

const LINES_MAX = 400;

const sources = filesUnder("src", ".ts");
const code = [
  ...sources,
  ...["test", "bench", "scripts", "bin"].flatMap((folder) => filesUnder(folder, ".ts", ".mjs")),
];
const prose = [
  ...filesUnder("rules", ".rule", ".json", ".md"),
  ...filesUnder("examples", ".md", ".mjs"),
  ...["README.md", "ARCHITECTURE.md", "SEMANTICS.md", "CHANGELOG.md", "CONTRIBUTING.md"].filter(exists),
];

/** Places where a file breaks a rule, as `file:line: text`. */
function found(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe("house style", () => {
  test(`no file is longer than ${LINES_MAX} lines`, () => {
    const long = code.map((file) => ({ file, lines: read(file).split("\n").length - 1 }));
    expect(long.filter(({ lines }) => lines > LINES_MAX)).toEqual([]);
  });

  test("every source file opens by saying what it is", () => {
    expect(sources.filter((file) => !read(file).startsWith("/**"))).toEqual([]);
  });

  // The words are put together here, so that this file does not find itself.
  test("no loose ends", () => {
    const words = ["TO" + "DO", "FIX" + "ME", "X" + "XX"];
    expect(found([...code, ...prose], new RegExp(`\\b(?:${words.join("|")})\\b`))).toEqual([]);
  });

  test("no test sleeps or stands alone", () => {
    expect(
      found(code, /\b(?:test|it|describe)(?:\.each)?\.(?:skip|only|todo)\b|\b(?:xtest|xit|fit|fdescribe)\(/),
    ).toEqual([]);
  });

  test("the compiler is never told to look away", () => {
    expect(found(code, /@ts-(?:ignore|nocheck)\b/)).toEqual([]);
    expect(code.filter((file) => file.endsWith(".ts") && sourceFacts(file).anys > 0)).toEqual([]);
  });

  test("nothing refers to one machine's paths", () => {
    expect(found([...code, ...prose], /\/work\/|\.\.\/shared|\/home\/\w|\/Users\/\w/)).toEqual([]);
  });
});
