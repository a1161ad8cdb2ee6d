/** Expressions as text: the one way to write each tree, with no parentheses but those it needs or a reader does. */

import { unreachable } from "../core/assert.ts";
import type { BinaryOperator, Expr } from "./ast.ts";
import { RESERVED_WORDS } from "./lexer.ts";

/** How tightly each kind binds; the grammar's ladder. */
const LEVEL = { or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, minus: 7, operand: 8 } as const;

export interface Place {
  /** Whether `${` in a string opens a hole: inside `emit`. */
  readonly interpolates: boolean;
}

export function printExpr(expr: Expr, place: Place): string {
  return print(expr, LEVEL.or, place);
}

/**
 * The text in pieces that may each stand on a line: the operands of the outermost `and` or `or`, and of a list after `in` the
 * items. Joined by spaces they are the text.
 */
export function printPieces(expr: Expr, place: Place): string[] {
  if (expr.kind === "in" && expr.set.kind === "array" && expr.set.items.length > 0) {
    const items = expr.set.items.map((item) => printExpr(item, place));
    const cut = items.map((item, index) => `${item}${index === items.length - 1 ? "]" : ","}`);
    return [`${printMembership(expr, place)} [${cut[0]!}`, ...cut.slice(1)];
  }
  if (expr.kind !== "binary" || (expr.operator !== "and" && expr.operator !== "or")) return [printExpr(expr, place)];
  const { operator } = expr;
  const pieces: string[] = [];
  let left: Expr = expr;
  for (; left.kind === "binary" && left.operator === operator; left = left.left) {
    const [first, ...others] = printOperand(left.right, printRight(left, place), place);
    pieces.unshift(`${operator} ${first!}`, ...others);
  }
  return [...printOperand(left, print(left, leastIn(operator, left), place), place), ...pieces];
}

/** An operand of `and` or `or`, whose text is known. */
function printOperand(operand: Expr, text: string, place: Place): string[] {
  return operand.kind === "in" ? printPieces(operand, place) : [text];
}

function levelOf(expr: Expr): number {
  switch (expr.kind) {
    case "binary":
      return levelOfOperator(expr.operator);
    case "in":
    case "match":
      return LEVEL.comparison;
    case "unary":
      return expr.operator === "not" ? LEVEL.not : LEVEL.minus;
    case "literal":
    case "duration":
    case "array":
    case "name":
    case "member":
    case "index":
    case "call":
    case "template":
      return LEVEL.operand;
    default:
      return unreachable(expr);
  }
}

function levelOfOperator(operator: BinaryOperator): number {
  switch (operator) {
    case "or":
    case "and":
      return LEVEL[operator];
    case "+":
    case "-":
      return LEVEL.sum;
    case "*":
    case "/":
    case "%":
      return LEVEL.product;
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return LEVEL.comparison;
    default:
      return unreachable(operator);
  }
}

/** In parentheses where the place wants something that binds more tightly. */
function print(expr: Expr, least: number, place: Place): string {
  const text = printBare(expr, place);
  return levelOf(expr) < least ? `(${text})` : text;
}

function printBare(expr: Expr, place: Place): string {
  switch (expr.kind) {
    case "literal":
      return typeof expr.value === "string" ? printText(expr.value, place) : String(expr.value);
    case "duration":
      return expr.text;
    case "name":
      return expr.name;
    case "array":
      return `[${expr.items.map((item) => printExpr(item, place)).join(", ")}]`;
    case "member":
    case "index":
      return printPath(expr, place);
    case "call":
      return `${expr.name.text}(${expr.args.map((arg) => printExpr(arg, place)).join(", ")})`;
    case "unary":
      return expr.operator === "not"
        ? `not ${printNegated(expr.operand, place)}`
        : `-${print(expr.operand, LEVEL.minus, place)}`;
    case "binary":
      return printBinary(expr, place);
    case "in":
      return `${printMembership(expr, place)} ${print(expr.set, LEVEL.sum, place)}`;
    case "match": {
      const pattern = `${printText(expr.pattern.value, place)}${expr.ignoreCase ? "i" : ""}`;
      return `${print(expr.value, LEVEL.sum, place)} ${expr.negated ? "not " : ""}${expr.operator} ${pattern}`;
    }
    case "template":
      return printTemplate(expr.parts, place);
    default:
      return unreachable(expr);
  }
}

/** `value in`, before the set. */
function printMembership({ value, negated }: Extract<Expr, { kind: "in" }>, place: Place): string {
  return `${print(value, LEVEL.sum, place)} ${negated ? "not in" : "in"}`;
}

/** `not a == b` is `not (a == b)`: right, and easily misread. */
function printNegated(operand: Expr, place: Place): string {
  return print(operand, levelOf(operand) === LEVEL.comparison ? LEVEL.sum : LEVEL.not, place);
}

function printBinary(expr: Binary, place: Place): string {
  const parts: string[] = [];
  let left: Expr = expr;
  let least = 0;
  // A loop, since a chain of operators may be as long as the rule.
  for (; left.kind === "binary" && levelOf(left) >= least; left = left.left) {
    parts.push(printRight(left, place), left.operator);
    least = leastIn(left.operator, left.left);
  }
  return [...parts, print(left, least, place)].reverse().join(" ");
}

type Binary = Extract<Expr, { kind: "binary" }>;

function printRight({ operator, right }: Binary, place: Place): string {
  return print(right, Math.max(levelOfOperator(operator) + 1, leastIn(operator, right)), place);
}

/** How tightly an operand must bind to stand without parentheses. */
function leastIn(operator: BinaryOperator, operand: Expr): number {
  const level = levelOfOperator(operator);
  if (level === LEVEL.comparison) return LEVEL.sum; // they do not chain
  // `a or b and c` is `a or (b and c)`: easily misread, too.
  return level === LEVEL.or && levelOf(operand) === LEVEL.and ? LEVEL.not : level;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function printPath(expr: Expr, place: Place): string {
  const steps: string[] = [];
  let object = expr;
  for (; object.kind === "member" || object.kind === "index"; object = object.object) {
    steps.push(object.kind === "index" ? `[${object.index}]` : printMember(object.name, place));
  }
  return [...steps, print(object, LEVEL.operand, place)].reverse().join("");
}

function printMember(name: string, place: Place): string {
  const isName = NAME.test(name) && !(RESERVED_WORDS as readonly string[]).includes(name);
  return isName ? `.${name}` : `[${printText(name, place)}]`;
}

export function printText(value: string, place: Place): string {
  return `"${escape(value, place)}"`;
}

function printTemplate(parts: readonly (string | Expr)[], place: Place): string {
  const texts = parts.map((part) => (typeof part === "string" ? escape(part, place) : `\${${printExpr(part, place)}}`));
  return `"${texts.join("")}"`;
}

function escape(value: string, { interpolates }: Place): string {
  const escaped = JSON.stringify(value).slice(1, -1);
  return interpolates ? escaped.replaceAll("${", "\\${") : escaped;
}
