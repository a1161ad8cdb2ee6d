/**
 * Time to live: when an item of state expires, who still sees it, and how it goes. It goes by processing time; an item that
 * was last updated at t is expired at t + ms (S11.18).
 */

import { checkCount, checkDuration } from "../checks.ts";
import type { ProcessingClock } from "../task/processing-clock.ts";

export interface StateTtl {
  readonly ms: number;
  /** What makes an item live on. Default: `onCreateAndWrite`. */
  readonly update?: "onCreateAndWrite" | "onReadAndWrite";
  /** Who is shown an expired item that is still there; reading it cleans it up. Default: `neverReturnExpired`. */
  readonly visibility?: "neverReturnExpired" | "returnExpiredIfNotCleanedUp";
  readonly cleanUp?: {
    /** Leaves expired items out of snapshots. Default: false. */
    readonly fullSnapshot?: boolean;
    /** How many keys are looked through at each access; 0 for none. Default: 5. */
    readonly incremental?: number;
  };
}

/** How the items of one state are stored. An item of state with a time to live carries the time of its last update. */
export interface Lifetime {
  readonly returnsExpired: boolean;
  /** Keys to look through at each access. */
  readonly sweptPerAccess: number;
  readonly leavesExpiredOutOfSnapshots: boolean;
  stored(value: unknown): unknown;
  value(item: unknown): unknown;
  isExpired(item: unknown): boolean;
  /** The item once it has been read. */
  afterRead(item: unknown): unknown;
}

export const FOREVER: Lifetime = {
  returnsExpired: false,
  sweptPerAccess: 0,
  leavesExpiredOutOfSnapshots: false,
  stored: (value) => value,
  value: (item) => item,
  isExpired: () => false,
  afterRead: (item) => item,
};

/** An item as it is stored, and as it stands in snapshots. */
export interface TimedItem<T> {
  readonly value: T;
  readonly updated: number;
}

const SWEPT_PER_ACCESS = 5;

export function checkTtl(ttl: StateTtl, state: string): void {
  checkDuration({
    what: `the time to live of state \`${state}\``,
    value: ttl.ms,
    hint: "leave `ttl` out for state that stays",
  });
  const incremental = ttl.cleanUp?.incremental ?? 0;
  if (incremental !== 0) checkCount({ what: `the incremental clean-up of state \`${state}\``, value: incremental });
}

export function lifetimeOf(ttl: StateTtl, clock: ProcessingClock): Lifetime {
  const renew = ttl.update === "onReadAndWrite";
  const stored = (value: unknown): TimedItem<unknown> => ({ value, updated: clock.now });
  return {
    returnsExpired: ttl.visibility === "returnExpiredIfNotCleanedUp",
    sweptPerAccess: ttl.cleanUp?.incremental ?? SWEPT_PER_ACCESS,
    leavesExpiredOutOfSnapshots: ttl.cleanUp?.fullSnapshot ?? false,
    stored,
    value: (item) => timed(item).value,
    isExpired: (item) => timed(item).updated + ttl.ms <= clock.now,
    afterRead: (item) => (renew && timed(item).updated !== clock.now ? stored(timed(item).value) : item),
  };
}

/** What a read sees of an item, and what is left of it, which `put` stores where it differs; undefined is nothing. */
export function readItem(lifetime: Lifetime, item: unknown, put: (item: unknown) => void): unknown {
  if (item === undefined) return undefined;
  if (lifetime.isExpired(item)) {
    put(undefined);
    return lifetime.returnsExpired ? lifetime.value(item) : undefined;
  }
  const read = lifetime.afterRead(item);
  if (read !== item) put(read);
  return lifetime.value(item);
}

function timed(item: unknown): TimedItem<unknown> {
  return item as TimedItem<unknown>;
}
