/**
 * How a chunk of records lies in the database: a text in UTF-8, deflated with zlib's header. A format is never changed, only
 * added; `test/vectors/log` holds bytes of each. The text of format 1 is a JSON array of the records, that of format 2 is
 * `chunk-text`'s.
 */

import { promisify } from "node:util";
import { constants, deflate, deflateSync, inflate, type ZlibOptions } from "node:zlib";
import { assert } from "../core/assert.ts";
import type { LogRecord } from "../engine/log/log-record.ts";
import { chunkText, recordsIn } from "./chunk-text.ts";

export interface EncodedChunk {
  readonly format: number;
  readonly rawBytes: number;
  readonly body: Buffer;
}

const deflatedAside = promisify<Buffer, ZlibOptions, Buffer>(deflate);
const inflated = promisify<Buffer, Buffer>(inflate);

const FORMAT = 2;

/** Level 1 makes an event of 165 bytes into 34, at three times the speed of the default. */
const LEVEL = constants.Z_BEST_SPEED;

/** Below it, handing the work to another thread costs more than the work. */
const ASIDE_FROM_BYTES = 32 * 1024;

/** `texts[i]` says what the data of the event `records[i]` says, where it is at hand. */
export async function encodeChunk(
  records: readonly LogRecord[],
  texts: readonly (string | undefined)[] = [],
): Promise<EncodedChunk> {
  const raw = Buffer.from(chunkText(records, texts));
  return { format: FORMAT, rawBytes: raw.length, body: await deflated(raw) };
}

export async function decodeChunk({
  format,
  body,
}: Pick<EncodedChunk, "format" | "body">): Promise<readonly LogRecord[]> {
  assert(format <= FORMAT, `chunk format ${format} is newer than this version of Tripline`);
  const text = (await inflated(body)).toString();
  return format === 1 ? (JSON.parse(text) as LogRecord[]) : recordsIn(text);
}

async function deflated(raw: Buffer): Promise<Buffer> {
  if (raw.length < ASIDE_FROM_BYTES) return deflateSync(raw, { level: LEVEL });
  // Room for all of it: each further piece would be a way to the other thread and back.
  return await deflatedAside(raw, { level: LEVEL, chunkSize: raw.length });
}
