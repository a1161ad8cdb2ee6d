/** A service over stores in memory with one rule, a pair by key, in a time that goes on when the test says so: what cases about recovery share. */

import type { JsonObject } from "../../src/core/event.ts";
import type { AlertSinkOptions } from "../../src/engine/log/alert-sink.ts";
import type { CheckpointSettings } from "../../src/engine/checkpoint/checkpoint-settings.ts";
import type { RestartStrategy } from "../../src/core/restart-strategy.ts";
import { EngineService } from "../../src/engine/service/service.ts";
import type { ShardOptions } from "../../src/engine/shards/shard-team.ts";
import { memoryStores } from "../../src/store/memory.ts";
import type { Stores } from "../../src/store/stores.ts";
import { DEFAULT_CHECKPOINT_SETTINGS } from "./checkpoint-settings.ts";
import { PlainCheckpoints } from "./plain-checkpoints.ts";
import { settled, TestNotices, TestTime } from "./scheduler.ts";

export const RULES = `stream s { time at  id i  dedupe 1h }
  rule pair { from s key by k pattern { begin a where t == "a"  followedBy b where t == "b" } }`;

export interface Opened {
  readonly service: EngineService;
  readonly stores: Stores;
  readonly time: TestTime;
  readonly notices: TestNotices;
  readonly failures: unknown[];
}

/** Without threads that pack chunks, which would have a time of their own. */
export function newStores(): Stores {
  return { ...memoryStores({ now: () => 0 }), checkpoints: new PlainCheckpoints() };
}

export async function open({
  stores = newStores(),
  settings = {},
  restarts = { kind: "none" },
  setsAside = false,
  rules = RULES,
  shards,
  sink,
  time = new TestTime(),
}: {
  stores?: Stores;
  settings?: Partial<CheckpointSettings>;
  restarts?: RestartStrategy;
  setsAside?: boolean;
  rules?: string;
  shards?: ShardOptions;
  sink?: AlertSinkOptions;
  time?: TestTime;
} = {}): Promise<Opened> {
  const [notices, failures] = [new TestNotices(), [] as unknown[]];
  const service = new EngineService({
    log: stores.log,
    alerts: stores.alerts,
    clock: time,
    patience: { beforeRetry: (_, error) => Promise.reject(error as Error) },
    failed: (error) => void failures.push(error),
    shards,
    sink,
    recovery: {
      store: stores.checkpoints,
      settings: { ...DEFAULT_CHECKPOINT_SETTINGS, intervalMs: null, ...settings },
      restarts,
      poison: { store: stores.poison, setsAside },
      scheduler: time,
      notices,
    },
  });
  await service.open();
  if (rules !== "") await service.putRules(rules);
  return { service, stores, time, notices, failures };
}

/** `a1@5`: type, key, time; the text is the identity. */
export function event(text: string): JsonObject {
  const [t, k, at] = /^(\w)(\w)@(\d+)$/.exec(text)!.slice(1);
  return { t: t!, k: k!, at: Number(at), i: text };
}

/** `1@2`: key and time. */
export async function alertsOf({ service, stores }: Opened): Promise<string[]> {
  await service.advanceWatermark("s", 1000);
  await settled();
  return (await stores.alerts.after(0, 100)).map(({ alert }) => `${alert.key as string}@${Date.parse(alert.at)}`);
}
