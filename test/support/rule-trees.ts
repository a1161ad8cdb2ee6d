/** Random syntax trees of whole rule files: all that the grammar can say, sensible or not. Their spans are empty. */

import { expect } from "@jest/globals";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";

import type {
  Assigner,
  Block,
  Count,
  Duration,
  EmitEntry,
  Expr,
  Modifier,
  Name,
  Pattern,
  PatternClause,
  RuleClause,
  RuleFile,
  SchemaField,
  SkipSyntax,
  Stage,
  StreamClause,
  StringLiteral,
  Trigger,
  TypeExpr,
  Window,
  WindowClause,
} from "../../src/lang/ast.ts";
import { durationMs } from "../../src/lang/literals.ts";
import type { Span } from "../../src/lang/span.ts";

const span: Span = { line: 0, column: 0, endLine: 0, endColumn: 0, start: 0, end: 0 };

/** Words of the language that are names as well. */
const WORDS = (
  "stream rule time watermark bounded ascending punctuated idle off late drop side id dedupe schema string number boolean " +
  "timestamp any severity tags description from key by pattern window emit on timeout suppress deliver begin next followedBy " +
  "followedByAny notNext notFollowedBy where until times timesOrMore oneOrMore optional greedy consecutive allowCombinations " +
  "tumbling sliding session global every offset allow lateness trigger onClose onEvent events purging evict keep having " +
  "gap within skip none toNext pastLastEvent toFirst toLast orFail event count first last list cidr i s ms d"
).split(" ");

const word = fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom("a", "b", "_", "x1", "Zz_9", "andor", "__proto__"));
const name: fc.Arbitrary<Name> = word.map((text) => ({ text, span }));
const value = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.constantFrom("${", "$", "${a}", "\\", "'", '"', "\n", "\t#", "\ud800", "{", "}", "//", "\u2028", ""),
);
const text: fc.Arbitrary<StringLiteral> = value.map((value) => ({ value, span }));
const durationText = fc.constantFrom("0s", "250ms", "10s", "5m", "2h", "7d", "1h30m", "90m", "1d2h3m4s5ms", "05s");
const duration: fc.Arbitrary<Duration> = durationText.map((text) => ({ text, ms: durationMs(text), span }));
const few = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 3 });
const whole = fc.oneof(fc.nat(3), fc.nat(1e15 - 1));
const number = fc.oneof(
  fc.nat(9),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(1e21, 5e-324),
);

// ---- expressions ---------------------------------------------------------------------------------------------------

function expression({ inEmit }: { inEmit: boolean }): fc.Arbitrary<Expr> {
  const { tree } = fc.letrec<{ tree: Expr; leaf: Expr; path: Expr }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: "small", withCrossShrink: true },
      tie("leaf"),
      tie("path"),
      fc.record({
        kind: fc.constant("call" as const),
        name,
        args: fc.array(tie("tree"), { maxLength: 2 }),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("array" as const),
        items: fc.array(tie("tree"), { maxLength: 2 }),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("unary" as const),
        operator: fc.constantFrom("not" as const, "-" as const),
        operand: tie("tree"),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("binary" as const),
        operator: fc.constantFrom(
          ...(["or", "and", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"] as const),
        ),
        left: tie("tree"),
        right: tie("tree"),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("in" as const),
        negated: fc.boolean(),
        value: tie("tree"),
        set: tie("tree"),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("match" as const),
        operator: fc.constantFrom("like" as const, "matches" as const),
        negated: fc.boolean(),
        value: tie("tree"),
        pattern: text,
        ignoreCase: fc.boolean(),
        span: fc.constant(span),
      }),
      ...(inEmit ? [template(tie("tree"))] : []),
    ),
    leaf: fc.oneof(
      word.map((name): Expr => ({ kind: "name", name, span })),
      fc.oneof(value, number, fc.boolean(), fc.constant(null)).map((value): Expr => ({ kind: "literal", value, span })),
      duration.map((duration): Expr => ({ kind: "duration", ...duration })),
    ),
    path: fc.oneof(
      fc.record({
        kind: fc.constant("member" as const),
        object: tie("tree"),
        name: fc.oneof(word, value),
        span: fc.constant(span),
      }),
      fc.record({ kind: fc.constant("index" as const), object: tie("tree"), index: whole, span: fc.constant(span) }),
    ),
  }));
  return tree;
}

