/** The account that Postgres runs under when we are root, which it refuses. One that exists is used, none is created. */

import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../core/errors.ts";

const run = promisify(execFile);

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Null when we are not root: the server then runs as who we are. The owner of a data folder keeps it. */
export async function unprivilegedAccount(dataFolder: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = (await named("postgres")) ?? (await named("nobody"));
  if (account !== null) return account;
  throw new UserError({
    code: "no-unprivileged-account",
    message: "Postgres does not run as root, and there is neither an account `postgres` nor `nobody` to run it under",
    hint: "run tripline as an ordinary user, or set DATABASE_URL to a Postgres of your own",
  });
}

async function named(name: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** May another account walk down to this existing folder? (/root usually forbids it.) */
export async function isReachable(folder: string): Promise<boolean> {
  const OTHERS_MAY_ENTER = 0o001;
  for (let at = await realpath(folder); ; at = dirname(at)) {
    if ((statSync(at).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
