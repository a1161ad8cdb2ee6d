/** Tokens, comments and positions: the pieces of a text and where they stand. */

import type moo from "moo";

import { badEscape, isDurationInRange } from "./literals.ts";
import type { Span } from "./span.ts";

export interface Token extends moo.Token {
  type: string;
}

export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export interface Comment extends Position {
  /** With its `#`, without white space at its end. */
  readonly text: string;
}

export function spanOf(token: Token): Span {
  return spanOfTokens(token, token);
}

/** From the start of `first` to the end of `last`, which may be the same. */
export function spanOfTokens(first: Token, last: Token): Span {
  return {
    line: first.line,
    column: first.col,
    endLine: last.line,
    endColumn: last.col + last.text.length,
    start: first.offset,
    end: last.offset + last.text.length,
  };
}

export function endOf({ offset, line, col, text }: Token): Position {
  return { offset: offset + text.length, line, column: col + text.length };
}

/** The position at the offset `to`, walked to from an earlier one. */
export function advance(source: string, from: Position, to: number): Position {
  const passed = source.slice(from.offset, to);
  const lastNewline = passed.lastIndexOf("\n");
  if (lastNewline === -1) return { offset: to, line: from.line, column: from.column + passed.length };
  let line = from.line;
  for (let at = passed.indexOf("\n"); at !== -1; at = passed.indexOf("\n", at + 1)) line++;
  return { offset: to, line, column: passed.length - lastNewline };
}

/** The type of a token once its inside has been looked at: a literal without a value becomes a bad one. */
export function judgedType(token: Token, { interpolates }: { readonly interpolates: boolean }): string {
  switch (token.type) {
    case "text":
    case "ignoreCaseText": {
      const raw = token.text.startsWith("'");
      if (badEscape(token.text, { interpolates, raw }) === null) return token.type;
      if (raw) return "badRawEscape";
      return interpolates ? "badEmitEscape" : "badEscape";
    }
    case "chunk": // a piece of a template, which may begin with any character
      return badEscape(token.text, { interpolates, raw: false }) === null ? token.type : "badEmitEscape";
    case "number":
      return Number.isFinite(Number(token.text)) ? token.type : "badNumber";
    case "duration":
      return isDurationInRange(token.text) ? token.type : "badDuration";
    default:
      return token.type;
  }
}
