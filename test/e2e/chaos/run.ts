/**
 * One run: a client does its steps on a service that is killed again and again, does again what got no answer, and asks in the
 * end whether every alert is there, once, and was delivered (S9).
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";
import { Lives } from "./lives.ts";
import { MoodyReceiver } from "./moody-receiver.ts";
import { reportOf, type RunReport } from "./report.ts";
import type { Workload } from "./steps.ts";

export interface RunOptions {
  readonly workload: Workload;
  readonly database: Database;
  readonly kills: number;
  readonly seed: number;
  /** An empty one; the logs of all lives go there. */
  readonly folder: string;
  /** Aborts when the run is to be given up. */
  readonly signal?: AbortSignal;
}

export async function run(options: RunOptions): Promise<RunReport> {
  const receiver = new MoodyReceiver(options.seed);
  await receiver.start();
  const lives = new Lives(options, receiver);
  const isOver = new AbortController();
  const signals = [isOver.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const standstill = sleep(RUN_MS_MAX, undefined, { signal: AbortSignal.any(signals) }).then(() => {
    throw new Error(`not over after ${RUN_MS_MAX / 1000} s`);
  });
  const running = async (): Promise<RunReport> => {
    const { service, ...lived } = await lives.run();
    return await reportOf({ ...options, ...lived, service, receiver });
  };
  try {
    return await Promise.race([running(), standstill]);
  } finally {
    isOver.abort();
    await standstill.catch(() => undefined);
    await lives.end();
    await receiver.stop();
  }
}

/** A run that takes longer has come to a standstill. */
const RUN_MS_MAX = 240_000;
