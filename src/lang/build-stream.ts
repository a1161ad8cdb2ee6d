/** What the productions of a `stream` block build. */

import type { Expr, Name, SchemaField, StreamBlock, StreamClause, TypeExpr } from "./ast.ts";
import { durationOf, production } from "./build-list.ts";
import { type Chain, toArray } from "./chain.ts";
import { spanning } from "./span.ts";
import { type Token, spanOf, spanOfTokens } from "./tokens.ts";

export const stream = production(
  ([open, name, , clauses, close]: [Token, Name, Token, Chain<StreamClause>, Token]): StreamBlock => ({
    kind: "stream",
    name,
    clauses: toArray(clauses),
    span: spanOfTokens(open, close),
  }),
);

type Built<Kind extends StreamClause["kind"]> = Extract<StreamClause, { kind: Kind }>;
type Strategy = Built<"watermark">;

export const time = production(([word, path]: [Token, Expr]): Built<"time"> => ({
  kind: "time",
  path,
  span: spanning(spanOf(word), path.span),
}));
export const id = production(([word, path]: [Token, Expr]): Built<"id"> => ({
  kind: "id",
  path,
  span: spanning(spanOf(word), path.span),
}));
export const idle = production(([word, duration]: [Token, Token]): Built<"idle"> => ({
  kind: "idle",
  after: durationOf(duration),
  span: spanOfTokens(word, duration),
}));
export const idleOff = production(([word, off]: [Token, Token]): Built<"idle"> => ({
  kind: "idle",
  after: "off",
  span: spanOfTokens(word, off),
}));
export const late = production(([word, policy]: [Token, Token]): Built<"late"> => ({
  kind: "late",
  policy: policy.text === "drop" ? "drop" : "side",
  span: spanOfTokens(word, policy),
}));
export const dedupe = production(([word, duration]: [Token, Token]): Built<"dedupe"> => ({
  kind: "dedupe",
  within: durationOf(duration),
  span: spanOfTokens(word, duration),
}));
export const watermark = production(([word, strategy]: [Token, Strategy]): Strategy => ({
  ...strategy,
  span: spanning(spanOf(word), strategy.span),
}));
export const bounded = production(([word, duration]: [Token, Token]): Strategy => ({
  kind: "watermark",
  strategy: "bounded",
  bound: durationOf(duration),
  span: spanOfTokens(word, duration),
}));
export const ascending = production(([word]: [Token]): Strategy => ({
  kind: "watermark",
  strategy: "ascending",
  span: spanOf(word),
}));
export const punctuated = production(([word, , where]: [Token, Token, Expr]): Strategy => ({
  kind: "watermark",
  strategy: "punctuated",
  where,
  span: spanning(spanOf(word), where.span),
}));

type ObjectTypeExpr = Extract<TypeExpr, { kind: "object" }>;
type ScalarTypeExpr = Extract<TypeExpr, { kind: "scalar" }>;

export const schema = production(([word, { fields, span }]: [Token, ObjectTypeExpr]): Built<"schema"> => ({
  kind: "schema",
  fields,
  span: spanning(spanOf(word), span),
}));
export const field = production(([name, , type]: [Name, Token, TypeExpr]): SchemaField => ({
  name,
  type,
  span: spanning(name.span, type.span),
}));
export const objectType = production((parts: [Token, Chain<SchemaField>, ...Token[]]): ObjectTypeExpr => ({
  kind: "object",
  fields: toArray(parts[1]),
  optional: false,
  span: spanOfTokens(parts[0], parts.at(-1) as Token),
}));
export const emptyObjectType = production(([open, close]: [Token, Token]): ObjectTypeExpr => ({
  kind: "object",
  fields: [],
  optional: false,
  span: spanOfTokens(open, close),
}));
export const listType = production(([item, , close]: [TypeExpr, Token, Token]): TypeExpr => ({
  kind: "list",
  item,
  optional: false,
  span: spanning(item.span, spanOf(close)),
}));
export const optionalType = production(([type, mark]: [TypeExpr, Token]): TypeExpr => ({
  ...type,
  optional: true,
  span: spanning(type.span, spanOf(mark)),
}));
export const scalarType = production(([word]: [Token]): ScalarTypeExpr => ({
  kind: "scalar",
  type: word.text as ScalarTypeExpr["type"],
  optional: false,
  span: spanOf(word),
}));
