/** NDJSON files as a source: a JSON value a line. */

import type { Json } from "../../core/event.ts";
import { parseJson } from "../../core/json.ts";
import type { Source } from "../../stream/index.ts";
import { fileSource, type FileOptions } from "./file-source.ts";

export interface NdjsonFileOptions<T> extends FileOptions {
  /** What a value becomes; whatever it throws makes the line malformed. */
  readonly decode: (json: Json) => T;
}

/** Blank lines are passed over. UserErrors while it is read: `malformed-line`, `file-shrunk`. */
export function ndjsonFile<T>(options: NdjsonFileOptions<T>): Source<T, number>;
export function ndjsonFile(options: FileOptions): Source<Json, number>;
export function ndjsonFile<T>({ decode, ...options }: FileOptions & Partial<NdjsonFileOptions<T>>): Source<T, number> {
  const decoded = decode ?? ((json: Json) => json as T);
  return fileSource(
    {
      name: "NDJSON",
      mayQuote: false,
      begin: async () => ({ start: 0, decode: (line) => decoded(parseJson(line)) }),
    },
    options,
  );
}
