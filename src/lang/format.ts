/** Formatting: a source in its canonical layout, with its comments and the blank lines between its groups of lines. */

import type { Diagnostic } from "./diagnostic.ts";
import { readSource } from "./parse.ts";
import { type Row, render } from "./print.ts";
import { type SourceLine, sourceLines } from "./source-lines.ts";
import type { Comment } from "./tokens.ts";

export type Formatted = { readonly text: string } | { readonly diagnostics: readonly Diagnostic[] };

/** Formatting what is formatted changes nothing. */
export function formatSource(source: string): Formatted {
  const { file, comments, diagnostics } = readSource(source);
  if (file === null) return { diagnostics };
  return { text: render(weave(sourceLines(file), comments)) };
}

/** Lines and comments in one order: a comment stays at the end of its line, or comes before the line it was in or above. */
function weave(lines: readonly SourceLine[], comments: readonly Comment[]): Row[] {
  const rows: Row[] = [];
  let next = 0;
  let sourceLine = 0;
  /** Blank lines are kept, one for many, but not at the ends of a block. */
  const separate = (line: number, { atEnd }: { atEnd: boolean }): void => {
    const last = rows.at(-1);
    if (last === undefined || (last.kind === "line" && last.line.kind === "open") || atEnd) return;
    const isBlockEnd = last.kind === "line" && last.line.depth === 0;
    if (isBlockEnd || line > sourceLine + 1) rows.push({ kind: "blank" });
  };

  for (const [index, line] of lines.entries()) {
    for (let comment = comments[next]; comment !== undefined && comment.offset < line.span.end;) {
      const at = Math.min(comment.line, line.span.line);
      separate(at, { atEnd: false });
      rows.push({ kind: "comment", depth: line.kind === "close" ? line.depth + 1 : line.depth, text: comment.text });
      sourceLine = at;
      comment = comments[++next];
    }
    separate(line.span.line, { atEnd: line.kind === "close" });
    const comment = comments[next];
    const isTrailing =
      comment?.line === line.span.endLine &&
      comment.offset < (lines[index + 1]?.span.start ?? Number.POSITIVE_INFINITY);
    if (isTrailing) next++;
    rows.push({ kind: "line", line, comment: isTrailing ? comment.text : null });
    sourceLine = line.span.endLine;
  }
  for (const comment of comments.slice(next)) {
    separate(comment.line, { atEnd: false });
    rows.push({ kind: "comment", depth: 0, text: comment.text });
    sourceLine = comment.line;
  }
  return rows;
}
