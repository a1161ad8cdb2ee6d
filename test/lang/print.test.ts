import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { formatSource } from "../../src/lang/format.ts";
import { parseExpression, parseFile, readSource } from "../../src/lang/parse.ts";
import { printExpr, printFile } from "../../src/lang/print.ts";
import { expectSameTree, ruleFile } from "../support/rule-trees.ts";

/** How an expression is printed, outside `emit`. */
function check(source: string, expected: string): void {
  const { expression, diagnostics } = parseExpression(source);
  expect(diagnostics).toEqual([]);
  expect(printExpr(expression!, { interpolates: false })).toBe(expected);
}

describe("printing an expression", () => {
  test("leaves out parentheses that change nothing", () => check("((a + (b * c)) - d)", "a + b * c - d"));
  test("keeps those that change something", () => check("(a + b) * (c - (d - e))", "(a + b) * (c - (d - e))"));
  test("puts them where a reader could be wrong", () => {
    check("a or b and not c == d", "a or (b and not (c == d))");
  });
  test("keeps a minus of a minus", () => check("- -a - -b", "--a - -b"));
  test("writes a reserved word as a field in brackets", () =>
    check('a["in"]["x y"]["b"].c[0]', 'a["in"]["x y"].b.c[0]'));
  test("writes every string in double quotes", () => check(`'it''s' == x`.replace("''", "\\'"), `"it's" == x`));
  test("keeps durations as they were", () => check("90m + 1h30m", "90m + 1h30m"));
  test("writes numbers as shortly as they can be", () => check("1.50 + 1e3 + 1E-7", "1.5 + 1000 + 1e-7"));
  test("keeps `i` at its pattern", () => check('a not like "x*"i', 'a not like "x*"i'));
  test("leaves `${` alone outside emit", () => check('a == "${b}"', 'a == "${b}"'));
});

test("a printed tree parses to the same tree", () => {
  fc.assert(
    fc.property(ruleFile, (tree) => {
      const { file, diagnostics } = parseFile(printFile(tree));
      expect(diagnostics).toEqual([]);
      expectSameTree(file, tree);
    }),
    { numRuns: 5000 },
  );
});

test("a printed tree is formatted already", () => {
  fc.assert(
    fc.property(ruleFile, (tree) => {
      const text = printFile(tree);
      expect(formatSource(text)).toEqual({ text });
    }),
    { numRuns: 500 },
  );
});

test("comments and blank lines between the lines of a file are kept, and formatting twice changes nothing", () => {
  const strewn = fc.array(fc.constantFrom("", "", "\n\n", "# a", " # b\n# c", "# d\n\n  # e"), { minLength: 1 });
  fc.assert(
    fc.property(ruleFile, strewn, (tree, pieces) => {
      const lines = printFile(tree).split("\n");
      const source = lines.map((line, index) => `${line}${pieces[index % pieces.length]!}`).join("\n");
      const { file, comments } = readSource(source);
      const formatted = formatSource(source) as { readonly text: string };
      expect(formatSource(formatted.text)).toEqual(formatted);
      const again = readSource(formatted.text);
      expect(again.comments.map(({ text }) => text)).toEqual(comments.map(({ text }) => text));
      expectSameTree(again.file, file);
    }),
    { numRuns: 500 },
  );
});
