/** What the productions of a `pattern` build. */

import type { Contiguity, Expr, Modifier, Name, Pattern, PatternClause, RuleClause, SkipSyntax, Stage } from "./ast.ts";
import { durationOf, production } from "./build-list.ts";
import { type Chain, toArray } from "./chain.ts";
import { type Span, spanning } from "./span.ts";
import { type Token, spanOf, spanOfTokens } from "./tokens.ts";

/** A stage whose modifiers may go on. */
type OpenStage = Omit<Stage, "modifiers"> & { readonly modifiers: Chain<Modifier> };

interface OpenPattern {
  readonly stages: Chain<OpenStage>;
  readonly clauses: Chain<PatternClause>;
}

const closeStage = (stage: OpenStage): Stage => ({ ...stage, modifiers: toArray(stage.modifiers) });
const closeStages = (stages: Chain<OpenStage>): Stage[] => toArray(stages).map(closeStage);

export const patternClause = production(
  ([word, open, { stages, clauses }, close]: [Token, Token, OpenPattern, Token]): RuleClause => {
    const pattern: Pattern = {
      stages: closeStages(stages),
      clauses: toArray(clauses),
      span: spanOfTokens(open, close),
    };
    return { kind: "pattern", pattern, span: spanOfTokens(word, close) };
  },
);
export const pattern = production(([stages]: [Chain<OpenStage>]): OpenPattern => ({ stages, clauses: null }));
export const patternAnd = production(([{ stages, clauses }, clause]: [OpenPattern, PatternClause]): OpenPattern => ({
  stages,
  clauses: { previous: clauses, item: clause },
}));

export const within = production(([word, duration]: [Token, Token]): PatternClause => ({
  kind: "within",
  duration: durationOf(duration),
  span: spanOfTokens(word, duration),
}));

interface Skip {
  readonly strategy: SkipSyntax;
  readonly span: Span;
}

const skipOf = (word: Token, { strategy, span }: Skip, orFail: Token | null): PatternClause => ({
  kind: "skip",
  strategy,
  orFail: orFail !== null,
  span: spanning(spanOf(word), orFail === null ? span : spanOf(orFail)),
});

export const skip = production(([word, to]: [Token, Skip]) => skipOf(word, to, null));
export const skipOrFail = production(([word, to, orFail]: [Token, Skip, Token]) => skipOf(word, to, orFail));
export const strategy = production(([word]: [Token]): Skip => ({
  strategy: { kind: word.text as "none" | "toNext" | "pastLastEvent" },
  span: spanOf(word),
}));
export const stageSkip = production(([word, , stage, close]: [Token, Token, Name, Token]): Skip => ({
  strategy: { kind: word.text as "toFirst" | "toLast", stage },
  span: spanOfTokens(word, close),
}));

const stageOf = ({ word, name, group, end }: { word: Token; name: Name | null; group: Stage[] | null; end: Span }) => ({
  contiguity: word.text as Contiguity,
  contiguitySpan: spanOf(word),
  name,
  group,
  modifiers: null,
  span: spanning(spanOf(word), end),
});

export const stage = production(([word, name]: [Token, Name]): OpenStage =>
  stageOf({ word, name, group: null, end: name.span }),
);
export const group = production(([word, , stages, close]: [Token, Token, Chain<OpenStage>, Token]): OpenStage =>
  stageOf({ word, name: null, group: closeStages(stages), end: spanOf(close) }),
);
export const namedGroup = production(
  ([word, name, , stages, close]: [Token, Name, Token, Chain<OpenStage>, Token]): OpenStage =>
    stageOf({ word, name, group: closeStages(stages), end: spanOf(close) }),
);
export const modified = production(([stage, modifier]: [OpenStage, Modifier]): OpenStage => ({
  ...stage,
  modifiers: { previous: stage.modifiers, item: modifier },
  span: spanning(stage.span, modifier.span),
}));

export type Condition = Extract<Modifier, { kind: "where" }>;

export const where = production(([word, condition]: [Token, Expr]): Condition => ({
  kind: "where",
  condition,
  span: spanning(spanOf(word), condition.span),
}));
export const until = production(([word, condition]: [Token, Expr]): Modifier => ({
  kind: "until",
  condition,
  span: spanning(spanOf(word), condition.span),
}));
export const times = production(([word, , counts, close]: [Token, Token, Chain<Token>, Token]): Modifier => {
  const [from, to] = toArray(counts);
  return {
    kind: "times",
    from: Number(from!.text),
    to: to === undefined ? null : Number(to.text),
    span: spanOfTokens(word, close),
  };
});
export const timesOrMore = production(([word, , count, close]: [Token, Token, Token, Token]): Modifier => ({
  kind: "timesOrMore",
  from: Number(count.text),
  span: spanOfTokens(word, close),
}));
export const gap = production(([word, duration]: [Token, Token]): Modifier => ({
  kind: "gap",
  duration: durationOf(duration),
  span: spanOfTokens(word, duration),
}));
export const flag = production(([word]: [Token]): Modifier => ({
  kind: word.text as "oneOrMore" | "optional" | "greedy" | "consecutive" | "allowCombinations",
  span: spanOf(word),
}));
