/** A span: a stretch of source text, for diagnostics. Lines and columns count from 1, the end column is exclusive. */

export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** UTF-16 offsets into the source, the end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** From the start of `first` to the end of `last`. */
export function spanning(first: Span, last: Span): Span {
  return {
    line: first.line,
    column: first.column,
    endLine: last.endLine,
    endColumn: last.endColumn,
    start: first.start,
    end: last.end,
  };
}

/** The first word, or words, of `whole`. */
export function wordAt({ line, column, start }: Span, words: string): Span {
  return { line, column, endLine: line, endColumn: column + words.length, start, end: start + words.length };
}
