/** What is said where the parser could not go on: what was found, what could have stood there, and what was perhaps meant. */

import { nearest } from "../core/nearest.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Terminal } from "./earley.ts";
import { inWords, wordsOf } from "./expected.ts";
import { hintForForeign } from "./foreign-words.ts";
import { RESERVED_WORDS } from "./lexer.ts";
import { clipped, lexicalError } from "./lexical-error.ts";
import { report } from "./report.ts";
import { type Token, spanOf } from "./tokens.ts";

export interface SyntaxFailure {
  readonly tokens: readonly Token[];
  /** The token at which the text makes no sense; the number of tokens, when it ends too early. */
  readonly at: number;
  readonly expected: readonly Terminal[];
  /** Braces that nothing closes, outermost first. */
  readonly openBraces: readonly Token[];
}

export function syntaxError(failure: SyntaxFailure): Diagnostic {
  const found = failure.tokens[failure.at];
  if (found === undefined) return endedTooEarly(failure);
  return lexicalError(found) ?? special(found, failure) ?? unexpected(found, failure);
}

function endedTooEarly({ tokens, expected, openBraces }: SyntaxFailure): Diagnostic {
  const open = openBraces.at(-1);
  if (open !== undefined) {
    const opener = tokens[tokens.indexOf(open) - 1];
    return report(spanOf(open), {
      code: "E022",
      message: `the brace${opener === undefined ? "" : ` after \`${clipped(opener.text)}\``} is never closed`,
      hint: "add the `}` that belongs to it",
    });
  }
  const last = tokens.at(-1)!;
  return report(spanOf(last), {
    code: "E021",
    message: `the text ends after ${described(last)}, where ${inWords(expected)} should follow`,
  });
}

/** Mistakes that deserve an answer of their own. */
function special(found: Token, { tokens, at, expected }: SyntaxFailure): Diagnostic | null {
  if (at === 0 && found.text === "}") {
    return report(spanOf(found), { code: "E023", message: "this brace closes nothing", hint: "take it away" });
  }
  const isReserved = (RESERVED_WORDS as readonly string[]).includes(found.text);
  if (isReserved && expected.some(({ type }) => type === "name") && !isExpression(expected)) {
    const after = tokens[at - 1]?.text;
    return report(spanOf(found), {
      code: "E024",
      message: `\`${found.text}\` is a reserved word, and cannot be a name`,
      hint: after === "." ? `write \`["${found.text}"]\` instead of \`.${found.text}\`` : "choose another name",
    });
  }
  return null;
}

function unexpected(found: Token, failure: SyntaxFailure): Diagnostic {
  const { at, expected } = failure;
  const message =
    at === 0
      ? `a file holds \`rule\` and \`stream\` blocks, and ${described(found)} begins neither`
      : `${described(found)} cannot stand here: expected ${inWords(expected)}`;
  return report(spanOf(found), { code: "E020", message, hint: hintFor(found, failure) });
}

function hintFor(found: Token, failure: SyntaxFailure): string | null {
  const foreign = hintForForeign(found, { before: failure.tokens[failure.at - 1], expected: failure.expected });
  if (foreign !== null) return foreign;
  const meant = found.type === "name" ? nearest(found.text, wordsOf(failure.expected)) : null;
  if (meant !== null) return `did you mean \`${meant}\`?`;
  return hintForLiteral(found, failure) ?? hintForStage(found, failure) ?? hintForExpression(found, failure);
}

function hintForLiteral(found: Token, { expected }: SyntaxFailure): string | null {
  const isText = found.type === "text" || found.type === "templateStart";
  if (isText && expects(expected, "holeEnd")) return "close the `${` before it with `}`";
  if (found.type === "templateStart") return "nothing interpolates here: `\\${` is a literal `${`";
  if (found.type === "ignoreCaseText") return "only a pattern after `like` or `matches` ends in `i`";
  if (found.text === "-" && expects(expected, "duration")) return "a duration has no sign";
  if (isNumber(found) && expects(expected, "duration")) return `with its unit: \`${found.text}s\`, \`${found.text}m\``;
  if (isNumber(found) && expects(expected, "integer")) return "without a fraction, of at most 15 digits";
  if (expects(expected, "text") && found.type === "name" && !isExpression(expected)) return "in quotes";
  return null;
}

function hintForStage(found: Token, { tokens, at, expected }: SyntaxFailure): string | null {
  const [beforeLast, before] = [tokens[at - 2], tokens[at - 1]];
  const inPattern = expected.some(({ production }) => production === "patternClause");
  const inWindow = expected.some(({ production }) => production === "windowClause");
  if (inPattern && isContiguity(found)) return "stages come before `within` and `skip`";
  if ((inPattern || inWindow) && CLAUSES.has(found.text)) {
    const open = tokens.findLast((token, index) => token.text === "{" && index < at);
    return `is the \`{\` on line ${open!.line} meant to be closed before?`;
  }
  if (before !== undefined && beforeLast !== undefined && isContiguity(beforeLast) && MODIFIERS.has(before.text)) {
    return `\`${before.text}\` was read as the stage's name: the name comes first`;
  }
  return null;
}

function hintForExpression(found: Token, { tokens, at, expected }: SyntaxFailure): string | null {
  const after = tokens[at + 1];
  const goesOn = expected.some(({ production }) => production === "sum");
  if (found.text === "=" && goesOn) return "compare with `==`";
  if (found.text === "/" && after?.text === "/") return "a comment begins with `#`";
  if (found.text === "," && expected.some(({ word }) => word === ")")) return "a list of values stands in `[...]`";
  if (COMPARING.has(found.type) && goesOn) return "comparisons do not chain: join two by `and`";
  if (goesOn && after !== undefined && COMPARING.has(after.type)) return "join two conditions by `and` or `or`";
  return null;
}

const CONTIGUITIES = new Set(["begin", "next", "followedBy", "followedByAny", "notNext", "notFollowedBy"]);
const MODIFIERS = new Set(
  "where until times timesOrMore oneOrMore optional greedy consecutive allowCombinations gap".split(" "),
);

/** What a rule's clauses begin with. */
const CLAUSES = new Set("severity tags description from key pattern window emit on suppress deliver".split(" "));
const COMPARING = new Set(["comparator", "matcher"]);

const isContiguity = ({ text }: Token): boolean => CONTIGUITIES.has(text);
const isNumber = ({ type }: Token): boolean => type === "integer" || type === "number";
const expects = (expected: readonly Terminal[], kind: string): boolean => expected.some(({ type }) => type === kind);
const isExpression = (expected: readonly Terminal[]): boolean =>
  expected.some(({ production, begins }) => production === "primary" && begins);

function described(token: Token): string {
  switch (token.type) {
    case "text":
    case "ignoreCaseText":
      return `the string ${clipped(token.text)}`;
    case "integer":
    case "number":
      return `the number \`${clipped(token.text)}\``;
    case "duration":
      return `the duration \`${clipped(token.text)}\``;
    case "templateStart":
      return "a string with `${`";
    case "chunk":
      return "text";
    default:
      return `\`${clipped(token.text)}\``;
  }
}
