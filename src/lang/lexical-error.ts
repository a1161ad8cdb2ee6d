/** What is said of a piece of text that is no word, number or string of the language. */

import { limits } from "../core/limits.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { durationText } from "../core/duration.ts";
import { badEscape } from "./literals.ts";
import { report } from "./report.ts";
import { type Token, spanOf } from "./tokens.ts";

/** Null for a token that the language knows. */
export function lexicalError(token: Token): Diagnostic | null {
  switch (token.type) {
    case "badCharacter":
      return badCharacter(token);
    case "unclosedText":
    case "unclosedTemplate":
      return unclosed(token);
    case "badEscape":
      return escapeError(token, { interpolates: false, raw: false });
    case "badRawEscape":
      return escapeError(token, { interpolates: false, raw: true });
    case "badEmitEscape":
      return escapeError(token, { interpolates: true, raw: false });
    case "badNumber":
      return badNumber(token);
    case "badDuration":
      return report(spanOf(token), {
        code: "E014",
        message: `a duration is at most ${durationText(limits.durationMsMax)}`,
      });
    default:
      return null;
  }
}

const INSTEAD: Readonly<Record<string, string>> = {
  "&": "write `and`",
  "|": "write `or`",
  "!": "write `not`, or `!=`",
  ";": "nothing separates clauses; take it away",
  "\\": "a backslash stands only in strings",
  $: '`${...}` stands only in the `"..."` strings of `emit`',
  "“": 'strings stand in `"..."`',
  "”": 'strings stand in `"..."`',
  "„": 'strings stand in `"..."`',
  "‘": "strings stand in `'...'`",
  "’": "strings stand in `'...'`",
  "`": 'strings stand in `"..."`',
  "–": "write `-`",
  "−": "write `-`",
  "≤": "write `<=`",
  "≥": "write `>=`",
  "≠": "write `!=`",
};

function badCharacter(token: Token): Diagnostic {
  const code = token.text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  const isVisible = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(token.text);
  return report(spanOf(token), {
    code: "E010",
    message: `${isVisible ? `\`${token.text}\`` : "the character"} (U+${code}) means nothing here`,
    hint:
      INSTEAD[token.text] ??
      (/^\p{L}$/u.test(token.text) ? 'names are of `A-Z a-z 0-9 _`; reach other fields by `event["..."]`' : null),
  });
}

function unclosed(token: Token): Diagnostic {
  return report(spanOf(token), {
    code: "E011",
    message: "this string is not closed on its line",
    hint: "`\\n` stands for a new line",
  });
}

function escapeError(token: Token, context: { readonly interpolates: boolean; readonly raw: boolean }): Diagnostic {
  const { escape, index } = badEscape(token.text, context)!;
  const column = token.col + index;
  return report(
    { ...spanOf(token), column, endColumn: column + escape.length },
    {
      code: "E012",
      message: `\`${escape}\` means nothing in a string`,
      hint: hintOf(escape, context.raw),
    },
  );
}

function hintOf(escape: string, isRaw: boolean): string {
  if (escape === "\\$") return "only `emit` interpolates: here `${` needs no escape";
  if (isRaw) return "in `'...'` the escapes are `\\\\` and `\\'`";
  if (escape.startsWith("\\u")) return "`\\u` takes four hexadecimal digits";
  return "write `\\\\` for a backslash; the escapes are those of JSON";
}

function badNumber(token: Token): Diagnostic {
  if (Number(token.text) === Number.POSITIVE_INFINITY) {
    return report(spanOf(token), {
      code: "E013",
      message: `\`${clipped(token.text)}\` is larger than any number can be`,
    });
  }
  const isDuration = /^[0-9]+[A-Za-z]+$/.test(token.text);
  return report(spanOf(token), {
    code: "E013",
    message: `\`${clipped(token.text)}\` is neither a number nor a duration`,
    hint: isDuration
      ? "durations count in `ms`, `s`, `m`, `h` and `d`, joined as in `1h30m`"
      : "numbers are written as in JSON: `5`, `0.5`, `1e6`",
  });
}

const CLIPPED_LENGTH = 40;

/** A text as a message quotes it. */
export function clipped(text: string): string {
  return text.length <= CLIPPED_LENGTH ? text : `${text.slice(0, CLIPPED_LENGTH - 1)}…`;
}
