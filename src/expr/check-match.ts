/** Checks `like` and `matches`: a string on the left, and on the right a pattern that can be used. */

import { limits } from "../core/limits.ts";
import type { Span } from "../lang/span.ts";
import type { Checker } from "./checker.ts";
import type { ExprOf } from "./compiler.ts";
import { stating } from "./describe.ts";
import { compileRegex } from "./regex.ts";
import { BOOLEAN, isTime, mayBe } from "./static-type.ts";
import type { StaticType } from "./types.ts";

export function checkMatch(expr: ExprOf<"match">, checker: Checker): StaticType {
  const type = checker.typeOf(expr.value);
  if (type.kind === "null") {
    checker.report({
      code: "W302",
      span: expr.value.span,
      message: `null is never \`${expr.operator}\` anything`,
      hint: "to ask whether a value is missing, use `== null`",
    });
  } else if (!mayBe(type, "string")) {
    checker.report({
      code: "E317",
      span: expr.value.span,
      message: `\`${expr.operator}\` needs a string, and ${stating(expr.value, type)}`,
      hint: isTime(type) ? "use `date(...)` and `hour(...)`" : "use a comparison",
    });
  }
  if (expr.pattern.value.length > limits.patternCharsMax) reportTooLong(expr, checker);
  else if (expr.operator === "matches") checkRegex(expr, checker);
  return BOOLEAN;
}

type PatternLiteral = Pick<ExprOf<"match">, "pattern" | "ignoreCase">;

function reportTooLong({ operator, pattern }: ExprOf<"match">, checker: Checker): void {
  checker.report({
    code: "E310",
    span: pattern.span,
    message: `a pattern of \`${operator}\` has at most ${limits.patternCharsMax} characters, and this has ${pattern.value.length}`,
    hint: 'keep many values in a list: `in list("name")`',
  });
}

function checkRegex({ pattern, ignoreCase }: ExprOf<"match">, checker: Checker): void {
  const regex = compileRegex(pattern.value, ignoreCase);
  if (regex.ok) return;
  const fragment = regex.fragment === null || regex.fragment === "" ? "" : `: \`${regex.fragment}\``;
  checker.report({
    code: "E310",
    span: fragmentSpan({ pattern, ignoreCase }, regex.fragment),
    message: `the regular expression is not valid: ${regex.reason}${fragment}`,
    hint: "the syntax is RE2's, which has no backreferences and does not look ahead or behind",
  });
}

/** The fragment's own place, where the source shows the pattern as it is; with escapes in it, the whole pattern. */
function fragmentSpan({ pattern, ignoreCase }: PatternLiteral, fragment: string | null): Span {
  const { value, span } = pattern;
  const at = fragment === null ? -1 : value.indexOf(fragment);
  const quotes = ignoreCase ? 3 : 2;
  if (fragment === null || fragment === "" || at < 0 || span.end - span.start !== value.length + quotes) return span;
  const from = 1 + at;
  const to = from + fragment.length;
  return {
    ...span,
    column: span.column + from,
    start: span.start + from,
    endColumn: span.column + to,
    end: span.start + to,
  };
}
