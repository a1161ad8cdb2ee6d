import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/app/embedded-postgres.ts";
import { keepPostgres } from "../../src/app/kept-postgres.ts";
import { createLogger } from "../../src/app/logger.ts";
import { processCommand } from "../../src/app/process-table.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { createPool, type Pool } from "../../src/store/pool.ts";
import { compiledSources } from "../support/compiled.ts";
import { eventually } from "../support/eventually.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const QUICK = { initdbFlags: ["--no-sync"], settings: { fsync: "off" } };
const newFolder = temporaryFolders();

/** One for the suite: initdb takes far longer than a start. */
let dataDir: string;
let running: EmbeddedPostgres[];
beforeAll(async () => {
  dataDir = await newFolder();
});
beforeEach(() => {
  running = [];
});
afterEach(async () => {
  for (const server of running) await server.stop();
});

async function start(options: object = QUICK): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, ...options });
  running.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, statement: string): Promise<unknown[]> {
  const pool: Pool = createPool(server.url);
  const { rows } = await pool.query<Record<string, unknown>>({ text: statement });
  await pool.end();
  return rows;
}

async function postmasterPid(server: EmbeddedPostgres): Promise<number> {
  return Number((await readFile(join(server.folder, "postmaster.pid"), "utf8")).split("\n")[0]);
}

describe("the embedded Postgres", () => {
  test("runs over a Unix socket only, in UTF-8, and keeps its data over a restart", async () => {
    const first = await start();
    expect(await query(first, "select current_setting('listen_addresses') as tcp, getdatabaseencoding()")).toEqual([
      { tcp: "", getdatabaseencoding: "UTF8" },
    ]);
    await query(first, "create table kept as select 7 as n");
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second, "select n from kept")).toEqual([{ n: 7 }]);
  });

  test("has one process per data folder; the second is told which", async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      code: "data-folder-in-use",
      message: expect.stringContaining(`is in use by process ${process.pid}`) as unknown as string,
    });
  });

  test("leaves nothing beside its data when it is stopped", async () => {
    const server = await start();
    const socketFolder = new URL(server.url).searchParams.get("host")!;
    expect(existsSync(socketFolder)).toBe(true);
    await server.stop();
    expect(existsSync(socketFolder)).toBe(false);
    expect(readdirSync(dataDir)).toEqual(["postgres"]);
  });

  test("tells when the server ends by itself", async () => {
    const server = await start();
    process.kill(await postmasterPid(server), "SIGKILL");
    expect(await server.exited()).toMatchObject({ isOurDoing: false });
  });

  test("is started again when it ends by itself, at the same place and with its data", async () => {
    const server = await start();
    await query(server, "create table before_the_end as select 7 as n");
    const keeping = keepPostgres({ postgres: server, clock: systemClock, log: createLogger("silent") });
    for (let end = 1; end <= 2; end++) {
      const pid = await postmasterPid(server);
      process.kill(pid, "SIGKILL");
      await eventually(async () => ![pid, 0].includes(await postmasterPid(server).catch(() => 0)));
      const found = await eventually(() => query(server, "select n from before_the_end").catch(() => null));
      expect(found).toEqual([{ n: 7 }]);
    }
    await server.stop();
    await keeping;
    await server.startAgain();
    expect(readdirSync(dataDir)).toEqual(["postgres"]);
  });

  test("is given up when it ends again and again, or does not start", async () => {
    const keep = (postgres: Partial<EmbeddedPostgres>) =>
      keepPostgres({
        postgres: {
          exited: () => Promise.resolve({ said: "no space left", isOurDoing: false }),
          startAgain: () => Promise.resolve(),
          ...postgres,
        },
        clock: systemClock,
        log: createLogger("silent"),
      });
    await expect(keep({})).rejects.toThrow("again and again: no space left");
    const broken = new Error("not a database");
    await expect(keep({ startAgain: () => Promise.reject(broken) })).rejects.toBe(broken);
  });

  test("starts again after a crash, over the claim and the pid file that it left", async () => {
    const server = await start();
    const pid = await postmasterPid(server);
    process.kill(pid, "SIGKILL");
    await server.stop();
    await writeFile(`${server.folder}.owner`, "1 0"); // a process of that number lives, but started at another time
    const again = await start();
    expect(await postmasterPid(again)).not.toBe(pid);
  });

  test("starts although the number in its pid file is another program's now", async () => {
    const server = await start();
    const file = join(server.folder, "postmaster.pid");
    const left = await readFile(file, "utf8");
    await server.stop();
    await writeFile(file, left.replace(/^\d+/, String(process.pid)));
    await start();
  });

  test("starts where an initdb was cut short", async () => {
    const cutShort = await newFolder();
    await mkdir(join(cutShort, "postgres.init", "base"), { recursive: true });
    await writeFile(join(cutShort, "postgres.init", "PG_VERSION"), "18\n");
    expect(await query(await start({ ...QUICK, dataDir: cutShort }), "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("says what the server said when it does not start, and lets the folder go", async () => {
    await expect(start({ ...QUICK, settings: { wal_level: "nonsense" } })).rejects.toMatchObject({
      code: "postgres-did-not-start",
      message: expect.stringMatching(/wal_level.*nonsense/s) as unknown as string,
    });
    await start();
  });
});

describe("on a platform that npm has no Postgres for", () => {
  const { arch } = process;
  beforeEach(() => {
    Object.defineProperty(process, "arch", { value: "mips" });
  });
  afterEach(() => {
    Object.defineProperty(process, "arch", { value: arch });
  });

  test("the error names DATABASE_URL", async () => {
    await expect(start()).rejects.toMatchObject({
      code: "no-embedded-postgres",
      message: expect.stringContaining(`@embedded-postgres/${process.platform}-mips`) as unknown as string,
      hint: expect.stringContaining("set DATABASE_URL") as unknown as string,
    });
  });
});

describe("when its process dies", () => {
  const compiled = compiledSources();

  test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)("by %s, no server is left behind", async (signal) => {
    const script = `
      import { startEmbeddedPostgres } from ${JSON.stringify(compiled("app/embedded-postgres.ts"))};
      const { folder } = await startEmbeddedPostgres(${JSON.stringify({ dataDir, ...QUICK })});
      console.log(folder);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [folder] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const pid = await postmasterPid({ folder: folder.trim() } as EmbeddedPostgres);
    expect(await processCommand(pid)).toContain(folder.trim());
    child.kill(signal);
    await eventually(async () => (await processCommand(pid)) === null);
    const next = await start();
    expect(await query(next, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});
