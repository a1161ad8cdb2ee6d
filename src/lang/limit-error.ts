/** What is said of a text that goes beyond a limit: it is refused before it costs anything. */

import { limits } from "../core/limits.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";
import type { Span } from "./span.ts";
import { type Token, spanOf } from "./tokens.ts";

const START: Span = { line: 1, column: 1, endLine: 1, endColumn: 1, start: 0, end: 0 };

export function fileTooLong(): Diagnostic {
  return report(START, {
    code: "E001",
    message: `a rule file has at most ${kilobytes(limits.ruleFileBytesMax)} KB`,
    hint: "split it into several files",
  });
}

export function blockTooLong(header: Token): Diagnostic {
  return report(spanOf(header), {
    code: "E002",
    message: `this ${header.text} is longer than ${kilobytes(limits.ruleBytesMax)} KB, or its closing brace is missing`,
    hint: "split it, or move long lists of values into named lists",
  });
}

export function tooManyTokens(header: Token): Diagnostic {
  return report(spanOf(header), {
    code: "E002",
    message: `this ${header.text} has more than ${limits.ruleTokensMax} words and signs`,
    hint: "split it, or move long lists of values into named lists",
  });
}

export function tooDeep(at: Token): Diagnostic {
  const what = at.text === "not" || at.text === "-" ? `times \`${at.text}\` in a row` : "brackets within each other";
  return report(spanOf(at), { code: "E003", message: `more than ${limits.nestingDepthMax} ${what}` });
}

export function tooManyErrors(next: Span): Diagnostic {
  return report(next, {
    code: "E004",
    message: `${limits.diagnosticsListedMax} errors are listed; from here on the file has not been read`,
  });
}

function kilobytes(bytes: number): number {
  return bytes / 1024;
}
