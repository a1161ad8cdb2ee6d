/** A file that is open for as long as it is worked on. */

import { type FileHandle, open } from "node:fs/promises";

export async function withFile<T>(path: string, flags: "r" | "w", work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
