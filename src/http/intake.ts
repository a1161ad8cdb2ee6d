/** Intake: the events of one request on their way into the log, batch by batch; a bad one rejects itself, alone. */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { IngestResult, Rejection } from "../engine/service-types.ts";

export interface Ingested {
  readonly accepted: number;
  readonly duplicates: number;
  /** The first `limits.rejectionsListedMax` of them. */
  readonly rejected: readonly Rejection[];
  readonly rejectedTotal: number;
  readonly lastOffset: number | null;
}

export type Ingest = (documents: readonly Json[]) => Promise<IngestResult>;

/** What is made durable together; its events and its rejections, in the order of the request. */
interface Batch {
  readonly documents: Json[];
  /** Index in the request of each document. */
  readonly indices: number[];
  readonly rejections: Rejection[];
}

/**
 * Mutable, one per request: holds the batch that is being filled, the one that is being made durable, and the sums of those
 * before. The two overlap, so that reading and parsing fill the time that a commit takes; a third one has to wait.
 */
export class Intake {
  readonly #ingest: Ingest;
  #batch = emptyBatch();
  #batchBytes = 0;
  #received = 0;
  #sending: Promise<void> = Promise.resolve();

  #accepted = 0;
  #duplicates = 0;
  readonly #rejected: Rejection[] = [];
  #rejectedTotal = 0;
  #lastOffset: number | null = null;

  constructor(ingest: Ingest) {
    this.#ingest = ingest;
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

  add(document: Json, bytes: number): void {
    this.#batch.documents.push(document);
    this.#batch.indices.push(this.#received++);
    this.#batchBytes += bytes;
  }

  reject({ code, message, hint }: UserError): void {
    this.#batch.rejections.push({ index: this.#received++, code, message, ...(hint !== undefined && { hint }) });
  }

  /** Sends the batch on; resolves when the one before it is durable. */
  async flush(): Promise<void> {
    const batch = this.#batch;
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

  result(): Ingested {
    return {
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      rejectedTotal: this.#rejectedTotal,
      lastOffset: this.#lastOffset,
    };
  }

  async #send({ documents, indices, rejections }: Batch): Promise<void> {
    if (documents.length === 0) return this.#list(rejections);
    const result = await this.#ingest(documents);
    this.#accepted += result.accepted;
    this.#duplicates += result.duplicates;
    this.#lastOffset = result.lastOffset ?? this.#lastOffset;
    const refused = result.rejected.map((rejection) => ({ ...rejection, index: indices[rejection.index]! }));
    this.#list([...rejections, ...refused].sort((a, b) => a.index - b.index));
  }

  #list(rejections: readonly Rejection[]): void {
    this.#rejectedTotal += rejections.length;
    this.#rejected.push(...rejections.slice(0, limits.rejectionsListedMax - this.#rejected.length));
  }
}

function emptyBatch(): Batch {
  return { documents: [], indices: [], rejections: [] };
}
