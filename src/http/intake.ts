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

/** Mutable, one per request: holds the batch that is being filled and the sums of those before it. */
export class Intake {
  readonly #ingest: Ingest;
  #documents: Json[] = [];
  /** Index in the request of each document of the batch. */
  #indices: number[] = [];
  #batchRejections: Rejection[] = [];
  #batchBytes = 0;
  #received = 0;

  #accepted = 0;
  #duplicates = 0;
  #rejected: Rejection[] = [];
  #rejectedTotal = 0;
  #lastOffset: number | null = null;

  constructor(ingest: Ingest) {
    this.#ingest = ingest;
  }

  get isFull(): boolean {
    return this.#documents.length >= limits.chunkRecordsMax || this.#batchBytes >= limits.chunkBytesMax;
  }

  add(document: Json, bytes: number): void {
    this.#documents.push(document);
    this.#indices.push(this.#received++);
    this.#batchBytes += bytes;
  }

  reject({ code, message, hint }: UserError): void {
    this.#batchRejections.push({ index: this.#received++, code, message, ...(hint !== undefined && { hint }) });
    // Listed at most so many: a body of nothing but bad lines must not fill the memory with its refusals.
    if (this.#batchRejections.length >= limits.rejectionsListedMax) this.#list([]);
  }

  /** Resolves when the batch is durable. */
  async flush(): Promise<void> {
    const [documents, indices] = [this.#documents, this.#indices];
    this.#documents = [];
    this.#indices = [];
    this.#batchBytes = 0;
    if (documents.length === 0) return this.#list([]);
    const result = await this.#ingest(documents);
    this.#accepted += result.accepted;
    this.#duplicates += result.duplicates;
    this.#lastOffset = result.lastOffset ?? this.#lastOffset;
    this.#list(result.rejected.map((rejection) => ({ ...rejection, index: indices[rejection.index]! })));
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

  #list(fromService: readonly Rejection[]): void {
    const rejections = [...this.#batchRejections, ...fromService].sort((a, b) => a.index - b.index);
    this.#batchRejections = [];
    this.#rejectedTotal += rejections.length;
    this.#rejected.push(...rejections.slice(0, limits.rejectionsListedMax - this.#rejected.length));
  }
}
