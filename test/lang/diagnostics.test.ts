import { describe, expect, test } from "@jest/globals";

import { checkFile } from "../../src/lang/check.ts";
import type { Diagnostic } from "../../src/lang/diagnostic.ts";
import { DIAGNOSTIC_CODES } from "../../src/lang/diagnostic-codes.ts";
import { parseFile } from "../../src/lang/parse.ts";
import { renderDiagnostic } from "../../src/lang/render.ts";
import { expanded, readGolden } from "../support/golden.ts";
import { filesUnder } from "../support/project.ts";

const FOLDER = "test/vectors/parse/diagnostics";

function diagnosticsOf(source: string): readonly Diagnostic[] {
  const { file, diagnostics } = parseFile(source);
  return file === null ? diagnostics : checkFile(file, source).diagnostics;
}

/** What a person sees. */
function rendered(input: string): string {
  const source = expanded(input);
  const texts = diagnosticsOf(source).map((diagnostic) =>
    renderDiagnostic(diagnostic, { source, fileName: "my.rule" }),
  );
  const shown = texts.length > 9 ? [texts[0]!, `(${texts.length - 2} more)`, texts.at(-1)!] : texts;
  return shown.join("\n\n");
}

describe("diagnostics", () => {
  test("every code has a golden file, and every golden file a code", () => {
    const files = filesUnder(FOLDER, ".txt");
    expect(files).toEqual(Object.keys(DIAGNOSTIC_CODES).map((code) => `${FOLDER}/${code}.txt`));
  });

  describe.each(Object.keys(DIAGNOSTIC_CODES))("%s", (code) => {
    test.each(readGolden(`${FOLDER}/${code}.txt`, rendered).map((golden, index) => ({ index, ...golden })))(
      "case $index",
      ({ input, expected }) => {
        expect(rendered(input)).toBe(expected);
        expect(diagnosticsOf(expanded(input)).map((diagnostic) => diagnostic.code)).toContain(code);
      },
    );
  });
});