/** At least one hole; texts between them that are not empty. */
function template(hole: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> {
  return fc.tuple(value, fc.array(fc.tuple(hole, value), { minLength: 1, maxLength: 2 })).map(([first, rest]): Expr => {
    const parts = [first, ...rest.flat()].filter((part) => part !== "");
    return { kind: "template", parts, span };
  });
}

const plain = expression({ inEmit: false });
const interpolating = expression({ inEmit: true });

const path: fc.Arbitrary<Expr> = fc
  .tuple(word, fc.array(fc.oneof(fc.oneof(word, value), whole), { maxLength: 3 }))
  .map(([root, steps]) =>
    steps.reduce<Expr>(
      (object, step) =>
        typeof step === "string"
          ? { kind: "member", object, name: step, span }
          : { kind: "index", object, index: step, span },
      { kind: "name", name: root, span },
    ),
  );

// ---- stream --------------------------------------------------------------------------------------------------------

const { type } = fc.letrec<{ type: TypeExpr }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.record({
      kind: fc.constant("scalar" as const),
      type: fc.constantFrom(
        "string" as const,
        "number" as const,
        "boolean" as const,
        "timestamp" as const,
        "any" as const,
      ),
      optional: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant("list" as const),
      item: tie("type"),
      optional: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant("object" as const),
      fields: fc.array(fc.record({ name, type: tie("type"), span: fc.constant(span) }), { maxLength: 2 }),
      optional: fc.boolean(),
      span: fc.constant(span),
    }),
  ),
}));

const field: fc.Arbitrary<SchemaField> = fc.record({ name, type, span: fc.constant(span) });

const streamClause: fc.Arbitrary<StreamClause> = fc.oneof(
  path.map((path): StreamClause => ({ kind: "time", path, span })),
  path.map((path): StreamClause => ({ kind: "id", path, span })),
  duration.map((bound): StreamClause => ({ kind: "watermark", strategy: "bounded", bound, span })),
  fc.constant<StreamClause>({ kind: "watermark", strategy: "ascending", span }),
  plain.map((where): StreamClause => ({ kind: "watermark", strategy: "punctuated", where, span })),
  fc.oneof(duration, fc.constant("off" as const)).map((after): StreamClause => ({ kind: "idle", after, span })),
  fc.constantFrom("drop" as const, "side" as const).map((policy): StreamClause => ({ kind: "late", policy, span })),
  duration.map((within): StreamClause => ({ kind: "dedupe", within, span })),
  fc.array(field, { maxLength: 3 }).map((fields): StreamClause => ({ kind: "schema", fields, span })),
);

// ---- rule ----------------------------------------------------------------------------------------------------------

const modifier: fc.Arbitrary<Modifier> = fc.oneof(
  plain.map((condition): Modifier => ({ kind: "where", condition, span })),
  plain.map((condition): Modifier => ({ kind: "until", condition, span })),
  fc.constantFrom("oneOrMore", "optional", "greedy", "consecutive", "allowCombinations").map((kind): Modifier => ({
    kind: kind as "oneOrMore",
    span,
  })),
  whole.map((from): Modifier => ({ kind: "timesOrMore", from, span })),
  fc.tuple(whole, fc.option(whole)).map(([from, to]): Modifier => ({ kind: "times", from, to, span })),
  duration.map((duration): Modifier => ({ kind: "gap", duration, span })),
);

const { stages } = fc.letrec<{ stages: Stage[] }>((tie) => ({
  stages: fc.array(
    fc
      .record({
        contiguity: fc.constantFrom("begin", "next", "followedBy", "followedByAny", "notNext", "notFollowedBy"),
        name: fc.option(name),
        group: fc.option(tie("stages"), { maxDepth: 2 }),
        modifiers: fc.array(modifier, { maxLength: 2 }),
      })
      .map(({ contiguity, name, group, modifiers }): Stage => ({
        contiguity: contiguity as Stage["contiguity"],
        contiguitySpan: span,
        // A single stage has a name.
        name: name === null && group === null ? { text: "a", span } : name,
        group,
        modifiers,
        span,
      })),
    { minLength: 1, maxLength: 3 },
  ),
}));

const strategy: fc.Arbitrary<{ strategy: SkipSyntax; orFail: boolean }> = fc.oneof(
  fc.constantFrom("none", "toNext", "pastLastEvent").map((kind) => ({
    strategy: { kind } as SkipSyntax,
    orFail: false,
  })),
  fc
    .tuple(fc.constantFrom("toFirst", "toLast"), name, fc.boolean())
    .map(([kind, stage, orFail]) => ({ strategy: { kind, stage } as SkipSyntax, orFail })),
);

const patternClause: fc.Arbitrary<PatternClause> = fc.oneof(
  duration.map((duration): PatternClause => ({ kind: "within", duration, span })),
  strategy.map((skip): PatternClause => ({ kind: "skip", ...skip, span })),
);

