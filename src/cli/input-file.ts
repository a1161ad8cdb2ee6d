/** A file that a command reads as it comes, or standard input for `-`. */

import { open } from "node:fs/promises";
import { cannotRead, UsageError } from "./usage.ts";

export interface Input {
  readonly chunks: AsyncIterable<Buffer>;
  /** Null when it is not known. */
  readonly bytes: number | null;
}

/** UsageError for what is not there, or no file. */
export async function openInput(name: string): Promise<Input> {
  if (name === "-") return { chunks: process.stdin, bytes: null };
  const file = await open(name).catch(cannotRead(name));
  const found = await file.stat();
  if (found.isDirectory()) {
    await file.close();
    throw new UsageError(`cannot read ${name}: it is a folder`);
  }
  return { chunks: file.createReadStream({ highWaterMark: 1 << 18 }), bytes: found.size };
}
