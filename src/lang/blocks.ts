/**
 * Blocks: a file cut at the braces of its `stream` and `rule` blocks, so that each is parsed by itself. An error in one
 * says nothing about the others, and the cost grows with the number of blocks, not faster.
 */

import { limits } from "../core/limits.ts";
import { BlockScanner } from "./block-scanner.ts";
import { type Comment, type Position, type Token, advance, endOf } from "./tokens.ts";

export interface SourceBlock {
  /** Without comments and white space; their offsets are the file's. None after a file's last block. */
  readonly tokens: readonly Token[];
  /** Before the block and in it. */
  readonly comments: readonly Comment[];
  /** Braces that nothing closes, outermost first. */
  readonly openBraces: readonly Token[];
  /** Why it is not to be parsed. */
  readonly refusal: Refusal | null;
}

export interface Refusal {
  readonly kind: "tooLong" | "tooMany" | "tooDeep";
  readonly at: Token;
}

/**
 * `rule NAME {` or `stream NAME {` at the beginning of a line can only open a block: inside one, a brace comes after one
 * of four words or a colon. So a block whose brace was forgotten ends there at the latest.
 */
const HEADER =
  /^(?:rule|stream)[ \t]+(?!(?:pattern|window|emit|schema)[ \t]*\{)\w+[ \t]*(?:"[^"\n]*"[ \t]*|'[^'\n]*'[ \t]*)?\{/gm;

export function* splitBlocks(source: string): Generator<SourceBlock> {
  const headers = Array.from(source.matchAll(HEADER), ({ index }) => index);
  let header = 0;
  let position: Position = { offset: source.startsWith("\uFEFF") ? 1 : 0, line: 1, column: 1 };
  for (;;) {
    const { start, comments } = skipGap(source, position);
    if (start.offset === source.length) {
      yield { tokens: [], comments, openBraces: [], refusal: null };
      return;
    }
    while (header < headers.length && headers[header]! <= start.offset) header++;
    const { block, end } = scanBlock(source, start, headers[header] ?? source.length);
    yield { ...block, comments: [...comments, ...block.comments] };
    position = end;
  }
}

const SPACE = /[ \t\r\n]+/y;
const COMMENT = /#[^\n]*/y;

/** White space and comments before a block do not count against its length. */
function skipGap(source: string, from: Position): { start: Position; comments: Comment[] } {
  const comments: Comment[] = [];
  let start = from;
  for (;;) {
    SPACE.lastIndex = COMMENT.lastIndex = start.offset;
    if (SPACE.test(source)) {
      start = advance(source, start, SPACE.lastIndex);
    } else if (COMMENT.test(source)) {
      const text = source.slice(start.offset, COMMENT.lastIndex);
      comments.push({ ...start, text: text.trimEnd() });
      start = { ...start, offset: COMMENT.lastIndex, column: start.column + text.length };
    } else {
      return { start, comments };
    }
  }
}

/** The block at `start`, which ends at its closing brace or, without one, at the next block's header. */
function scanBlock(source: string, start: Position, nextHeader: number): { block: SourceBlock; end: Position } {
  const reach = Math.min(nextHeader, start.offset + limits.ruleBytesMax + 1);
  const scanner = new BlockScanner(source.slice(start.offset, reach), start);
  const closed = scanner.readBlock();
  const { tokens, comments, openBraces, tooDeep } = scanner;

  const first = tokens[0]!;
  const end = closed ? endOf(tokens.at(-1)!) : advance(source, start, nextHeader);
  const length = closed ? Buffer.byteLength(source.slice(start.offset, end.offset)) : nextHeader - start.offset;
  // What does not even begin as a block is better answered by naming the word that is wrong.
  const isBlock = first.text === "rule" || first.text === "stream";
  let refusal: Refusal | null = null;
  if (isBlock && length > limits.ruleBytesMax) refusal = { kind: "tooLong", at: first };
  else if (isBlock && tokens.length > limits.ruleTokensMax) refusal = { kind: "tooMany", at: first };
  else if (tooDeep !== null) refusal = { kind: "tooDeep", at: tooDeep };
  return { block: { tokens, comments, openBraces, refusal }, end };
}
