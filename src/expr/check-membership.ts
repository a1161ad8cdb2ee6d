/** Checks `in`: that its right side is a list, networks or a named list, and that the left side can be in it. */

import type { Checker } from "./checker.ts";
import { checkComparable } from "./check-comparison.ts";
import type { Typed } from "./check-comparison.ts";
import { parseNetwork } from "./cidr.ts";
import type { ExprOf } from "./compiler.ts";
import { describeExpr, stating } from "./describe.ts";
import { isNetworkSet, namedList } from "./membership.ts";
import { BOOLEAN, mayBe } from "./static-type.ts";
import type { StaticType } from "./types.ts";

export function checkMembership(expr: ExprOf<"in">, checker: Checker): StaticType {
  const { set } = expr;
  const value: Typed = { expr: expr.value, type: checker.typeOf(expr.value) };
  if (value.type.kind === "null") {
    checker.report({
      code: "W302",
      span: expr.value.span,
      message: "null is in no list, and not outside of one either",
      hint: "to ask whether a value is missing, use `== null`",
    });
  }
  if (namedList(set) !== null) checkNamedListAllowed(set as ExprOf<"call">, checker);
  else if (isNetworkSet(set)) checkNetworks(value, set, checker);
  else if (set.kind === "array") checkItems(value, set, checker);
  else checkListValue(value, { expr: set, type: checker.typeOf(set) }, checker);
  return BOOLEAN;
}

/** A stream's own clauses are worked out before there is an order of records, by which lists change. */
function checkNamedListAllowed(set: ExprOf<"call">, checker: Checker): void {
  if (checker.position !== "stream") return;
  checker.report({
    code: "E309",
    span: set.span,
    message: "a stream's clauses cannot look at named lists",
    hint: "look at the list in a rule",
  });
}

function checkNetworks(value: Typed, set: ExprOf<"call">, checker: Checker): void {
  if (value.type.kind !== "null" && !mayBe(value.type, "string")) {
    checker.report({
      code: "E305",
      span: value.expr.span,
      message: `${stating(value.expr, value.type)}, and only the text of an address can be in a network`,
    });
  }
  if (set.args.length === 0) {
    checker.report({
      code: "E311",
      span: set.span,
      message: "`cidr` needs a network",
      hint: 'such as `cidr("10.0.0.0/8")`',
    });
  }
  for (const argument of set.args) {
    const text = argument.kind === "literal" && typeof argument.value === "string" ? argument.value : null;
    if (text !== null && parseNetwork(text) !== null) continue;
    checker.report({
      code: "E311",
      span: argument.span,
      message: `${describeExpr(argument)} is not a network${text === null ? " written as a string" : ""}`,
      hint: 'an address and the length of its prefix, such as `"10.0.0.0/8"` or `"2001:db8::/32"`',
    });
  }
}

function checkItems(value: Typed, set: ExprOf<"array">, checker: Checker): void {
  if (set.items.length === 0) {
    checker.report({
      code: "W301",
      span: set.span,
      message: "nothing is in an empty list",
      hint: "name what it may be",
    });
  }
  for (const item of set.items) {
    const typed: Typed = { expr: item, type: checker.typeOf(item) };
    if (typed.type.kind === "null") {
      checker.report({
        code: "W302",
        span: item.span,
        message: "null in a list is equal to nothing",
        hint: `ask for it: \`or ${value.expr.kind === "name" ? value.expr.name : "..."} == null\``,
      });
      continue;
    }
    checkComparable(value, typed, checker);
  }
}

function checkListValue(value: Typed, set: Typed, checker: Checker): void {
  if (set.type.kind === "list") {
    checkComparable(value, { ...set, type: set.type.item, words: `an item of ${describeExpr(set.expr)}` }, checker);
    return;
  }
  if (mayBe(set.type, "list")) return;
  checker.report({
    code: "E316",
    span: set.expr.span,
    message: `\`in\` needs a list on its right, and ${stating(set.expr, set.type)}`,
    hint: 'such as `["a", "b"]`, `cidr("10.0.0.0/8")` or `list("name")`; for text in text, `contains(text, part)`',
  });
}
