/** What the productions of a `window` build. */

import type { Assigner, Count, Duration, Expr, Kept, RuleClause, StringLiteral, Trigger, WindowClause } from "./ast.ts";
import { durationOf, literalOf, production } from "./build-list.ts";
import { type Chain, toArray } from "./chain.ts";
import { type Span, spanning } from "./span.ts";
import { type Token, spanOf, spanOfTokens } from "./tokens.ts";

interface OpenWindow {
  readonly assigner: Assigner;
  readonly clauses: Chain<WindowClause>;
}

/** A part that ends with more than the token that it is made of. */
interface Ended<T> {
  readonly part: T;
  readonly span: Span;
}

const countOf = (token: Token): Count => ({ value: Number(token.text), span: spanOf(token) });

export const windowClause = production(
  ([word, open, { assigner, clauses }, close]: [Token, Token, OpenWindow, Token]): RuleClause => ({
    kind: "window",
    window: { assigner, clauses: toArray(clauses), span: spanOfTokens(open, close) },
    span: spanOfTokens(word, close),
  }),
);
export const window = production(([assigner]: [Assigner]): OpenWindow => ({ assigner, clauses: null }));
export const windowAnd = production(([{ assigner, clauses }, clause]: [OpenWindow, WindowClause]): OpenWindow => ({
  assigner,
  clauses: { previous: clauses, item: clause },
}));

// ---- assigner ------------------------------------------------------------------------------------------------------

export const offset = production(([, duration]: [Token, Token]): Duration => durationOf(duration));
export const zone = production(([, text]: [Token, Token]): StringLiteral => literalOf(text));
export const tumbling = production(
  ([word, size, offset, zone]: [Token, Token, Duration | null, StringLiteral | null]): Assigner => ({
    kind: "tumbling",
    size: durationOf(size),
    offset,
    zone,
    span: spanning(spanOf(word), (zone ?? offset)?.span ?? spanOf(size)),
  }),
);
export const sliding = production(
  ([word, size, , every, offset]: [Token, Token, Token, Token, Duration | null]): Assigner => ({
    kind: "sliding",
    size: durationOf(size),
    every: durationOf(every),
    offset,
    span: spanning(spanOf(word), offset?.span ?? spanOf(every)),
  }),
);
export const session = production(([word, , gap]: [Token, Token, Token]): Assigner => ({
  kind: "session",
  gap: durationOf(gap),
  span: spanOfTokens(word, gap),
}));
export const count = production(([word, size]: [Token, Token]): Assigner => ({
  kind: "count",
  size: countOf(size),
  every: null,
  span: spanOfTokens(word, size),
}));
export const countEvery = production(([word, size, , every]: [Token, Token, Token, Token]): Assigner => ({
  kind: "count",
  size: countOf(size),
  every: countOf(every),
  span: spanOfTokens(word, every),
}));
export const global = production(([word]: [Token]): Assigner => ({ kind: "global", span: spanOf(word) }));

// ---- clauses -------------------------------------------------------------------------------------------------------

export const lateness = production(([word, , duration]: [Token, Token, Token]): WindowClause => ({
  kind: "lateness",
  duration: durationOf(duration),
  span: spanOfTokens(word, duration),
}));
export const trigger = production(([word, { part, span }]: [Token, Ended<Trigger>]): WindowClause => ({
  kind: "trigger",
  when: part,
  span: spanning(spanOf(word), span),
}));
export const triggerWord = production(([word]: [Token]): Ended<Trigger> => ({
  part: { kind: word.text as "onClose" | "onEvent" },
  span: spanOf(word),
}));
export const everyTime = production(([, interval]: [Token, Token]): Ended<Trigger> => ({
  part: { kind: "everyTime", interval: durationOf(interval) },
  span: spanOf(interval),
}));
export const everyCount = production(([, count, unit]: [Token, Token, Token]): Ended<Trigger> => ({
  part: { kind: "everyCount", count: countOf(count) },
  span: spanOf(unit),
}));
export const purging = production(([word]: [Token]): WindowClause => ({ kind: "purging", span: spanOf(word) }));
export const evict = production(([word, , , { part, span }]: [Token, Token, Token, Ended<Kept>]): WindowClause => ({
  kind: "evict",
  keep: part,
  span: spanning(spanOf(word), span),
}));
export const keptEvents = production(([count, unit]: [Token, Token]): Ended<Kept> => ({
  part: { kind: "count", count: countOf(count) },
  span: spanOf(unit),
}));
export const keptTime = production(([duration]: [Token]): Ended<Kept> => ({
  part: { kind: "time", duration: durationOf(duration) },
  span: spanOf(duration),
}));
export const having = production(([word, condition]: [Token, Expr]): WindowClause => ({
  kind: "having",
  condition,
  span: spanning(spanOf(word), condition.span),
}));
