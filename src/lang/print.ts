/** Printing: a syntax tree as text in the canonical layout, from which parsing gives the same tree again. */

import type { RuleFile } from "./ast.ts";
import { type SourceLine, sourceLines } from "./source-lines.ts";

export { printExpr } from "./print-expr.ts";

const INDENT = "  ";
const WIDTH = 110;

export function printFile(file: RuleFile): string {
  const rows: Row[] = [];
  for (const line of sourceLines(file)) {
    if (line.depth === 0 && line.kind !== "close" && rows.length > 0) rows.push({ kind: "blank" });
    rows.push({ kind: "line", line, comment: null });
  }
  return render(rows);
}

/** One row of the layout, or several where the line is too long for one. */
export type Row =
  | { readonly kind: "blank" }
  | { readonly kind: "comment"; readonly depth: number; readonly text: string }
  | { readonly kind: "line"; readonly line: SourceLine; readonly comment: string | null };

export function render(rows: readonly Row[]): string {
  const texts: string[] = [];
  for (let index = 0; index < rows.length;) {
    const run = alignedRun(rows, index);
    texts.push(...renderRun(run));
    index += run.length;
  }
  return texts.map((text) => `${text}\n`).join("");
}

/** Rows from `start` on whose cells stand below each other: of one kind and depth, with nothing between them. */
function alignedRun(rows: readonly Row[], start: number): readonly Row[] {
  const first = rows[start]!;
  if (!isAligned(first)) return [first];
  let end = start + 1;
  for (let next = rows[end]; next !== undefined; next = rows[++end]) {
    if (!isAligned(next) || next.line.kind !== first.line.kind || next.line.depth !== first.line.depth) break;
  }
  return rows.slice(start, end);
}

function isAligned(row: Row): row is Extract<Row, { kind: "line" }> {
  return row.kind === "line" && row.line.cells.length > 0 && fits(row.line);
}

function renderRun(rows: readonly Row[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    if (row.kind !== "line") continue;
    for (const [index, cell] of row.line.cells.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  const texts = rows.map((row) => renderRow(row, widths));
  const column = Math.max(...texts.map((text, index) => (commentOf(rows[index]!) === null ? 0 : text.at(-1)!.length)));
  return texts.flatMap((text, index) => {
    const comment = commentOf(rows[index]!);
    return comment === null ? text : [...text.slice(0, -1), `${text.at(-1)!.padEnd(column)}  ${comment}`];
  });
}

function commentOf(row: Row): string | null {
  return row.kind === "line" ? row.comment : null;
}

function renderRow(row: Row, widths: readonly number[]): string[] {
  switch (row.kind) {
    case "blank":
      return [""];
    case "comment":
      return [`${INDENT.repeat(row.depth)}${row.text}`];
    case "line":
      return fits(row.line) ? [renderFlat(row.line, widths)] : renderCut(row.line);
  }
}

function renderFlat({ depth, cells, pieces }: SourceLine, widths: readonly number[]): string {
  const padded = cells.map((cell, index) => cell.padEnd(widths[index] ?? 0));
  return `${INDENT.repeat(depth)}${[...padded, ...pieces.flat()].join(" ")}`.trimEnd();
}

function fits(line: SourceLine): boolean {
  return line.pieces.flat().length < 2 || renderFlat(line, []).length <= WIDTH;
}

/**
 * Each piece on a row of its own; one that is still too long is cut at its `and`, `or` or commas. A clause's and an entry's
 * first piece goes on the row of its name, as it does where nothing is cut.
 */
function renderCut({ depth, cells, pieces, kind }: SourceLine): string[] {
  const head = `${INDENT.repeat(depth)}${cells.join(" ")}`;
  const [inner, further] = [INDENT.repeat(depth + 2), INDENT.repeat(depth + 3)];
  const [first, ...others] = pieces;
  const isNamed = (kind === "clause" || kind === "entry") && first !== undefined;
  const begun = isNamed ? lay(first, { first: `${head} `, rest: inner }) : cells.length === 0 ? [] : [head];
  return [...begun, ...(isNamed ? others : pieces).flatMap((piece) => lay(piece, { first: inner, rest: further }))];
}

/** A piece on one row, or its parts on several, where items of a list stand on one row as far as they fit. */
function lay(parts: readonly string[], before: { readonly first: string; readonly rest: string }): string[] {
  const flat = `${before.first}${parts.join(" ")}`;
  if (flat.length <= WIDTH) return [flat];
  const rows = [`${before.first}${parts[0]!}`];
  for (const part of parts.slice(1)) {
    const filled = `${rows.at(-1)!} ${part}`;
    if (rows.at(-1)!.endsWith(",") && filled.length <= WIDTH) rows[rows.length - 1] = filled;
    else rows.push(`${before.rest}${part}`);
  }
  return rows;
}
