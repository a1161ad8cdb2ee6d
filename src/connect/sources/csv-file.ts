/** CSV files as a source: typed rows, by the names in the header or by their order. */

import { UserError } from "../../core/errors.ts";
import { decodeUtf8 } from "../../core/json.ts";
import { nearest } from "../../core/nearest.ts";
import type { Source } from "../../stream/index.ts";
import { parseCsvRecord, type CsvDialect } from "../csv.ts";
import type { CsvType } from "./csv-types.ts";
import { fileSource, linesOf, type FileBody, type FileOptions } from "./file-source.ts";
import { messageOf } from "../job-failure.ts";

/** What becomes of each column that is wanted: `{ name: csvText, amount: csvNumber }`. */
export type CsvColumns<T> = { readonly [K in keyof T]: CsvType<T[K]> };

export interface CsvFileOptions<T> extends FileOptions, CsvDialect {
  readonly columns: CsvColumns<T>;
  /** Whether the first record has the columns' names; they may come in any order, and others among them. Default: true. */
  readonly header?: boolean;
}

/** UserErrors while it is read: `csv-header`, `malformed-line`, `file-shrunk`. */
export function csvFile<T extends object>({
  columns,
  header = true,
  delimiter = ",",
  ...options
}: CsvFileOptions<T>): Source<T, number> {
  checkDelimiter(delimiter);
  const wanted = Object.entries(columns) as [keyof T & string, CsvType<T[keyof T]>][];
  const names = wanted.map(([name]) => name);
  const begin = async (path: string, signal: AbortSignal): Promise<FileBody<T>> => {
    const head = header ? await headerOf(path, { delimiter, signal }) : { start: 0, names };
    const places = header ? placesIn(head.names, { names, path }) : names.map((_, place) => place);
    const decode = (line: Buffer): T => {
      const fields = parseCsvRecord(decodeUtf8(line), { delimiter });
      if (fields.length !== head.names.length) throw wrongCount(fields.length, head.names.length);
      return Object.fromEntries(
        wanted.map(([name, type], i) => [name, typed(fields[places[i]!]!, { type, name })]),
      ) as unknown as T;
    };
    return { start: head.start, decode };
  };
  return fileSource({ name: "CSV", mayQuote: true, begin }, options);
}

interface Header {
  readonly names: readonly string[];
  /** The byte behind it. */
  readonly start: number;
}

async function headerOf(
  path: string,
  { delimiter, signal }: { readonly delimiter: string; readonly signal: AbortSignal },
): Promise<Header> {
  for await (const [first] of linesOf(path, { from: 0, mayQuote: true, signal })) {
    if (first?.kind === "line") {
      return { names: parseCsvRecord(decodeUtf8(first.bytes), { delimiter }), start: first.end };
    }
  }
  throw badHeader(path, "has no header; expected the names of its columns in its first line");
}

function placesIn(
  found: readonly string[],
  { names, path }: { readonly names: readonly string[]; readonly path: string },
): readonly number[] {
  return names.map((name) => {
    const place = found.indexOf(name);
    if (place >= 0) return place;
    const near = nearest(name, found);
    const meant = near === null ? "" : `; did you mean ${JSON.stringify(near)}?`;
    throw badHeader(path, `has the columns ${found.join(", ")}, and no ${JSON.stringify(name)}${meant}`);
  });
}

function typed<V>(text: string, { type, name }: { readonly type: CsvType<V>; readonly name: string }): V {
  try {
    return type(text);
  } catch (error) {
    throw new Error(`column ${JSON.stringify(name)}: ${messageOf(error)}`, { cause: error });
  }
}

function wrongCount(found: number, expected: number): Error {
  return new Error(`found ${found} fields; expected ${expected}`);
}

function badHeader(path: string, what: string): UserError {
  return new UserError({
    code: "csv-header",
    message: `${path} ${what}`,
    hint: "where the first record is no header, `header: false` takes the columns in the order in which they are declared",
  });
}

function checkDelimiter(delimiter: string): void {
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return;
  throw new UserError({
    code: "bad-argument",
    message: `the delimiter of CSV is ${JSON.stringify(delimiter)}; expected one character, and no quote or line end`,
    hint: "a tab is `\\t`",
  });
}