const pattern: fc.Arbitrary<Pattern> = fc.record({
  stages,
  clauses: fc.array(patternClause, { maxLength: 2 }),
  span: fc.constant(span),
});

// ---- window --------------------------------------------------------------------------------------------------------

const count: fc.Arbitrary<Count> = whole.map((value) => ({ value, span }));

const assigner: fc.Arbitrary<Assigner> = fc.oneof(
  fc
    .tuple(duration, fc.option(duration), fc.option(text))
    .map(([size, offset, zone]): Assigner => ({ kind: "tumbling", size, offset, zone, span })),
  fc
    .tuple(duration, duration, fc.option(duration))
    .map(([size, every, offset]): Assigner => ({ kind: "sliding", size, every, offset, span })),
  duration.map((gap): Assigner => ({ kind: "session", gap, span })),
  fc.tuple(count, fc.option(count)).map(([size, every]): Assigner => ({ kind: "count", size, every, span })),
  fc.constant<Assigner>({ kind: "global", span }),
);

const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.constantFrom("onClose" as const, "onEvent" as const).map((kind): Trigger => ({ kind })),
  duration.map((interval): Trigger => ({ kind: "everyTime", interval })),
  count.map((count): Trigger => ({ kind: "everyCount", count })),
);

const windowClause: fc.Arbitrary<WindowClause> = fc.oneof(
  duration.map((duration): WindowClause => ({ kind: "lateness", duration, span })),
  trigger.map((when): WindowClause => ({ kind: "trigger", when, span })),
  fc.constant<WindowClause>({ kind: "purging", span }),
  duration.map((duration): WindowClause => ({ kind: "evict", keep: { kind: "time", duration }, span })),
  count.map((count): WindowClause => ({ kind: "evict", keep: { kind: "count", count }, span })),
  plain.map((condition): WindowClause => ({ kind: "having", condition, span })),
);

const window: fc.Arbitrary<Window> = fc.record({
  assigner,
  clauses: fc.array(windowClause, { maxLength: 3 }),
  span: fc.constant(span),
});

// ---- rule clauses --------------------------------------------------------------------------------------------------

const entries: fc.Arbitrary<EmitEntry[]> = fc.array(
  fc.record({ name, value: interpolating, span: fc.constant(span) }),
  { maxLength: 3 },
);

const ruleClause: fc.Arbitrary<RuleClause> = fc.oneof(
  name.map((level): RuleClause => ({ kind: "severity", level, span })),
  few(text).map((tags): RuleClause => ({ kind: "tags", tags, span })),
  text.map((text): RuleClause => ({ kind: "description", text, span })),
  fc.tuple(few(name), fc.option(plain)).map(([streams, where]): RuleClause => ({ kind: "from", streams, where, span })),
  few(plain).map((keys): RuleClause => ({ kind: "keyBy", keys, span })),
  pattern.map((pattern): RuleClause => ({ kind: "pattern", pattern, span })),
  window.map((window): RuleClause => ({ kind: "window", window, span })),
  entries.map((entries): RuleClause => ({ kind: "emit", entries, span })),
  entries.map((entries): RuleClause => ({ kind: "onTimeoutEmit", entries, span })),
  fc
    .tuple(duration, fc.option(plain))
    .map(([duration, by]): RuleClause => ({ kind: "suppress", for: duration, by, span })),
  few(name).map((destinations): RuleClause => ({ kind: "deliver", destinations, span })),
);

const block: fc.Arbitrary<Block> = fc.oneof(
  fc
    .tuple(name, fc.array(streamClause, { maxLength: 4 }))
    .map(([name, clauses]): Block => ({ kind: "stream", name, clauses, span })),
  fc
    .tuple(name, fc.option(text), fc.array(ruleClause, { maxLength: 4 }))
    .map(([name, title, clauses]): Block => ({ kind: "rule", name, title, clauses, span })),
);

export const ruleFile: fc.Arbitrary<RuleFile> = fc.array(block, { maxLength: 2 }).map((blocks) => ({ blocks }));

/** The tree without its spans: what it says, not where. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) =>
      key === "span" || key === "contiguitySpan" ? [] : [[key, withoutSpans(child)]],
    ),
  );
}

/** Spans aside. Jest's own comparison is slow, and only needed for its message. */
export function expectSameTree(actual: unknown, expected: unknown): void {
  const [a, b] = [withoutSpans(actual), withoutSpans(expected)];
  if (!isDeepStrictEqual(a, b)) expect(a).toEqual(b);
}
