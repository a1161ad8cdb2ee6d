/** What the productions of an expression build. */

import type { BinaryOperator, Expr, StringLiteral } from "./ast.ts";
import { literalOf, nameOf, production } from "./build-list.ts";
import { type Chain, toArray } from "./chain.ts";
import { durationMs, textValue, unescape } from "./literals.ts";
import { spanning } from "./span.ts";
import { type Token, spanOf, spanOfTokens } from "./tokens.ts";

type Built<Kind extends Expr["kind"]> = Extract<Expr, { kind: Kind }>;

// ---- operators -----------------------------------------------------------------------------------------------------

export const binary = production(([left, { text }, right]: [Expr, Token, Expr]): Expr => ({
  kind: "binary",
  operator: text as BinaryOperator,
  left,
  right,
  span: spanning(left.span, right.span),
}));

/** `not not a`: a chain of operators and what they stand before. */
export const unary = production(([operators, operand]: [Chain<Token>, Expr]): Expr => {
  let built = operand;
  for (let link = operators; link !== null; link = link.previous) {
    const operator = link.item.text === "not" ? "not" : "-";
    built = { kind: "unary", operator, operand: built, span: spanning(spanOf(link.item), operand.span) };
  }
  return built;
});

/** The right side of a comparison, which waits for its left one. */
type Test = (value: Expr) => Expr;

export const comparison = production(([value, test]: [Expr, Test]): Expr => test(value));

export const compare = production(([{ text }, right]: [Token, Expr]): Test => (left) => ({
  kind: "binary",
  operator: text as BinaryOperator,
  left,
  right,
  span: spanning(left.span, right.span),
}));

const membershipOf =
  (set: Expr, negated: boolean): Test =>
  (value) => ({
    kind: "in",
    negated,
    value,
    set,
    span: spanning(value.span, set.span),
  });

export const membership = production(([, set]: [Token, Expr]) => membershipOf(set, false));
export const nonMembership = production(([, , set]: [Token, Token, Expr]) => membershipOf(set, true));

interface TextPattern {
  readonly pattern: StringLiteral;
  readonly ignoreCase: boolean;
}

export const textPattern = production(([token]: [Token]): TextPattern => ({
  pattern: literalOf(token),
  ignoreCase: token.type === "ignoreCaseText",
}));

const matchOf =
  (operator: Token, { pattern, ignoreCase }: TextPattern, negated: boolean): Test =>
  (value) => ({
    kind: "match",
    operator: operator.text === "like" ? "like" : "matches",
    negated,
    value,
    pattern,
    ignoreCase,
    span: spanning(value.span, pattern.span),
  });

export const match = production(([operator, pattern]: [Token, TextPattern]) => matchOf(operator, pattern, false));
export const nonMatch = production(([, operator, pattern]: [Token, Token, TextPattern]) =>
  matchOf(operator, pattern, true),
);

// ---- paths and calls -----------------------------------------------------------------------------------------------

export const name = production(([token]: [Token]): Built<"name"> => ({
  kind: "name",
  name: token.text,
  span: spanOf(token),
}));
/** A step of a path, which waits for what it starts from. */
type Step = (object: Expr) => Expr;

export const stepped = production(([object, step]: [Expr, Step]): Expr => step(object));

const memberOf =
  (name: string, end: Token): Step =>
  (object) => ({
    kind: "member",
    object,
    name,
    span: spanning(object.span, spanOf(end)),
  });

export const member = production(([, field]: [Token, Token]) => memberOf(field.text, field));
export const textMember = production(([, field, close]: [Token, Token, Token]) =>
  memberOf(textValue(field.text), close),
);
export const index = production(([, index, close]: [Token, Token, Token]): Step => (object) => ({
  kind: "index",
  object,
  index: Number(index.text),
  span: spanning(object.span, spanOf(close)),
}));

/** Expressions in brackets; `[open, close]` when there are none. */
type Bracketed = readonly [Token, Token] | readonly [Token, Chain<Expr>, Token];

interface Arguments {
  readonly args: readonly Expr[];
  readonly close: Token;
}

const itemsOf = (parts: Bracketed): Expr[] => (parts.length === 2 ? [] : toArray(parts[1]));
const closeOf = (parts: Bracketed): Token => (parts.length === 2 ? parts[1] : parts[2]);

export const callArguments = production((parts: Bracketed): Arguments => ({
  args: itemsOf(parts),
  close: closeOf(parts),
}));
export const call = production(([name, { args, close }]: [Token, Arguments]): Built<"call"> => ({
  kind: "call",
  name: nameOf(name),
  args,
  span: spanOfTokens(name, close),
}));

// ---- literals ------------------------------------------------------------------------------------------------------

const literal = (token: Token, value: Built<"literal">["value"]): Built<"literal"> => ({
  kind: "literal",
  value,
  span: spanOf(token),
});

export const text = production(([token]: [Token]) => literal(token, textValue(token.text)));
export const number = production(([token]: [Token]) => literal(token, Number(token.text)));
export const constant = production(([token]: [Token]) =>
  literal(token, token.text === "null" ? null : token.text === "true"),
);
export const duration = production(([token]: [Token]): Built<"duration"> => ({
  kind: "duration",
  ms: durationMs(token.text),
  text: token.text,
  span: spanOf(token),
}));
export const array = production((parts: Bracketed): Built<"array"> => ({
  kind: "array",
  items: itemsOf(parts),
  span: spanOfTokens(parts[0], closeOf(parts)),
}));
/** The tree needs no parentheses, but what is pointed at has them. */
export const parenthesized = production(([open, inner, close]: [Token, Expr, Token]): Expr => ({
  ...inner,
  span: spanOfTokens(open, close),
}));
export const template = production(([open, parts, close]: [Token, Chain<string | Expr>, Token]): Built<"template"> => ({
  kind: "template",
  parts: toArray(parts),
  span: spanOfTokens(open, close),
}));
export const chunk = production(([token]: [Token]) => unescape(token.text));
export const hole = production(([, expression]: [Token, Expr, Token]) => expression);
