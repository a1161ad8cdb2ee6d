/** Documents at the door of the log: those that become events, and why others do not. */

import type { StreamDefinition } from "../../lang/definition.ts";
import type { Arrival, Door } from "./door.ts";
import type { EventRecord } from "./log-record.ts";
import type { IngestRun, Rejection } from "../service/service-types.ts";

export interface Admitted {
  readonly events: readonly EventRecord[];
  /** Of each of them, its data as it came, where that is at hand. */
  readonly texts: readonly (string | undefined)[];
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
}

/** They come together, and take their places in the log from `offset` on. */
export function admitAll(
  door: Door,
  { documents, texts: came = [] }: Pick<IngestRun, "documents" | "texts">,
  { definition, at, offset }: Pick<Arrival, "at" | "offset"> & { readonly definition: StreamDefinition },
): Admitted {
  const events: EventRecord[] = [];
  const texts: (string | undefined)[] = [];
  const rejected: Rejection[] = [];
  let duplicates = 0;
  documents.forEach((document, index) => {
    const admission = door.admit(definition, document, { at, offset: offset + events.length });
    if (admission.kind === "accepted") {
      events.push(admission.record);
      texts.push(came[index]);
    } else if (admission.kind === "duplicate") duplicates++;
    else {
      const { code, message, hint } = admission;
      rejected.push({ index, code, message, ...(hint === undefined ? {} : { hint }) });
    }
  });
  return { events, texts, duplicates, rejected };
}
