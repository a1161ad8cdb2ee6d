/** Request bodies, read from the socket as they come: counted, decompressed, never held beyond their limit. */

import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import { isTooDeep } from "../core/depth.ts";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { Context } from "./context.ts";
import { parseJson } from "../core/json.ts";
import { mediaType, unsupportedMediaType } from "./media-type.ts";
import { RequestError } from "./problem.ts";

/**
 * The body's bytes, decompressed. Breaking off leaves the request whole: the answer still goes out, and what is not
 * read is discarded behind it (`discard.ts`).
 */
export async function* chunksOf(incoming: IncomingMessage): AsyncGenerator<Buffer> {
  const encoding = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") yield* incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  else if (encoding === "gzip" || encoding === "x-gzip") yield* gunzipped(incoming);
  else throw unsupportedEncoding(encoding);
}

export interface BodyLimit {
  readonly bytesMax: number;
  /** What the body is called when it is refused. */
  readonly what: string;
}

/** The whole body; UserError `document-too-large` as early as its length is known to be above the limit. */
export async function readBody(incoming: IncomingMessage, limit: BodyLimit): Promise<Buffer> {
  if (Number(incoming.headers["content-length"]) > limit.bytesMax) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunksOf(incoming)) {
    length += chunk.length;
    if (length > limit.bytesMax) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A JSON document, unparsed; UserErrors `document-too-large`, `empty-body`. */
export async function readJsonBytes(c: Context): Promise<Buffer> {
  const body = await readBody(c.env.incoming, { bytesMax: limits.documentBytesMax, what: "JSON document" });
  if (body.length === 0) throw emptyBody("a JSON document");
  return body;
}

/** A JSON document with settings in it; UserErrors also `unsupported-media-type`, `bad-encoding`, `bad-json`, `bad-body`. */
export async function readJson(c: Context): Promise<Json> {
  const type = mediaType(c) ?? "application/json";
  if (type !== "application/json") throw unsupportedMediaType(type, ["application/json"]);
  const document = parseJson(await readJsonBytes(c));
  if (!isTooDeep(document, limits.nestingDepthMax)) return document;
  throw new UserError({
    code: "bad-body",
    message: `the document nests deeper than ${limits.nestingDepthMax} levels`,
  });
}

export function emptyBody(expected: string): UserError {
  return new UserError({
    code: "empty-body",
    message: `the body is empty; expected ${expected}`,
    hint: "with curl: `--data-binary @file`",
  });
}

async function* gunzipped(incoming: IncomingMessage): AsyncGenerator<Buffer> {
  // Not `pipeline`: it would destroy the request, and with it the socket that the refusal has to go through.
  const gunzip = createGunzip();
  incoming.once("error", (error) => gunzip.destroy(error));
  incoming.pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if (isZlibError(error)) {
      throw new UserError({ code: "bad-encoding", message: `the body is not whole gzip data: ${error.message}` });
    }
    throw error;
  } finally {
    incoming.unpipe(gunzip);
    gunzip.destroy();
  }
}

function isZlibError(error: unknown): error is Error {
  return String((error as { code?: unknown }).code).startsWith("Z_");
}

function tooLarge({ bytesMax, what }: BodyLimit): UserError {
  return new UserError({
    code: "document-too-large",
    message: `the body is longer than ${bytesMax} bytes, which is all that one ${what} may have`,
    hint: "send it in parts; events as newline-delimited JSON (`application/x-ndjson`) have no upper count",
  });
}

function unsupportedEncoding(encoding: string): RequestError {
  return new RequestError(
    {
      code: "unsupported-encoding",
      message: `content-encoding \`${encoding}\` is not known here; expected \`gzip\` or none`,
    },
    { headers: { "accept-encoding": "gzip, identity" } },
  );
}
