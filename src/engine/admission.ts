/** Documents at the door of the log: those that become events, and why others do not. */

import type { Json } from "../core/event.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import type { Arrival, Door } from "./door.ts";
import type { EventRecord } from "./log-record.ts";
import type { Rejection } from "./service-types.ts";

export interface Admitted {
  readonly events: readonly EventRecord[];
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
}

/** They come together, and take their places in the log from `offset` on. */
export function admitAll(
  door: Door,
  documents: readonly Json[],
  { definition, at, offset }: Pick<Arrival, "at" | "offset"> & { readonly definition: StreamDefinition },
): Admitted {
  const events: EventRecord[] = [];
  const rejected: Rejection[] = [];
  let duplicates = 0;
  documents.forEach((document, index) => {
    const admission = door.admit(definition, document, { at, offset: offset + events.length });
    if (admission.kind === "accepted") events.push(admission.record);
    else if (admission.kind === "duplicate") duplicates++;
    else {
      const { code, message, hint } = admission;
      rejected.push({ index, code, message, ...(hint === undefined ? {} : { hint }) });
    }
  });
  return { events, duplicates, rejected };
}
