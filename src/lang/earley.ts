/**
 * The one door to nearley: tokens in, one tree out, or the token at which no reading of the text could go on and what
 * could have stood there.
 */

import nearley from "nearley";

import { assert } from "../core/assert.ts";
import grammar from "./grammar.generated.ts";
import type { Token } from "./tokens.ts";

export type ParseResult =
  | { readonly ok: true; readonly tree: unknown }
  /** `at` is an index into the tokens; their number, when the text ended too early. */
  | { readonly ok: false; readonly at: number; readonly expected: readonly Terminal[] };

/** A token that could have come: a word as written, or a kind of token, and the production it would have stood in. */
export interface Terminal {
  readonly production: string;
  /** Whether the production begins with it. */
  readonly begins: boolean;
  readonly word: string | null;
  readonly type: string | null;
}

type Production = (typeof grammar.ParserRules)[number]["name"];

const compiled = new Map<string, nearley.Grammar>();

function grammarOf(start: Production): nearley.Grammar {
  let known = compiled.get(start);
  if (known === undefined) {
    known = nearley.Grammar.fromCompiled({ ...grammar, ParserStart: start } as nearley.CompiledRules);
    compiled.set(start, known);
  }
  return known;
}

/** Reads `tokens` as the production `start`. More than one reading is a bug in the grammar. */
export function parseTokens(tokens: readonly Token[], start: Production): ParseResult {
  const lexer = new TokenFeed(tokens);
  const parser = new nearley.Parser(grammarOf(start), { lexer });
  // nearley's own message walks the whole chart: 15 s for a thousand parentheses.
  Object.assign(parser, { reportError: () => "no reading goes on" });
  try {
    parser.feed("");
  } catch (error) {
    const at = lexer.consumed - 1;
    if ((error as { token?: unknown }).token !== tokens[at]) throw error;
    return { ok: false, at, expected: expectedBy(parser) };
  }
  const { results } = parser;
  if (results.length === 0) return { ok: false, at: tokens.length, expected: expectedBy(parser) };
  assert(results.length === 1, `${results.length} readings of ${tokens.map(({ text }) => text).join(" ")}`);
  return { ok: true, tree: results[0] };
}

/** Hands tokens that have been read before to nearley, which wants a lexer. */
class TokenFeed implements nearley.Lexer {
  readonly #tokens: readonly Token[];
  consumed = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  next(): Token | undefined {
    return this.#tokens[this.consumed++];
  }

  reset(): void {
    this.consumed = 0;
  }

  save(): nearley.LexerState {
    return {};
  }

  formatError(): string {
    return "";
  }
}

/** What nearley keeps for itself: the states of the last column that want a token. */
interface Chart {
  readonly current: number;
  readonly table: Readonly<Record<number, { readonly scannable: readonly ChartState[] }>>;
}

interface ChartState {
  readonly dot: number;
  readonly rule: { readonly name: string; readonly symbols: readonly { literal?: string; type?: string }[] };
}

function expectedBy(parser: nearley.Parser): Terminal[] {
  const { table, current } = parser as unknown as Chart;
  return table[current]!.scannable.map(({ rule, dot }) => {
    const { literal, type } = rule.symbols[dot]!;
    return { production: rule.name, begins: dot === 0, word: literal ?? null, type: type ?? null };
  });
}
