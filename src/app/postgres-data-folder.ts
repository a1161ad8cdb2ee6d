/** The embedded Postgres' data folder: where it lies, and how it comes to be. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, lstat, mkdir, mkdtemp, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type PostgresBinaries, SHARED_FOLDER } from "./postgres-binaries.ts";
import { type Account, isReachable } from "./unprivileged-account.ts";

const run = promisify(execFile);

/** The one superuser of an embedded server. */
export const EMBEDDED_USER = "tripline";

/**
 * `postgres` in the service's data folder. Where the server's account cannot reach that (the clone lies under /root), a
 * symbolic link there says where the data is instead; without the link the data is another installation's.
 */
export async function placeDataFolder(dataDir: string): Promise<string> {
  const folder = join(resolve(dataDir), "postgres");
  await mkdir(dirname(folder), { recursive: true });
  const found = await lstat(folder).catch(() => null);
  if (found?.isSymbolicLink()) return readlink(folder);
  if (found !== null || process.getuid?.() !== 0 || (await isReachable(dirname(folder)))) return folder;
  await mkdir(SHARED_FOLDER, { recursive: true });
  await chmod(SHARED_FOLDER, 0o755); // whatever the umask
  const elsewhere = await mkdtemp(join(SHARED_FOLDER, "data-"));
  await chmod(elsewhere, 0o755);
  await symlink(join(elsewhere, "postgres"), folder);
  return join(elsewhere, "postgres");
}

/** Runs initdb, unless it ran before. Under another name first, so that one that was cut short leaves nothing behind. */
export async function initDataFolder({
  folder,
  account,
  binaries,
  flags,
}: {
  folder: string;
  account: Account | null;
  binaries: PostgresBinaries;
  flags: readonly string[];
}): Promise<void> {
  if (existsSync(join(folder, "PG_VERSION"))) return;
  const draft = `${folder}.init`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (account !== null) await chown(draft, account.uid, account.gid);
  await run(binaries.path("initdb"), ["-D", draft, "-U", EMBEDDED_USER, ...INITDB_FLAGS, ...flags], {
    ...account,
    ...PLAIN_ENVIRONMENT,
  });
  await rename(draft, folder);
}

/** Who may enter the 0700 folder of the socket is trusted; nothing listens on the network. */
const INITDB_FLAGS = [
  "--auth-local=trust",
  "--auth-host=scram-sha-256",
  "--encoding=UTF8", // without it, the encoding follows LANG, down to SQL_ASCII
  "--locale=C",
  "--no-instructions",
];

/** The server's own environment: nothing of ours (LANG, PGPORT, a working folder it may not enter) gets in. */
export const PLAIN_ENVIRONMENT = {
  cwd: "/",
  env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
};
