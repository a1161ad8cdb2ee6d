/** How values become text in a file, or on a terminal: each a record with its line's end, behind a header that the text begins with. */

import type { Json } from "../../core/event.ts";
import { csvRecord, type CsvDialect } from "../csv.ts";

export interface TextFormat<T> {
  /** Of a file that is begun; with its line's end, or empty. */
  readonly header: string;
  readonly record: (value: T) => string;
}

/** A JSON value a line; what is undefined is null. */
export function ndjsonFormat(): TextFormat<unknown> {
  return { header: "", record: (value) => `${JSON.stringify(value ?? null)}\n` };
}

/** A text a line; what it is for other values is up to the caller. */
export function lineFormat(): TextFormat<string>;
export function lineFormat<T>(textOf: (value: T) => string): TextFormat<T>;
export function lineFormat(textOf: (value: string) => string = (value) => value): TextFormat<string> {
  return { header: "", record: (value) => `${textOf(value)}\n` };
}

export interface CsvFormatOptions<T> extends CsvDialect {
  /** In this order: what of a value is in the column. What is null, or not there, is an empty field; an object is its JSON. */
  readonly columns: Readonly<Record<string, (value: T) => Json>>;
  /** Whether a file begins with the columns' names. Default: true. */
  readonly header?: boolean;
}

export function csvFormat<T>({ columns, header = true, ...dialect }: CsvFormatOptions<T>): TextFormat<T> {
  const fields = Object.values(columns);
  return {
    header: header ? csvRecord(Object.keys(columns), dialect) : "",
    record: (value) =>
      csvRecord(
        fields.map((field) => fieldText(field(value))),
        dialect,
      ),
  };
}

function fieldText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
