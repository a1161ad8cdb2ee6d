import { describe, expect, test } from "@jest/globals";

import type { Diagnostic } from "../../src/lang/diagnostic.ts";
import { renderDiagnostic } from "../../src/lang/render.ts";

const diagnostic: Diagnostic = {
  code: "E103",
  severity: "error",
  message: "no",
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
};

function check(source: string, at: Partial<Diagnostic>, expected: readonly string[]): void {
  const rendered = renderDiagnostic({ ...diagnostic, ...at }, { source, fileName: "f.rule" });
  expect(rendered.split("\n")).toEqual(expected);
}

describe("rendering", () => {
  test("underlines what is meant, and says what to try", () => {
    check("a\nb cc d", { line: 2, column: 3, endLine: 2, endColumn: 5, hint: "do" }, [
      "error[E103]: no",
      " --> f.rule:2:3",
      "  |",
      "2 | b cc d",
      "  |   ^^ do",
    ]);
  });
  test("makes room for long line numbers", () => {
    check("\n".repeat(99) + "x", { severity: "warning", code: "W101", line: 100, endLine: 100 }, [
      "warning[W101]: no",
      "   --> f.rule:100:1",
      "    |",
      "100 | x",
      "    | ^",
    ]);
  });
  test("shows the first and the last line of several", () => {
    check("a {\n  b\n  c\n} d", { column: 3, endLine: 4, endColumn: 2, hint: "do" }, [
      "error[E103]: no",
      " --> f.rule:1:3",
      "  |",
      "1 | a {",
      "  |   ^",
      "  ...",
      "4 | } d",
      "  | ^ do",
    ]);
  });
  test("puts tabs at their stops", () => {
    check("\ta\tb", { column: 4, endColumn: 5 }, [
      "error[E103]: no",
      " --> f.rule:1:4",
      "  |",
      "1 |     a   b",
      "  |         ^",
    ]);
  });
  test("clips a wide line around the place", () => {
    const rendered = renderDiagnostic(
      { ...diagnostic, column: 501, endColumn: 504 },
      { source: `${"x".repeat(500)}abc${"y".repeat(500)}`, fileName: "f.rule" },
    ).split("\n");
    expect(rendered[3]).toBe(`1 | …${"x".repeat(39)}abc${"y".repeat(56)}…`);
    expect(rendered[4]).toBe(`  | ${" ".repeat(40)}^^^`);
  });
  test("points behind the end of a line, and of the text", () => {
    check("ab", { column: 3, endColumn: 3 }, ["error[E103]: no", " --> f.rule:1:3", "  |", "1 | ab", "  |   ^"]);
    check("", {}, ["error[E103]: no", " --> f.rule:1:1", "  |", "1 |", "  | ^"]);
  });
  test("lets nothing steer the terminal", () => {
    check("\u001b[2Ja\u202e\r\nb", { message: "\u001b[1m", column: 5 }, [
      "error[E103]: \ufffd[1m",
      " --> f.rule:1:5",
      "  |",
      "1 | \ufffd[2Ja\ufffd",
      "  |     ^",
    ]);
  });
});
