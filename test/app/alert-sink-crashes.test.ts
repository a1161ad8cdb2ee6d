/**
 * A service over one Postgres whose alerts go to another in two phases, and which dies before and after each thing that it asks of
 * the second and at each saving of a checkpoint: what others see there is what is stored here, without any key (S9.23).
 */

import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { ALERTS } from "../../src/app/alert-sink.ts";
import { systemScheduler } from "../../src/app/system-scheduler.ts";
import { PostgresTwoPhaseSink } from "../../src/connect/sinks/postgres-two-phase-sink.ts";
import type { CheckpointStore } from "../../src/engine/checkpoint/checkpoint-port.ts";
import type { Alert } from "../../src/engine/output.ts";
import { EngineService } from "../../src/engine/service/service.ts";
import { postgresStores } from "../../src/store/stores.ts";
import { TwoPhaseWriter } from "../../src/stream/sinks/two-phase-writer.ts";
import { DEFAULT_CHECKPOINT_SETTINGS } from "../support/checkpoint-settings.ts";
import { event, RULES } from "../support/pair-service.ts";
import { emptyDatabase, testDatabase } from "../support/postgres.ts";
import { Impatience } from "../support/unreliable.ts";

const [here, there] = [testDatabase(), testDatabase()];
const opened: PostgresTwoPhaseSink<Alert>[] = [];
const clock = { now: () => 0 };

beforeEach(async () => {
  await emptyDatabase(here.pool);
  await there.pool.query("drop table if exists tripline_alerts");
});
afterAll(() => Promise.all(opened.map((sink) => sink.close())));

/** Ends at a step; what it asks for then never comes. */
class Life {
  readonly #end: number;
  #steps = 0;
  #die: () => void = () => undefined;
  readonly #died = new Promise<void>((resolve) => (this.#die = resolve));

  constructor(end: number) {
    this.#end = end;
  }

  get steps(): number {
    return this.#steps;
  }

  async outlives(work: Promise<void>): Promise<boolean> {
    return await Promise.race([work.then(() => true), this.#died.then(() => false)]);
  }

  /** The same, with a step before and after each of these calls. */
  mortal<Port extends object>(port: Port, calls: readonly (keyof Port)[]): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const property = Reflect.get(target, name) as unknown;
        if (typeof property !== "function") return property;
        const call = property as (...args: unknown[]) => Promise<unknown>;
        if (!calls.includes(name as keyof Port)) return call.bind(target);
        return async (...args: unknown[]) => {
          await this.#step();
          const answer = await call.apply(target, args);
          await this.#step();
          return answer;
        };
      },
    });
  }

  async #step(): Promise<void> {
    if (this.#steps++ < this.#end) return;
    this.#die();
    await new Promise(() => undefined);
  }
}

async function open(life: Life): Promise<EngineService> {
  const stores = postgresStores({ pool: here.pool, clock });
  const sink = new PostgresTwoPhaseSink<Alert>({ url: there.url, name: "crashes", table: ALERTS });
  opened.push(sink);
  const driven = life.mortal(sink, ["recover", "begin", "write", "preCommit", "commit"]);
  const service = new EngineService({
    log: stores.log,
    alerts: stores.alerts,
    clock,
    patience: new Impatience(),
    failed: (error) => {
      throw error;
    },
    sink: {
      mode: "two-phase",
      writer: (failed) => new TwoPhaseWriter({ sink: driven, failed }),
      check: () => sink.check(),
      patience: new Impatience(),
      rest: new Impatience(),
      notices: { info: () => undefined, warn: () => undefined },
    },
    recovery: {
      store: life.mortal<CheckpointStore>(stores.checkpoints, ["save"]),
      settings: { ...DEFAULT_CHECKPOINT_SETTINGS, intervalMs: null },
      restarts: { kind: "none" },
      poison: null,
      scheduler: systemScheduler,
      notices: { info: () => undefined, warn: () => undefined },
    },
  });
  await service.open();
  return service;
}

/** An alert with a checkpoint behind it, and one before an end in order, which takes another. */
async function work(life: Life): Promise<void> {
  const service = await open(life);
  await service.putRules(RULES);
  for (const [index, key] of ["1", "2"].entries()) {
    await service.ingest("s", [event(`a${key}@${10 * index + 1}`), event(`b${key}@${10 * index + 2}`)]);
    await service.advanceWatermark("s", 10 * index + 3);
    if (key === "1") await service.savepoints!.takeCheckpoint();
  }
  await service.close();
}

/** What is stored here, what others see there, and what only we see there. */
async function outcome(): Promise<unknown> {
  const ids = (rows: readonly { id: string }[]): readonly string[] => rows.map(({ id }) => id).sort();
  const prepared = "select gid as id from pg_prepared_xacts where database = current_database()";
  return {
    stored: ids((await here.pool.query<{ id: string }>("select id from tripline.alerts")).rows),
    seen: ids((await there.pool.query<{ id: string }>("select id from tripline_alerts")).rows),
    prepared: ids((await there.pool.query<{ id: string }>(prepared)).rows),
  };
}

test("whenever it dies, each alert is there once, and nothing stays prepared", async () => {
  const calm = new Life(Infinity);
  await work(calm);
  const expected = (await outcome()) as { stored: readonly string[]; seen: readonly string[] };
  expect(expected).toEqual({ stored: expected.stored, seen: expected.stored, prepared: [] });
  expect(expected.stored).toHaveLength(2);

  for (let end = 0; end < calm.steps; end++) {
    await emptyDatabase(here.pool);
    await there.pool.query("truncate tripline_alerts");
    const life = new Life(end);
    expect({ end, outlived: await life.outlives(work(life)) }).toEqual({ end, outlived: false });
    await work(new Life(Infinity)); // what is known is not taken again
    expect({ end, ...((await outcome()) as object) }).toEqual({ end, ...expected });
  }
});
