/** A small disk of its own for databases, which can be filled up: a tmpfs, where we may mount one. */

import { execFile } from "node:child_process";
import { mkdir, open, rm, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface SmallDisk {
  readonly folder: string;
  /** Takes all that is left; gives the function that gives it back. */
  fill(): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

/** Two databases of a run fit, and what they grow by. */
const SIZE = "80m";

/** For the account that owns `beside`. Null where mounting is not allowed, which takes root. */
export async function mountSmallDisk(folder: string, beside: string): Promise<SmallDisk | null> {
  const { uid, gid } = await stat(beside);
  await mkdir(folder, { recursive: true });
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=0700,uid=${uid},gid=${gid}`, "tripline-chaos", folder]);
  } catch {
    return null;
  }
  return {
    folder,
    fill: () => fill(path.join(folder, "filler")),
    async remove() {
      await run("umount", ["--lazy", folder]);
    },
  };
}

async function fill(filler: string): Promise<() => Promise<void>> {
  const file = await open(filler, "w");
  try {
    // The last page too: a small write after the large ones.
    for (const size of [1 << 20, 1 << 12]) await writeUntilFull(file, Buffer.alloc(size, 1));
  } finally {
    await file.close();
  }
  return () => rm(filler, { force: true });
}

async function writeUntilFull(file: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<void> {
  try {
    for (;;) await file.write(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}
