/** One key of an operator: what it keeps there, and its timers. Mutable. */

import type { Json } from "../../core/event.ts";
import { keyGroup } from "../../core/key-group.ts";
import { NO_SLOTS, type StateScope } from "./state-table.ts";
import type { LiveTimers, TimerScope } from "../time/timer-heap.ts";

/** `W` is what the operator keeps by key beside states and timers: a window operator its windows. */
export class KeyScope<W = unknown> implements StateScope, TimerScope {
  slots = NO_SLOTS;
  unclaimed: StateScope["unclaimed"] = null;
  eventTimers: LiveTimers = null;
  processingTimers: LiveTimers = null;
  own: W | null = null;
  /** Of its last change; `KeyChanges`' to write. */
  epoch = 0;
  readonly key: Json;
  readonly group: number;
  readonly keyOrdinal: number;

  constructor({ key, keyOrdinal }: { key: Json; keyOrdinal: number }) {
    this.key = key;
    this.group = keyGroup(key);
    this.keyOrdinal = keyOrdinal;
  }

  /** A key is one scope, the first of its own. */
  get ordinal(): number {
    return 0;
  }
}
