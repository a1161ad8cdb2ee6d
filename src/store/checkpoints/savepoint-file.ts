/**
 * A savepoint as one file, to be carried elsewhere: a line with the format, the manifest, then every chunk it refers to once,
 * in the order of first mention; each of them after its length in four bytes, big-endian. A format is never changed, only
 * added; `test/vectors/savepoints` holds files of each.
 */

import { createWriteStream } from "node:fs";
import { type FileHandle, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { limits } from "../../core/limits.ts";
import { CheckpointFault, type CheckpointManifest } from "../../engine/checkpoint/checkpoint-port.ts";
import type { SealedChunk } from "./backend.ts";
import { unseal } from "./chunk-seal.ts";
import { distinctChunks, readManifest, writeManifest } from "./manifest-text.ts";
import { withFile } from "./open-file.ts";

/** `chunks` are the manifest's distinct ones, in their order. */
export async function* exportFile(
  manifest: CheckpointManifest,
  chunks: AsyncIterable<SealedChunk>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(FIRST_LINE);
  yield framed(Buffer.from(writeManifest(manifest)));
  for await (const { sealed } of chunks) yield framed(sealed);
}

/**
 * Calls `save` with what the file holds; what goes wrong with a chunk goes wrong while `save` takes it. The file is received
 * whole before that: nobody else has to wait for a slow sender.
 */
export async function importFile<T>(
  file: AsyncIterable<Uint8Array>,
  save: (manifest: CheckpointManifest, chunks: AsyncIterable<SealedChunk>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "tripline-import-"));
  try {
    const path = join(folder, "savepoint");
    await pipeline(file, createWriteStream(path));
    return await withFile(path, "r", async (received) => {
      const frames = new Frames(received);
      await frames.requireFirstLine();
      const manifest = readManifest((await frames.next()).toString());
      return await save(manifest, readChunks(manifest, frames));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* readChunks(manifest: CheckpointManifest, frames: Frames): AsyncGenerator<SealedChunk> {
  for (const reference of distinctChunks(manifest)) {
    const sealed = await frames.next();
    await unseal(reference, sealed);
    yield { id: reference.id, sealed };
  }
  await frames.requireEnd();
}

const FORMAT = 1;
const FIRST_LINE = `tripline-savepoint ${FORMAT}\n`;
const LENGTH_BYTES = 4;
/** Incompressible bytes are a little longer when deflated. */
const FRAME_BYTES_MAX = 2 * Math.max(limits.checkpointManifestBytesMax, limits.checkpointChunkBytesMax);

function framed(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads a file from its beginning to its end. Mutable. */
class Frames {
  readonly #file: FileHandle;
  #position = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async requireFirstLine(): Promise<void> {
    const found = (await this.#read(FIRST_LINE.length)).toString("latin1");
    if (found === FIRST_LINE) return;
    const [, format] = /^tripline-savepoint (\d+)/.exec(found) ?? [];
    if (format === undefined) throw torn("does not begin as one");
    throw new CheckpointFault({
      code: "checkpoint-foreign",
      message: `the savepoint's file is in the format ${format}, and this version reads the format ${FORMAT}`,
      hint: "use the version of Tripline that wrote it, or one after it",
    });
  }

  async next(): Promise<Buffer> {
    const length = (await this.#read(LENGTH_BYTES)).readUInt32BE();
    if (length > FRAME_BYTES_MAX) throw torn("holds a piece that is longer than any can be");
    return await this.#read(length);
  }

  async requireEnd(): Promise<void> {
    const { bytesRead } = await this.#file.read(Buffer.alloc(1), 0, 1, this.#position);
    if (bytesRead > 0) throw torn("goes on after its end");
  }

  async #read(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#file.read(bytes, read, length - read, this.#position);
      if (bytesRead === 0) throw torn("ends too early");
      read += bytesRead;
      this.#position += bytesRead;
    }
    return bytes;
  }
}

function torn(what: string): CheckpointFault {
  return new CheckpointFault({
    code: "checkpoint-torn",
    message: `the savepoint's file ${what}`,
    hint: "export it again, and compare the sizes",
  });
}
