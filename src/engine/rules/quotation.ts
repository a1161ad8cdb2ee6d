/** What an alert quotes: the events it matched and the values it emits, each up to a size, since an alert is stored, sent and shown whole. */

import type { Event, Json } from "../../core/event.ts";
import { jsonLengthAtMost } from "../../core/json-length.ts";
import { limits } from "../../core/limits.ts";
import { formatTime } from "../../core/time.ts";
import type { MatchNode } from "../../nfa/partial-match.ts";
import type { AlertEvent } from "../output.ts";

export interface Quotation {
  /** Stage name → the events it took, in order. */
  readonly events: Readonly<Record<string, readonly AlertEvent[]>>;
  /** How many of the latest are left out. */
  readonly omitted: number;
}

/** Of an entry without its data: names, an offset of 16 digits, a time. */
const ENTRY_CHARS_MAX = 100;

/** The earliest events first, until `alertEventBytesMax` is reached. */
export function quoteEvents(nodes: readonly MatchNode[], stages: readonly string[]): Quotation {
  const events = new Map<string, AlertEvent[]>(); // a Map, since a stage may be called `__proto__`
  const fits = nodes.reduce((sum, { event }) => sum + entryLengthAtMost(event), 0) <= limits.alertEventBytesMax;
  let room: number = limits.alertEventBytesMax;
  let quoted = 0;
  for (const { stage, event } of nodes) {
    const entry = { offset: event.offset, time: formatTime(event.time), data: event.data };
    if (!fits) room -= JSON.stringify(entry).length;
    if (room < 0) break;
    quoted++;
    const taken = events.get(stages[stage]!) ?? [];
    taken.push(entry);
    events.set(stages[stage]!, taken);
  }
  return { events: Object.fromEntries(events), omitted: nodes.length - quoted };
}

/** Most alerts are far from the limit, and need not be written to know that. */
function entryLengthAtMost({ data }: Event): number {
  return ENTRY_CHARS_MAX + jsonLengthAtMost(data);
}

/** Hands out what is left of `alertEmitBytesMax` to one value after the other. */
export class EmitBudget {
  #room: number = limits.alertEmitBytesMax;

  /** False when the value is too large to be shown. */
  takes(value: Json): boolean {
    const length = JSON.stringify(value).length;
    if (length > this.#room) return false;
    this.#room -= length;
    return true;
  }
}
