/** Random texts of the language, derived from the grammar's own productions: in every way of writing, sensible or not. */

import grammar from "../../src/lang/grammar.generated.ts";

type Symbol = (typeof grammar.ParserRules)[number]["symbols"][number];

/** A generator of numbers in [0, 1). */
export type Random = () => number;

/** From a seed, the same in every run (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TOKENS: Readonly<Record<string, readonly string[]>> = {
  text: ['"a"', "'b'", '"\\n"'],
  ignoreCaseText: ['"a*"i', "'b'i"],
  integer: ["0", "12"],
  number: ["1.5", "2e3"],
  duration: ["10s", "1h30m"],
  constant: ["true", "false", "null"],
  comparator: ["==", "!=", "<", "<=", ">", ">="],
  additive: ["+", "-"],
  multiplicative: ["*", "/", "%"],
  matcher: ["like", "matches"],
  templateStart: ['"'],
  templateEnd: ['"'],
  chunk: ["c"],
  holeStart: ["${"],
  holeEnd: ["}"],
};

const rulesOf = new Map<string, typeof grammar.ParserRules>();
for (const rule of grammar.ParserRules) rulesOf.set(rule.name, [...(rulesOf.get(rule.name) ?? []), rule]);
const words = grammar.ParserRules.flatMap(({ symbols }) =>
  symbols.flatMap((symbol) => (typeof symbol === "object" && "literal" in symbol ? [String(symbol.literal)] : [])),
).filter((word) => /^[a-z]\w+$/i.test(word) && !["and", "or", "not", "in"].includes(word));

/** How many productions deep the shortest text of each production goes, so that deriving one comes to an end. */
const depths = new Map<string, number>();
for (let changed = true; changed;) {
  changed = false;
  for (const { name, symbols } of grammar.ParserRules) {
    const depth = 1 + Math.max(0, ...symbols.map(depthOf));
    if (depth < (depths.get(name) ?? Number.POSITIVE_INFINITY)) {
      depths.set(name, depth);
      changed = true;
    }
  }
}

function depthOf(symbol: Symbol): number {
  return typeof symbol === "string" ? (depths.get(symbol) ?? Number.POSITIVE_INFINITY) : 0;
}

/** Tokens with spaces between them. `without` names productions that are not used. */
export function derive(
  production: string,
  { random, depth, without = [] }: { random: Random; depth: number; without?: readonly string[] },
): string {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const expand = (symbol: Symbol, left: number): string[] => {
    if (typeof symbol === "string") {
      const usable = rulesOf
        .get(symbol)!
        .filter(({ symbols }) => !symbols.some((part) => typeof part === "string" && without.includes(part)));
      const shortest = Math.min(...usable.map(({ symbols }) => Math.max(0, ...symbols.map(depthOf))));
      const fitting = usable.filter(({ symbols }) => Math.max(0, ...symbols.map(depthOf)) <= Math.max(left, shortest));
      return pick(fitting).symbols.flatMap((part) => expand(part, left - 1));
    }
    if ("literal" in symbol) return [String(symbol.literal)];
    const { type } = symbol as unknown as { readonly type: string };
    return [type === "name" ? pick(random() < 0.7 ? words : ["a", "b"]) : pick(TOKENS[type]!)];
  };
  return expand(production, depth).join(" ");
}
