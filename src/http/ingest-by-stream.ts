/** Events that name their streams themselves: taken into the log in the order of the request, whatever streams they are of. */

import type { Json } from "../core/event.ts";
import type { TakenLines } from "../engine/log/idempotency.ts";
import type { Documents } from "./intake.ts";
import type { IngestResult, Rejection, Service } from "../engine/service/service-types.ts";
import { unknownStream } from "../engine/service/unknown.ts";
import type { Metrics } from "./metrics.ts";
import { namesOf } from "./names.ts";

export interface ByStreamOptions {
  readonly service: Service;
  readonly metrics: Metrics;
  readonly taken: ((result: IngestResult) => TakenLines) | undefined;
}

/** Neighbours of one stream. */
interface Run {
  readonly stream: string;
  readonly documents: Json[];
  readonly texts: (string | undefined)[];
  /** Index among all documents of each. */
  readonly indices: number[];
}

export async function ingestByStream(
  batch: Documents,
  { service, metrics, taken }: ByStreamOptions,
): Promise<IngestResult> {
  const { runs, strays } = runsOf(batch, service);
  const results = await service.ingestRuns(
    runs,
    taken === undefined ? undefined : (each) => taken(joined(each, { runs, strays })),
  );
  for (const [i, { stream }] of runs.entries()) metrics.countIngest(stream, results[i]!);
  return joined(results, { runs, strays });
}

/** `strays` name no stream, or none that there is. */
function runsOf({ documents, texts }: Documents, service: Service): { runs: Run[]; strays: Rejection[] } {
  const runs: Run[] = [];
  const strays: Rejection[] = [];
  for (const [index, document] of documents.entries()) {
    const stream = (document as { stream?: Json } | null)?.stream;
    if (typeof stream !== "string") strays.push({ index, ...UNNAMED });
    else if (!service.hasStream(stream)) {
      const { code, message, hint } = unknownStream(stream, namesOf(service.streams()));
      strays.push({ index, code, message, ...(hint !== undefined && { hint }) });
    } else {
      if (runs.at(-1)?.stream !== stream) runs.push({ stream, documents: [], texts: [], indices: [] });
      const run = runs.at(-1)!;
      run.documents.push(document);
      run.texts.push(texts[index]);
      run.indices.push(index);
    }
  }
  return { runs, strays };
}

function joined(
  results: readonly IngestResult[],
  { runs, strays }: { readonly runs: readonly Run[]; readonly strays: readonly Rejection[] },
): IngestResult {
  let [accepted, duplicates, lastOffset]: [number, number, number | null] = [0, 0, null];
  const rejected = [...strays];
  for (const [i, result] of results.entries()) {
    accepted += result.accepted;
    duplicates += result.duplicates;
    lastOffset = result.lastOffset ?? lastOffset;
    for (const rejection of result.rejected) rejected.push({ ...rejection, index: runs[i]!.indices[rejection.index]! });
  }
  return { accepted, duplicates, rejected, lastOffset };
}

const UNNAMED = {
  code: "no-stream",
  message: "the event does not name its stream; expected a text in `stream`",
  hint: "or post it to /v1/streams/{name}/events",
};
