/**
 * How a chunk lies in a store and in a savepoint's file: a byte that says the encoding, then the chunk. A format is never
 * changed, only added. Format 1: deflated, with zlib's header.
 */

import { hash } from "node:crypto";
import { promisify } from "node:util";
import { constants, deflate, inflate } from "node:zlib";
import { assert } from "../../core/assert.ts";
import { limits } from "../../core/limits.ts";
import { CheckpointFault, type ChunkReference, type NewChunk } from "../../engine/checkpoint/checkpoint-port.ts";
import type { SealedChunk } from "./backend.ts";

const DEFLATED = 1;

const deflated = promisify<Uint8Array, { level: number }, Buffer>(deflate);
const inflated = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate);

export async function seal({ id, bytes, body }: NewChunk): Promise<SealedChunk> {
  assert(bytes <= limits.checkpointChunkBytesMax, `a chunk of ${bytes} bytes is more than one may have`);
  const packed = await deflated(body, { level: constants.Z_BEST_SPEED });
  return { id, sealed: Buffer.concat([Buffer.of(DEFLATED), packed]) };
}

/** CheckpointFault unless it is, to the byte, what the reference says. */
export async function unseal({ id, bytes }: ChunkReference, sealed: Uint8Array): Promise<Uint8Array> {
  if (sealed[0] !== undefined && sealed[0] !== DEFLATED) {
    throw new CheckpointFault({
      code: "checkpoint-foreign",
      message: `the chunk ${id} is in the format ${sealed[0]}, and this version reads the format ${DEFLATED}`,
      hint: "use the version of Tripline that wrote it, or one after it",
    });
  }
  const body = await inflated(sealed.subarray(1), { maxOutputLength: Math.max(bytes, 1) }).catch(() => null);
  if (body !== null && hash("sha256", body, "hex") === id) return body;
  throw new CheckpointFault({
    code: "checkpoint-torn",
    message: `the chunk ${id} is damaged: it is not what was written`,
  });
}
