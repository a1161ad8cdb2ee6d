/**
 * The embedded Postgres: a server of our own over one data folder, reached by a Unix socket only. It ends with us,
 * however we end, and one data folder has one process. Used when DATABASE_URL is not set.
 */

import { createHash } from "node:crypto";
import { lstatSync, statSync } from "node:fs";
import { lchown, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { claimFolder } from "./folder-claim.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { EMBEDDED_USER, initDataFolder, placeDataFolder } from "./postgres-data-folder.ts";
import { type Postmaster, startPostmaster } from "./postmaster.ts";
import { type Account, isReachable, unprivilegedAccount } from "./unprivileged-account.ts";

export interface EmbeddedPostgres {
  /** A connection URL, for every place that takes DATABASE_URL. */
  readonly url: string;
  /** Where the data is: `postgres` in the data folder, or where the link there points to. */
  readonly folder: string;
  /** Resolves when the server has ended, whatever the reason. */
  exited(): Promise<PostgresExit>;
  /** After it has ended by itself. It does not once it has been stopped. UserError as at the first start. */
  startAgain(): Promise<void>;
  /** Ends the server in order; close every connection first. */
  stop(): Promise<void>;
}

export interface PostgresExit {
  /** What it said last. */
  readonly said: string;
  readonly isOurDoing: boolean;
}

export interface EmbeddedPostgresOptions {
  /** The service's data folder; it is made when missing. */
  readonly dataDir: string;
  /** Server settings beyond the defaults below. */
  readonly settings?: Readonly<Record<string, string>>;
  /** More flags for initdb, such as `--no-sync` in tests. */
  readonly initdbFlags?: readonly string[];
}

/** UserError when it cannot start: the folder is in use, or there are no programs for this platform. */
export async function startEmbeddedPostgres({
  dataDir,
  settings = {},
  initdbFlags = [],
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await placeDataFolder(dataDir);
  const account = await unprivilegedAccount(folder);
  const binaries = await postgresBinaries({ account, dataDir });
  const claim = await claimFolder(folder);
  try {
    await initDataFolder({ folder, account, binaries, flags: initdbFlags });
    const socketFolder = await makeSocketFolder(folder, account);
    const startServer = (): Promise<Postmaster> =>
      startPostmaster({
        folder,
        account,
        binaries,
        settings: { ...DEFAULT_SETTINGS, ...settings, unix_socket_directories: socketFolder },
      });
    const release = (): Promise<unknown> =>
      Promise.all([rm(socketFolder, { recursive: true, force: true }), claim.release()]);
    return {
      url: `postgres://${EMBEDDED_USER}@localhost:5432/postgres?host=${encodeURIComponent(socketFolder)}&sslmode=disable`,
      folder,
      ...restartable(await startServer(), { startServer, release }),
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** One server after another over the same folder, until it is stopped. */
function restartable(
  first: Postmaster,
  { startServer, release }: { startServer: () => Promise<Postmaster>; release: () => Promise<unknown> },
): Pick<EmbeddedPostgres, "exited" | "startAgain" | "stop"> {
  let starting = Promise.resolve(first);
  let isStopped = false;
  return {
    async exited() {
      const said = await (await starting).exited;
      return { said, isOurDoing: isStopped };
    },
    async startAgain() {
      if (isStopped) return;
      const last = await starting;
      const next = startServer();
      starting = next.catch(() => last);
      await next;
    },
    async stop() {
      isStopped = true;
      await (await starting).stop();
      await release();
    },
  };
}

const DEFAULT_SETTINGS = {
  listen_addresses: "", // no port to choose, nothing on the network
  max_connections: "60",
  log_min_messages: "fatal",
  log_checkpoints: "off",
};

/** The folder's mode is the password. Its name follows from the data folder, so that a crash does not leave one per start. */
async function makeSocketFolder(dataFolder: string, account: Account | null): Promise<string> {
  const { dev, ino } = statSync(dataFolder);
  const name = `tripline-${createHash("sha256").update(`${dev}:${ino}`).digest("hex").slice(0, 16)}`;
  const folder = join(await temporaryFolder(name.length, account), name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account !== null) await lchown(folder, account.uid, account.gid);
  const found = lstatSync(folder);
  const OTHERS_MAY_WRITE = 0o022;
  if (
    !found.isDirectory() ||
    found.uid !== (account?.uid ?? process.getuid?.()) ||
    (found.mode & OTHERS_MAY_WRITE) !== 0
  ) {
    // Names in a shared temporary folder can be taken by somebody else first.
    throw new UserError({
      code: "socket-folder-taken",
      message: `${folder} is not a folder of ours`,
      hint: "remove it",
    });
  }
  return folder;
}

/** A socket's path has to fit in 103 bytes (macOS), and the server's account has to reach it. */
async function temporaryFolder(nameLength: number, account: Account | null): Promise<string> {
  const SOCKET_PATH_MAX = 103;
  const isShort = Buffer.byteLength(tmpdir()) + nameLength + "//.s.PGSQL.5432".length <= SOCKET_PATH_MAX;
  return isShort && (account === null || (await isReachable(tmpdir()))) ? tmpdir() : "/tmp";
}
