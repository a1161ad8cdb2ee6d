/** Parsing: rule text to syntax tree, or to diagnostics that say what was found and what could have stood there. */

import { limits } from "../core/limits.ts";
import type { Block, Expr, RuleFile } from "./ast.ts";
import { BlockScanner } from "./block-scanner.ts";
import { type SourceBlock, splitBlocks } from "./blocks.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { parseTokens } from "./earley.ts";
import { blockTooLong, fileTooLong, tooDeep, tooManyErrors, tooManyTokens } from "./limit-error.ts";
import { syntaxError } from "./syntax-error.ts";
import { type Comment, spanOf } from "./tokens.ts";

export interface ParsedFile {
  /** Null when there is any error. */
  readonly file: RuleFile | null;
  /** At most one for each block, in the text's order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws on a text, whatever is in it. */
export function parseFile(source: string): ParsedFile {
  const { file, diagnostics } = readSource(source);
  return { file, diagnostics };
}

/** With the comments, which are no part of the tree. */
export function readSource(source: string): ParsedFile & { readonly comments: readonly Comment[] } {
  const blocks: Block[] = [];
  const comments: Comment[] = [];
  const diagnostics: Diagnostic[] = [];
  if (isLongerThan(source, limits.ruleFileBytesMax)) diagnostics.push(fileTooLong());
  for (const block of diagnostics.length === 0 ? splitBlocks(source) : []) {
    for (const comment of block.comments) comments.push(comment);
    const [header] = block.tokens;
    if (header === undefined) continue;
    if (diagnostics.length === limits.diagnosticsListedMax) {
      diagnostics.push(tooManyErrors(spanOf(header)));
      break;
    }
    const parsed = parseBlock(block);
    if ("code" in parsed) diagnostics.push(parsed);
    else blocks.push(parsed);
  }
  return { file: diagnostics.length === 0 ? { blocks } : null, comments, diagnostics };
}

function parseBlock({ tokens, openBraces, refusal }: SourceBlock): Block | Diagnostic {
  if (refusal !== null) return REFUSALS[refusal.kind](refusal.at);
  const result = parseTokens(tokens, "block");
  return result.ok ? (result.tree as Block) : syntaxError({ ...result, tokens, openBraces });
}

const REFUSALS = { tooLong: blockTooLong, tooMany: tooManyTokens, tooDeep } as const;

export interface ParsedExpression {
  readonly expression: Expr | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** One expression by itself; its strings interpolate where they would in `emit`. */
export function parseExpression(source: string, { interpolates = false } = {}): ParsedExpression {
  const refused = (diagnostic: Diagnostic): ParsedExpression => ({ expression: null, diagnostics: [diagnostic] });
  const scanner = new BlockScanner(
    source.slice(0, limits.ruleBytesMax + 1),
    { offset: 0, line: 1, column: 1 },
    { interpolates },
  );
  scanner.readAll();
  const { tokens, openBraces } = scanner;
  if (isLongerThan(source, limits.ruleBytesMax)) return refused(fileTooLong());
  if (scanner.tooDeep !== null) return refused(tooDeep(scanner.tooDeep));
  const result = parseTokens(tokens, "expression");
  if (!result.ok) return refused(syntaxError({ ...result, tokens, openBraces }));
  return { expression: result.tree as Expr, diagnostics: [] };
}

/** UTF-8 bytes, counted only where the number of characters leaves it open. */
function isLongerThan(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes);
}
