/** Intake: the events of one request on their way into the log, batch by batch; a bad one rejects itself, alone. */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { TakenLines } from "../engine/log/idempotency.ts";
import type { IngestResult, Rejection } from "../engine/service/service-types.ts";
import type { KeyedRequest, Mark } from "./keyed-request.ts";

export interface Ingested {
  readonly accepted: number;
  readonly duplicates: number;
  /** The first `limits.rejectionsListedMax` of them. */
  readonly rejected: readonly Rejection[];
  readonly rejectedTotal: number;
  readonly lastOffset: number | null;
}

/** Documents in the order of the request. */
export interface Documents {
  readonly documents: readonly Json[];
  /** Of each, as it came; undefined where it did not come by itself. */
  readonly texts: readonly (string | undefined)[];
}

/** `taken` gives what is written down of a keyed request, with the events. */
export type Ingest = (
  batch: Documents,
  taken: ((result: IngestResult) => TakenLines) | undefined,
) => Promise<IngestResult>;

/** What is made durable together; its events and its rejections, in the order of the request. */
interface Batch extends Documents {
  readonly documents: Json[];
  readonly texts: (string | undefined)[];
  /** Index in the request of each document. */
  readonly indices: number[];
  readonly rejections: Rejection[];
  /** Where a keyed request has come to with it. */
  mark: Mark | null;
}

/**
 * Mutable, one per request: holds the batch that is being filled, the one that is being made durable, and the sums of those
 * before. The two overlap, so that reading and parsing fill the time that a commit takes; a third one has to wait.
 */
export class Intake {
  readonly #ingest: Ingest;
  readonly #request: KeyedRequest | null;
  #batch = emptyBatch();
  #batchBytes = 0;
  #received: number;
  #sending: Promise<void> = Promise.resolve();
  #result: Ingested;
  #tookSome = false;

  constructor(ingest: Ingest, request: KeyedRequest | null) {
    this.#ingest = ingest;
    this.#request = request;
    this.#received = request?.before?.lines ?? 0;
    this.#result = (request?.before?.answer as Ingested | undefined) ?? NOTHING;
  }

  /** Events of this very request are in the log now, and were not before. */
  get tookSome(): boolean {
    return this.#tookSome;
  }

  /** Of each document, before anything else: was it taken when the request was sent before? */
  wasTaken(document: () => string | Uint8Array): boolean {
    return this.#request?.pass(document()) ?? false;
  }

  /** Rejections fill it too: a body of nothing but bad lines must not fill the memory with them. */
  get isFull(): boolean {
    const { documents, rejections } = this.#batch;
    return (
      documents.length >= limits.chunkRecordsMax ||
      this.#batchBytes >= limits.chunkBytesMax ||
      rejections.length >= limits.rejectionsListedMax
    );
  }

  add(document: Json, { bytes, text }: { readonly bytes: number; readonly text?: string }): void {
    this.#batch.documents.push(document);
    this.#batch.texts.push(text);
    this.#batch.indices.push(this.#received++);
    this.#batchBytes += bytes;
  }

  reject({ code, message, hint }: UserError): void {
    this.#batch.rejections.push({ index: this.#received++, code, message, ...(hint !== undefined && { hint }) });
  }

  /** Sends the batch on; resolves when the one before it is durable. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    if (this.#request !== null) batch.mark = this.#request.mark();
    this.#batch = emptyBatch();
    this.#batchBytes = 0;
    await this.#sending;
    this.#sending = this.#send(batch);
    this.#sending.catch(() => undefined); // met by whoever waits for it next
  }

  /** Resolves when everything that was sent on is durable. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  /** The body is over: sends the last batch on, and resolves when all is durable. */
  async end(): Promise<void> {
    this.#request?.end();
    await this.flush();
    await this.sent();
  }

  result(): Ingested {
    return this.#result;
  }

  async #send(batch: Batch): Promise<void> {
    const { mark } = batch;
    if (batch.documents.length === 0) {
      this.#result = withBatch(this.#result, batch, NO_EVENTS);
      return;
    }
    const request = this.#request;
    const before = this.#result;
    const result = await this.#ingest(
      batch,
      request === null || mark === null
        ? undefined
        : (taken) => request.taken(mark, withBatch(before, batch, taken) as unknown as Json),
    );
    this.#result = withBatch(before, batch, result);
    this.#tookSome ||= result.accepted > 0;
  }
}

const NOTHING: Ingested = { accepted: 0, duplicates: 0, rejected: [], rejectedTotal: 0, lastOffset: null };
const NO_EVENTS: IngestResult = { accepted: 0, duplicates: 0, rejected: [], lastOffset: null };

function withBatch(before: Ingested, { indices, rejections }: Batch, result: IngestResult): Ingested {
  const refused = result.rejected.map((rejection) => ({ ...rejection, index: indices[rejection.index]! }));
  const rejected = [...rejections, ...refused].sort((a, b) => a.index - b.index);
  return {
    accepted: before.accepted + result.accepted,
    duplicates: before.duplicates + result.duplicates,
    rejected: [...before.rejected, ...rejected.slice(0, limits.rejectionsListedMax - before.rejected.length)],
    rejectedTotal: before.rejectedTotal + rejected.length,
    lastOffset: result.lastOffset ?? before.lastOffset,
  };
}

function emptyBatch(): Batch {
  return { documents: [], texts: [], indices: [], rejections: [], mark: null };
}
