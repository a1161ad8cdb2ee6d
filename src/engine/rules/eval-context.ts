/** The context that a rule's expressions read, as it is before the first event. One for each owner: it is mutable. */

import type { Event } from "../../core/event.ts";
import type { EvalContext, NamedLists } from "../../expr/types.ts";

/** Stands in the context until the first event comes. */
const NO_EVENT: Event = { stream: "", offset: -1, id: null, ordinal: 0, time: 0, data: {} };

export function newContext(lists: NamedLists): EvalContext {
  return { event: NO_EVENT, matched: null, window: null, now: 0, lists, faults: 0 };
}
