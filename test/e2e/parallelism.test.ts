/** Keyed work on worker threads: the service says what `tripline run` says, also after it was killed on the way (S7.2, S9.1). */

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Alert } from "../../src/engine/output.ts";
import { succeeded } from "../support/http-call.ts";
import { Random } from "../support/oracle/random.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { parseLines, tripline } from "./command-line.ts";
import { quickServices } from "./services.ts";

const RULES = `
stream s { time at  id id  watermark bounded 50ms }
rule climb { from s  key by k  pattern { begin a where t == "a"  followedBy b where t == "b" and v > a.v  within 2s } suppress 1s }
rule missing { from s  key by k  pattern { begin a where t == "c"  notFollowedBy b where t == "a"  within 300ms } }
rule busy { from s  key by k  window { sliding 1s every 200ms  having count() > 3 }  emit { n = count(), v = sum(v) } }`;

/** Times jump about a little, and some events come twice. */
function events(seed: number, length: number): object[] {
  const random = new Random(seed);
  return Array.from({ length }, (_, i) => ({
    at: 1_700_000_000_000 + i * 4 + random.between(0, 60),
    id: random.chance(0.02) ? Math.max(0, i - 5) : i,
    k: `user ${random.between(0, 40)}`,
    t: random.pick(["a", "b", "c"]),
    v: random.between(0, 100),
  }));
}

describe("keyed work on threads", () => {
  const startService = quickServices();
  const newFolder = temporaryFolders();
  const databases: string[] = [];
  afterAll(async () => {
    for (const database of databases) await dropDatabase(database);
  });
  const sent = events(1, 4000);

  async function found(): Promise<string[]> {
    const file = path.join(await newFolder(), "all.rule");
    await writeFile(file, RULES);
    const stdin = sent.map((event) => `${JSON.stringify(event)}\n`).join("");
    const { stdout } = await tripline(["run", file, "--stream", "s", "--events", "-"], { stdin });
    return parseLines<Alert>(stdout).map(said).sort();
  }

  test("two threads, killed in the middle: the same alerts, none missing and none twice", async () => {
    const database = await createDatabase();
    databases.push(database);
    const env = { DATABASE_URL: database, TRIPLINE_PARALLELISM: "2" };
    const first = await startService(env);
    succeeded(await first.postRules(RULES));
    for (let from = 0; from < 2000; from += 500) succeeded(await first.postEvents("s", sent.slice(from, from + 500)));
    await first.kill("SIGKILL");

    const second = await startService(env);
    for (let from = 1500; from < sent.length; from += 500) {
      succeeded(await second.postEvents("s", sent.slice(from, from + 500)));
    }
    await second.settled();
    succeeded(await second.endStream("s"));
    await second.settled();
    const { counts } = (await second.call("GET /v1/rules/climb")).json<{
      counts: { events: number; late: number };
    }>();
    expect(counts.events + counts.late).toBe(new Set(sent.map((e) => (e as { id: number }).id)).size);
    expect((await second.all<Alert>("/v1/alerts")).map(said).sort()).toEqual(await found());
    await second.kill("SIGTERM");
  });

  test("a checkpoint by two threads, killed, and another number of them goes on from it", async () => {
    const database = await createDatabase();
    databases.push(database);
    const start = (threads: number) => startService({ DATABASE_URL: database, TRIPLINE_PARALLELISM: String(threads) });
    let service = await start(2);
    succeeded(await service.postRules(RULES));
    for (const [from, threads] of [
      [0, 3],
      [2000, 1],
    ] as const) {
      succeeded(await service.postEvents("s", sent.slice(from, from + 1500)));
      await service.settled();
      const taken = succeeded(await service.call("POST /v1/checkpoints")).json<{ offset: number }>();
      succeeded(await service.postEvents("s", sent.slice(from + 1500, from + 2000)));
      await service.kill("SIGKILL");
      service = await start(threads);
      expect(service.log).toMatch(new RegExp(`"offset":${taken.offset},.*going on from a checkpoint`));
    }
    succeeded(await service.endStream("s"));
    await service.settled();
    expect((await service.all<Alert>("/v1/alerts")).map(said).sort()).toEqual(await found());
    await service.kill("SIGTERM");
  });
});

function said({ id, suppressed, suppressedBy, emit }: Alert): string {
  return JSON.stringify({ id, suppressed, suppressedBy, emit });
}
