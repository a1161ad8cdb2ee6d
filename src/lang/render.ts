/** A diagnostic as a person sees it: the message, the place, the source line underlined, and what to try. No newline at its end. */

import type { Diagnostic } from "./diagnostic.ts";

interface Source {
  readonly source: string;
  readonly fileName: string;
}

export function renderDiagnostic(diagnostic: Diagnostic, { source, fileName }: Source): string {
  const { code, severity, message, line, column, hint } = diagnostic;
  const marked = markedLines(diagnostic, source.split("\n"));
  const gutter = Math.max(...marked.map(({ number }) => String(number).length));
  const blank = " ".repeat(gutter);
  const rows = marked.flatMap(({ number, text, underline }, index) => {
    const isLast = index === marked.length - 1;
    const gap = index > 0 && number > marked[index - 1]!.number + 1 ? [`${blank} ...`] : [];
    const note = isLast && hint !== undefined ? ` ${printable(hint)}` : "";
    return [...gap, `${String(number).padStart(gutter)} | ${text}`.trimEnd(), `${blank} | ${underline}${note}`];
  });
  return [
    `${severity}[${code}]: ${printable(message)}`,
    `${blank}--> ${printable(fileName)}:${line}:${column}`,
    `${blank} |`,
    ...rows,
  ].join("\n");
}

interface MarkedLine {
  readonly number: number;
  readonly text: string;
  readonly underline: string;
}

/** The first and the last line of what is meant, each with its part of it underlined. */
function markedLines({ line, column, endLine, endColumn }: Diagnostic, lines: readonly string[]): MarkedLine[] {
  const textOf = (number: number): string => (lines[number - 1] ?? "").replace(/\r$/, "");
  if (line === endLine) return [marked(line, textOf(line), column, endColumn)];
  const first = textOf(line);
  const last = textOf(endLine);
  const indent = last.length - last.trimStart().length;
  return [marked(line, first, column, first.length + 1), marked(endLine, last, indent + 1, endColumn)];
}

const TAB_WIDTH = 4;
const WIDTH = 100;
/** What is shown before the place in a line that is too wide. */
const BEFORE = 40;

/** `from` and `to` are columns, counted from 1. */
function marked(number: number, line: string, from: number, to: number): MarkedLine {
  const before = expanded(line.slice(0, from - 1), 0);
  const meant = expanded(line.slice(from - 1, Math.max(to, from) - 1), before.length);
  const after = expanded(line.slice(Math.max(to, from) - 1), before.length + meant.length);
  const characters = [...before, ...meant, ...after];
  const start =
    characters.length > WIDTH ? Math.max(0, Math.min(before.length - BEFORE, characters.length - WIDTH)) : 0;
  const shown = characters.slice(start, start + WIDTH);
  if (start > 0) shown[0] = "…";
  if (start + WIDTH < characters.length) shown[shown.length - 1] = "…";
  const column = before.length - start;
  const length = Math.max(1, Math.min(meant.length, WIDTH - column));
  return { number, text: shown.join(""), underline: " ".repeat(column) + "^".repeat(length) };
}

/** Characters as they stand on a screen that puts the text at `column`: tabs become spaces. */
function expanded(text: string, column: number): string[] {
  const characters: string[] = [];
  for (const character of text) {
    if (character !== "\t") characters.push(printable(character));
    else
      do characters.push(" ");
      while ((column + characters.length) % TAB_WIDTH !== 0);
  }
  return characters;
}

/** A rule text may come from anywhere: nothing in it steers the terminal or turns the line around. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
