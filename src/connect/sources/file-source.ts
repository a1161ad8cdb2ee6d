/** A source out of files that are read by line: a split is a file, a position the byte behind the last record that was read. */

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { UserError } from "../../core/errors.ts";
import { isBlank, splitLines, type Line } from "../../core/lines.ts";
import { limits } from "../../core/limits.ts";
import type { Source, SourceBatch } from "../../stream/index.ts";
import { messageOf } from "../job-failure.ts";

export interface FileOptions {
  /** Each file is a split, and is read as it is when the job comes to it. */
  readonly paths: string | readonly string[];
  /** Told of a line that is none of the format, which is left out then. Default: the job fails. */
  readonly onMalformed?: (error: UserError) => void;
}

export interface FileFormat<T> {
  /** `NDJSON`. */
  readonly name: string;
  /** Whether a record may be of several lines, inside of double quotes. */
  readonly mayQuote: boolean;
  /** What comes before the records says how they are to be read. */
  begin(path: string, signal: AbortSignal): Promise<FileBody<T>>;
}

export interface FileBody<T> {
  /** The byte where the first record begins. */
  readonly start: number;
  /** Throws for what is no record. */
  readonly decode: (line: Buffer) => T;
}

/** UserError `bad-argument` without a file. */
export function fileSource<T>(format: FileFormat<T>, { paths, onMalformed }: FileOptions): Source<T, number> {
  const files = typeof paths === "string" ? [paths] : paths;
  if (files.length === 0) {
    throw new UserError({
      code: "bad-argument",
      message: `a source of ${format.name} files has no file; expected at least one`,
    });
  }
  return {
    does: `${format.name} ${files.join(", ")}`,
    boundedness: "bounded",
    isReplayable: true,
    splits: () => files,
    async *read({ split, from, signal }) {
      const { start, decode } = await format.begin(split, signal);
      let position = from ?? start;
      for await (const lines of linesOf(split, { from: position, mayQuote: format.mayQuote, signal })) {
        const batch = decoded(lines, { decode, at: position, path: split, onMalformed });
        position = batch.position;
        yield batch;
      }
    },
  };
}

/** In batches of what was read at once. UserError `file-shrunk` for a file that does not go so far. */
export async function* linesOf(
  path: string,
  { from, mayQuote, signal }: { readonly from: number; readonly mayQuote: boolean; readonly signal: AbortSignal },
): AsyncGenerator<readonly Line[]> {
  const { size } = await stat(path);
  if (size < from) throw shrunk(path, { size, from });
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { start: from, signal });
  for await (const lines of splitLines(chunks, { from, mayQuote, bytesMax: limits.lineBytesMax })) {
    for (let at = 0; at < lines.length; at += limits.sourceBatchRecordsMax) {
      yield lines.slice(at, at + limits.sourceBatchRecordsMax);
    }
  }
}

interface Decoding<T> extends Pick<FileBody<T>, "decode"> {
  readonly onMalformed: FileOptions["onMalformed"] | undefined;
  readonly path: string;
  /** Where the first line begins. */
  readonly at: number;
}

function decoded<T>(lines: readonly Line[], { decode, path, at, onMalformed }: Decoding<T>): SourceBatch<T, number> {
  const values: T[] = [];
  let position = at;
  for (const line of lines) {
    try {
      if (line.kind === "over-long") throw overLong(line.length);
      if (!isBlank(line.bytes)) values.push(decode(line.bytes));
    } catch (error) {
      const malformed = malformedAt(`${path}, at byte ${position}`, error);
      if (onMalformed === undefined) throw malformed;
      onMalformed(malformed);
    }
    position = line.end;
  }
  return { values, position };
}

function malformedAt(place: string, error: unknown): UserError {
  return new UserError({
    code: "malformed-line",
    message: `${place}: ${messageOf(error)}`,
    hint: "mend the file, or have such lines left out: `onMalformed`",
  });
}

function overLong(length: number): Error {
  return new Error(`the line has ${length} bytes; expected ${limits.lineBytesMax} at most`);
}

function shrunk(path: string, { size, from }: { readonly size: number; readonly from: number }): UserError {
  return new UserError({
    code: "file-shrunk",
    message: `${path} has ${size} bytes, and was read up to byte ${from} before; expected the same file, or one with more behind it`,
    hint: "begin anew, without the checkpoint",
  });
}
