/** Checks the second argument of `percentile`. */

import type { Expr } from "../lang/ast.ts";
import type { Checker } from "./checker.ts";

export function checkPercent(argument: Expr, checker: Checker): void {
  const isPercent = argument.kind === "literal" && typeof argument.value === "number" && argument.value <= 100;
  if (isPercent) return;
  checker.report({
    code: "E324",
    span: argument.span,
    message: "a percentile is a number from 0 to 100, and it is written out",
    hint: "such as `percentile(latency, 99.9)`; 50 is the median",
  });
}
