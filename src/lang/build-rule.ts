/** What the productions of a `rule` block build. */

import type { EmitEntry, Expr, Name, RuleBlock, RuleClause, StringLiteral } from "./ast.ts";
import { durationOf, literalOf, production } from "./build-list.ts";
import type { Condition } from "./build-pattern.ts";
import { type Chain, toArray } from "./chain.ts";
import { type Span, spanning } from "./span.ts";
import { type Token, spanOf, spanOfTokens } from "./tokens.ts";

/** A clause that ends in a list without brackets is finished with its block: until then, the list may go on. */
type OpenClause = RuleClause | (() => RuleClause);

const ruleOf = (
  { open, name, title }: { open: Token; name: Name; title: StringLiteral | null },
  clauses: Chain<OpenClause>,
  close: Token,
): RuleBlock => ({
  kind: "rule",
  name,
  title,
  clauses: toArray(clauses).map((clause) => (typeof clause === "function" ? clause() : clause)),
  span: spanOfTokens(open, close),
});

export const rule = production(([open, name, , clauses, close]: [Token, Name, Token, Chain<OpenClause>, Token]) =>
  ruleOf({ open, name, title: null }, clauses, close),
);
export const titledRule = production(
  ([open, name, title, , clauses, close]: [Token, Name, Token, Token, Chain<OpenClause>, Token]) =>
    ruleOf({ open, name, title: literalOf(title) }, clauses, close),
);

export const severity = production(([word, level]: [Token, Name]): RuleClause => ({
  kind: "severity",
  level,
  span: spanning(spanOf(word), level.span),
}));
export const tags = production(([word, texts]: [Token, NonNullable<Chain<Token>>]) => (): RuleClause => ({
  kind: "tags",
  tags: toArray(texts).map(literalOf),
  span: spanOfTokens(word, texts.item),
}));
export const description = production(([word, text]: [Token, Token]): RuleClause => ({
  kind: "description",
  text: literalOf(text),
  span: spanOfTokens(word, text),
}));
export const from = production(
  ([word, streams, where]: [Token, NonNullable<Chain<Name>>, Condition | undefined]) =>
    (): RuleClause => ({
      kind: "from",
      streams: toArray(streams),
      where: where?.condition ?? null,
      span: spanning(spanOf(word), (where ?? streams.item).span),
    }),
);
export const keyBy = production(([word, , keys]: [Token, Token, NonNullable<Chain<Expr>>]) => (): RuleClause => ({
  kind: "keyBy",
  keys: toArray(keys),
  span: spanning(spanOf(word), keys.item.span),
}));
export const suppress = production(([word, duration]: [Token, Token]): RuleClause => ({
  kind: "suppress",
  for: durationOf(duration),
  by: null,
  span: spanOfTokens(word, duration),
}));
export const suppressBy = production(([word, duration, , by]: [Token, Token, Token, Expr]): RuleClause => ({
  kind: "suppress",
  for: durationOf(duration),
  by,
  span: spanning(spanOf(word), by.span),
}));
export const deliver = production(([word, names]: [Token, NonNullable<Chain<Name>>]) => (): RuleClause => ({
  kind: "deliver",
  destinations: toArray(names),
  span: spanning(spanOf(word), names.item.span),
}));

interface Entries {
  readonly entries: readonly EmitEntry[];
  readonly span: Span;
}

export const noEntries = production(([open, close]: [Token, Token]): Entries => ({
  entries: [],
  span: spanOfTokens(open, close),
}));
export const entries = production((parts: [Token, Chain<EmitEntry>, ...Token[]]): Entries => ({
  entries: toArray(parts[1]),
  span: spanOfTokens(parts[0], parts.at(-1) as Token),
}));
export const entry = production(([name, , value]: [Name, Token, Expr]): EmitEntry => ({
  name,
  value,
  span: spanning(name.span, value.span),
}));
export const emit = production(([word, body]: [Token, Entries]): RuleClause => ({
  kind: "emit",
  entries: body.entries,
  span: spanning(spanOf(word), body.span),
}));
export const onTimeoutEmit = production(([word, , , body]: [Token, Token, Token, Entries]): RuleClause => ({
  kind: "onTimeoutEmit",
  entries: body.entries,
  span: spanning(spanOf(word), body.span),
}));
