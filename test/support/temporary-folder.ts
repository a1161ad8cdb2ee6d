/** Folders for tests, gone after the suite. */

import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";

/** Call it where `describe` is called; each call of what it gives makes a folder. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = [];
  afterAll(async () => {
    for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "tripline-test-"));
    await chmod(folder, 0o711); // as root, Postgres runs under another account
    made.push(folder);
    return folder;
  };
}
