/** What it takes for a file to be there after a power cut: its bytes are on the disk, and so is its name. */

import { open } from "node:fs/promises";

/** Names that were given, changed or removed in the folder are on the disk when it resolves. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
