/**
 * A claim on a folder by one process: two services over one data folder would stop each other's database. The claim is
 * a file beside the folder, `pid start`; the claim of a process that has ended is void.
 */

import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { UserError } from "../core/errors.ts";
import { processStart } from "./process-table.ts";

export interface FolderClaim {
  release(): Promise<void>;
}

export async function claimFolder(folder: string): Promise<FolderClaim> {
  const file = `${folder}.owner`;
  const claim = `${process.pid} ${(await processStart(process.pid)) ?? ""}`;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, claim);
  try {
    // A link appears at once and whole, and never over another: a reader cannot find half a claim.
    while (!(await link(draft, file).then(() => true, unlessExists))) await setAsideIfVoid({ file, folder, claim });
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(file, { force: true }) };
}

function unlessExists(error: NodeJS.ErrnoException): false {
  if (error.code !== "EEXIST") throw error;
  return false;
}

async function setAsideIfVoid({ file, folder, claim }: Record<"file" | "folder" | "claim", string>): Promise<void> {
  const held = await readFile(file, "utf8").catch(() => null);
  if (held === null) return;
  const [pid, start] = held.split(" ");
  const isOurs = held === claim;
  if (isOurs || (start !== "" && (await processStart(Number(pid))) === start)) {
    throw new UserError({
      code: "data-folder-in-use",
      message: `the data folder ${folder} is in use by process ${pid}`,
      hint: "stop that process, or give this one another data folder",
    });
  }
  // Renaming, not removing: of two that find the same void claim, one succeeds.
  const aside = `${file}.void.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  await rm(aside, { force: true });
}
