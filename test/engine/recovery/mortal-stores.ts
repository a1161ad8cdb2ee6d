/** The stores of a simulated world as one life reaches them: each call may fail, or be the life's last. */

import type { NewChunk } from "../../../src/engine/checkpoint/checkpoint-port.ts";
import { memoryStores } from "../../../src/store/memory.ts";
import type { Stores } from "../../../src/store/stores.ts";
import type { TwoPhaseSink } from "../../../src/stream/sinks/two-phase-sink.ts";
import type { Alert } from "../../../src/engine/output.ts";
import type { Clock } from "../../../src/engine/ports.ts";
import { MemoryTwoPhaseSink } from "../../support/memory-two-phase-sink.ts";
import { PlainCheckpoints } from "../../support/plain-checkpoints.ts";
import type { Life } from "./life.ts";

export type WorldStores = Omit<Stores, "checkpoints"> & {
  readonly checkpoints: PlainCheckpoints;
  /** Where alerts go beside the alert store. */
  readonly sink: MemoryTwoPhaseSink<Alert>;
};

export function worldStores(clock: Clock): WorldStores {
  return { ...memoryStores(clock), checkpoints: new PlainCheckpoints(), sink: new MemoryTwoPhaseSink() };
}

export type MortalStores = Pick<WorldStores, "log" | "alerts" | "checkpoints" | "requestKeys" | "poison"> & {
  readonly sink: TwoPhaseSink<Alert, string>;
};

export function mortalStores(stores: WorldStores, life: Life): MortalStores {
  const { log, checkpoints } = stores;
  return {
    log: mortal("log", log, life, { read: (from: number) => eachMortal("log.read", log.read(from), life) }),
    alerts: mortal("alerts", stores.alerts, life),
    requestKeys: mortal("keys", stores.requestKeys, life),
    poison: mortal("poison", stores.poison, life),
    sink: mortal<TwoPhaseSink<Alert, string>>("sink", stores.sink, life),
    checkpoints: mortal("checkpoints", checkpoints, life, {
      save: (manifest: Parameters<typeof checkpoints.save>[0], chunks: Iterable<NewChunk> | AsyncIterable<NewChunk>) =>
        life.call("checkpoints.save", () => checkpoints.save(manifest, eachMortal("checkpoints.chunk", chunks, life))),
    }),
  };
}

/** The same port, mortal in each call; but for those `others`. */
function mortal<Port extends object>(name: string, port: Port, life: Life, others: Partial<Port> = {}): Port {
  return new Proxy(port, {
    get(target, method) {
      const other = Reflect.get(others, method) as unknown;
      if (other !== undefined) return other;
      const real = Reflect.get(target, method) as ((...args: unknown[]) => Promise<unknown>) | string;
      if (typeof real === "string") return real;
      const place = `${name}.${String(method)}`;
      return (...args: unknown[]) => life.call(place, () => real.apply(target, args));
    },
  });
}

async function* eachMortal<T>(place: string, items: Iterable<T> | AsyncIterable<T>, life: Life): AsyncGenerator<T> {
  for await (const item of items) {
    await life.pass(place);
    yield item;
  }
}
