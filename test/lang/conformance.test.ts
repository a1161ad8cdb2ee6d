import { describe, expect, test } from "@jest/globals";
import { pathToFileURL } from "node:url";
import path from "node:path";

import { checkFile } from "../../src/lang/check.ts";
import { formatSource } from "../../src/lang/format.ts";
import { parseFile } from "../../src/lang/parse.ts";
import { filesUnder, read, root } from "../support/project.ts";

interface Vector {
  readonly id: string;
}

const FOLDER = "test/vectors/match";
const { toRule } = (await import(pathToFileURL(path.join(root, FOLDER, "to-rule.mjs")).href)) as {
  toRule: (vector: Vector) => { source: string };
};

describe("every conformance vector is a rule", () => {
  test.each(filesUnder(FOLDER, ".json"))("%s", (file) => {
    const refused: unknown[] = [];
    for (const vector of JSON.parse(read(file)) as Vector[]) {
      const { source } = toRule(vector);
      const parsed = parseFile(source);
      const checked = parsed.file === null ? parsed : checkFile(parsed.file, source);
      const errors = checked.diagnostics.filter(({ severity }) => severity === "error");
      if (errors.length > 0) refused.push({ id: vector.id, errors });
    }
    expect(refused).toEqual([]);
  });
});

describe("the rules that come with the project", () => {
  test.each(filesUnder("rules", ".rule"))("%s is in the canonical layout", (file) => {
    const text = read(file);
    expect(formatSource(text)).toEqual({ text });
  });
});
