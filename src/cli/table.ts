/** Answers laid out for people: columns, sizes and times. */

/** The columns are as wide as their widest cell; the last is not filled up. No lines for no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

/** Names in front of what is said of them. */
export function named(entries: readonly (readonly [name: string, ...lines: string[]])[]): readonly string[] {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.flatMap(([name, ...lines]) =>
    lines.map((line, index) => `${(index === 0 ? name : "").padEnd(width)}  ${line}`),
  );
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `345.6 kB`. */
export function size(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return `${unit === 0 ? bytes : (bytes / 1000 ** unit).toFixed(1)} ${UNITS[unit]!}`;
}
