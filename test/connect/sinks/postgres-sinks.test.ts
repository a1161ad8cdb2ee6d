/** Rows of a job in Postgres, each once, though the job fails on the way: by their key, or in two phases without one. */

import { afterEach, describe, expect, test } from "@jest/globals";
import {
  execute,
  memorySnapshots,
  postgresSink,
  postgresTwoPhaseSink,
  retryingSink,
  sequence,
  type PostgresTable,
} from "../../../src/connect/index.ts";
import { StreamEnvironment, type IdempotentSink, type TwoPhaseSink } from "../../../src/stream/index.ts";
import { testDatabase } from "../../support/postgres.ts";

const database = testDatabase();

interface Reading {
  readonly n: number;
  readonly tags: readonly string[];
  readonly note: string | null;
}

const READINGS: PostgresTable<Reading> = {
  name: "public.readings",
  columns: [
    { name: "n", type: "integer", value: ({ n }) => n },
    { name: "even", type: "boolean", value: ({ n }) => n % 2 === 0 },
    { name: "tags", type: "jsonb", value: ({ tags }) => tags },
    { name: 'a "note"', type: "text", value: ({ note }) => note },
  ],
};

afterEach(async () => {
  await database.pool.query("drop table if exists public.readings, tripline.readings, public.sums");
});

/** To 5,000, failing once in the middle. */
async function run(sink: IdempotentSink<Reading> | TwoPhaseSink<Reading>): Promise<void> {
  let hasFailed = false;
  const env = new StreamEnvironment();
  env
    .fromSource("numbers", sequence({ from: 1, to: 5000 }), { timestamp: (n) => n })
    .map((n): Reading => {
      if (n === 3500 && !hasFailed) {
        hasFailed = true;
        throw new Error("once");
      }
      return { n, tags: [`'{${n}}'`, "\\"], note: n === 1 ? null : `"${n}", \t` };
    })
    .sinkTo(sink);
  const job = execute(env, {
    checkpoints: { store: memorySnapshots(), intervalMs: 1 },
    restart: { kind: "fixedDelay", attempts: 1, delayMs: 0 },
    warn: () => undefined,
  });
  expect(await job.finished).toEqual({ end: "finished", restarts: 1 });
}

async function rows(where: string): Promise<readonly object[]> {
  return (await database.pool.query<object>(`select * from readings where ${where} order by n`)).rows;
}

async function counts(): Promise<object> {
  const { rows: found } = await database.pool.query<object>(
    "select count(*)::integer as rows, count(distinct n)::integer as numbers, max(n) as last from readings",
  );
  return found[0]!;
}

describe.each([
  ["by its key", () => postgresSink({ url: database.url, table: { ...READINGS, key: ["n"] } })],
  ["in two phases", () => postgresTwoPhaseSink({ url: database.url, name: "readings", table: READINGS })],
])("a job that fails and begins again writes each row once: %s", (_, open) => {
  test("into a table that is made, with whatever is in the texts", async () => {
    await run(open() as IdempotentSink<Reading>);
    expect(await counts()).toEqual({ rows: 5000, numbers: 5000, last: 5000 });
    expect(await rows("n < 3")).toEqual([
      { n: 1, even: false, tags: ["'{1}'", "\\"], 'a "note"': null },
      { n: 2, even: true, tags: ["'{2}'", "\\"], 'a "note"': '"2", \t' },
    ]);
  });
});

test("an idempotent sink is refused a table without a key", async () => {
  await database.pool.query('create table readings (n integer, even boolean, tags jsonb, "a ""note""" text)');
  const sink = postgresSink({ url: database.url, table: READINGS });
  await expect(sink.write([{ n: 1, tags: [], note: null }])).rejects.toMatchObject({
    code: "sink-table-without-key",
    hint: "add one (`alter table public.readings add primary key (...)`), or write in two phases",
  });
  await sink.close();
});

describe("rows that replace the one before of their key", () => {
  interface Sum {
    readonly key: string;
    readonly part: number;
    readonly sum: number;
  }
  const SUMS: PostgresTable<Sum> = {
    name: "public.sums",
    columns: [
      { name: "key", type: "text", value: ({ key }) => key },
      { name: "part", type: "integer", value: ({ part }) => part },
      { name: "sum", type: "integer", value: ({ sum }) => sum },
    ],
    key: ["key", "part"],
  };

  async function found(): Promise<readonly string[]> {
    const { rows } = await database.pool.query<Sum>("select * from public.sums order by key, part");
    return rows.map(({ key, part, sum }) => `${key}${part}: ${sum}`);
  }

  test("may come together, or one after the other, and again", async () => {
    const sink = postgresSink({ url: database.url, table: SUMS, onConflict: "update" });
    const sums = (text: string): Sum[] =>
      text.split(" ").map((each) => ({ key: each[0]!, part: Number(each[1]), sum: Number(each.slice(2)) }));
    await sink.write(sums("a110 b220 a130 a240"));
    expect(await found()).toEqual(["a1: 30", "a2: 40", "b2: 20"]);
    for (let times = 0; times < 2; times++) await sink.write(sums("a150 b260 a170"));
    expect(await found()).toEqual(["a1: 70", "a2: 40", "b2: 60"]);
    await sink.close();
  });

  test("may have nothing but their key", async () => {
    const [key, part] = SUMS.columns;
    const table = { ...SUMS, columns: [key!, part!] };
    const sink = postgresSink({ url: database.url, table, onConflict: "update" });
    for (let times = 0; times < 2; times++) await sink.write([{ key: "a", part: 1, sum: 0 }]);
    expect((await database.pool.query("select * from public.sums")).rows).toEqual([{ key: "a", part: 1 }]);
    await sink.close();
  });

  test("need one", () => {
    const table = { name: SUMS.name, columns: SUMS.columns };
    expect(() => postgresSink({ url: database.url, table, onConflict: "update" })).toThrow(
      "rows of public.sums are to be replaced by their key, and it has no `key`",
    );
    expect(() => postgresSink({ url: database.url, table: { ...table, key: ["id"] } })).toThrow(
      'the key of public.sums has "id"; expected some of its columns',
    );
  });
});

describe("a sink that is written to again", () => {
  /** Refuses so often, then writes. */
  async function check(refusals: number, expected: string): Promise<void> {
    const did: string[] = [];
    const sink = retryingSink<number>({
      sink: {
        async write(values) {
          if (refusals-- > 0) throw new Error("refused");
          did.push(`wrote ${values.join(" ")}`);
        },
        close: async () => undefined,
      },
      attempts: 3,
      beforeRetry: async (attempt, error) => void did.push(`${attempt}: ${(error as Error).message}`),
    });
    await sink.write([1, 2]).catch((error: unknown) => did.push(`failed: ${(error as Error).message}`));
    expect(did.join(", ")).toBe(expected);
  }

  test("gets the same again, a few times", async () => {
    await check(0, "wrote 1 2");
    await check(2, "1: refused, 2: refused, wrote 1 2");
    await check(3, "1: refused, 2: refused, failed: refused");
  });
});
