/** Ports: what the engine's service needs of the world. `store` and `delivery` implement them; nothing here does I/O. */

import type { DeliveryJob } from "./delivery-job.ts";
import type { TakenLines } from "./log/idempotency.ts";
import type { LogRecord } from "./log/log-record.ts";
import type { JsonObject } from "../core/event.ts";
import type { Alert, Output } from "./output.ts";

/** Wall-clock time, epoch milliseconds. Only `connect/system-clock.ts` reads the machine's. */
export interface Clock {
  now(): number;
}

/** What comes later by itself. */
export interface Scheduler {
  /** Calls it once, so much later; gives the function that calls it off. */
  after(ms: number, call: () => void): () => void;
  /** Resolves when everybody else who waits has had a turn: long work is done in slices. */
  turn(): Promise<void>;
}

/** What the people who run the service are told; fields, then a sentence. */
export interface Notices {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Waiting between attempts, while the database is away. */
export interface Patience {
  /** Resolves when attempt number `attempt` (1, 2, ...) may be made again; `error` is what the last one met. */
  beforeRetry(attempt: number, error: unknown): Promise<void>;
}

/** What comes with records to be appended. */
export interface BesidesRecords {
  readonly taken?: readonly TakenLines[];
  /** Of each record, where it is an event and its data's text is at hand: it says the same, and need not be written anew. */
  readonly texts?: readonly (string | undefined)[];
}

/** The durable, ordered log. Its one writer gives out the offsets. */
export interface EventLog {
  /** The offset after the last record; 0 for an empty log. */
  end(): Promise<number>;
  /**
   * Appends one chunk of records with dense offsets, the first being the log's end, and what it takes of keyed requests: all
   * of it is durable when the promise resolves, or nothing. Without records there is no chunk, and `taken` is written alone.
   * Appending the same again (after an answer was lost) changes nothing.
   */
  append(chunk: readonly LogRecord[], besides?: BesidesRecords): Promise<void>;
  /**
   * The chunks from the one that holds `from` on, in order, each without the records before `from`. UserError `log-truncated`
   * when `from`, or what comes after it while it is being read, is not kept any more.
   */
  read(from: number): AsyncIterable<readonly LogRecord[]>;
}

/** An alert as stored: `sequence` grows by commit order and is what readers resume from. */
export interface StoredAlert {
  readonly sequence: number;
  readonly alert: Alert;
}

export interface AlertWriter {
  /** Outputs of every record below this offset are written; 0 at first. */
  writtenThrough(): Promise<number>;
  /**
   * In one transaction: the alerts, an outbox row and a job for each of their destinations (only for alerts that were
   * not there before), the late events, and `throughOffset`. Gives the alerts that were new, in order.
   */
  write(outputs: readonly Output[], throughOffset: number): Promise<readonly StoredAlert[]>;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface AlertQuery {
  readonly rule?: string | undefined;
  /** As text: a string key itself, or the JSON of any key. */
  readonly key?: string | undefined;
  readonly severity?: string | undefined;
  readonly kind?: string | undefined;
  /** Event time of the alert (`at`), epoch milliseconds: from inclusive, to exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface AlertReader {
  /** Newest first. A page ends where its bytes do, too (`limits.pageBytesMax`). */
  list(query: AlertQuery, page: PageRequest): Promise<Page<StoredAlert>>;
  get(id: string): Promise<StoredAlert | null>;
  /** Oldest first, those with a sequence above `sequence`; fewer than `limit` may be there and more be left, where they are large. */
  after(sequence: number, limit: number): Promise<readonly StoredAlert[]>;
  /** Of the newest alert; 0 when there is none. */
  lastSequence(): Promise<number>;
}

/** An event that came behind the watermark, on the side output of its stream. */
export interface LateEvent {
  readonly offset: number;
  /** RFC 3339. */
  readonly time: string;
  readonly data: JsonObject;
}

export interface LateQuery {
  readonly stream: string;
  /** Event time, epoch milliseconds: from inclusive, to exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface LateEventReader {
  /** In the order of the log; the newest `limits.lateEventsKeptMax` of a stream are there. */
  list(query: LateQuery, page: PageRequest): Promise<Page<LateEvent>>;
}

export type DestinationFormat = "standard";

/** A webhook endpoint. `secret` is `whsec_` and base64 (Standard Webhooks); it never leaves in an answer or a log. */
export interface Destination {
  readonly name: string;
  readonly url: string;
  readonly secret: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly format: DestinationFormat;
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
}

export interface DestinationStore {
  /** Deliveries that waited for this name become due in the same transaction. */
  put(destination: Destination): Promise<"created" | "changed" | "unchanged">;
  get(name: string): Promise<Destination | null>;
  list(): Promise<readonly Destination[]>;
  remove(name: string): Promise<boolean>;
}

/**
 * - `pending`: queued or being retried
 * - `waiting`: no destination of that name yet; it becomes pending when one is put
 * - `delivered`: answered with 2xx
 * - `dead`: failed for good; kept, and retried on demand
 */
export type DeliveryStatus = "pending" | "waiting" | "delivered" | "dead";

export interface DeliveryAttempt {
  readonly attempt: number;
  /** RFC 3339. */
  readonly at: string;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  readonly latencyMs: number;
  readonly error: string | null;
  readonly responseExcerpt: string | null;
}

export interface Delivery {
  readonly id: string;
  readonly alert: string;
  readonly destination: string;
  readonly status: DeliveryStatus;
  readonly createdAt: string;
  readonly attempts: readonly DeliveryAttempt[];
}

export interface DeliveryQuery {
  readonly alert?: string | undefined;
  readonly destination?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
}

export interface DeliveryReader {
  /** Newest first. */
  list(query: DeliveryQuery, page: PageRequest): Promise<Page<Delivery>>;
  get(id: string): Promise<Delivery | null>;
  /** A dead (or waiting) delivery becomes pending with a fresh set of attempts; null when there is none of that id, false when it is not dead. */
  retry(id: string): Promise<boolean | null>;
}

/** One attempt that is due: what to send, and where to. */
export interface DeliveryTask {
  readonly deliveryId: string;
  readonly alert: Alert;
  readonly destination: Destination;
  /** Attempts made before this one since the delivery was queued (afresh). */
  readonly attemptsBefore: number;
}

export interface AttemptOutcome {
  readonly job: DeliveryJob;
  /** The ledger numbers it. */
  readonly attempt: Omit<DeliveryAttempt, "attempt">;
  readonly status: DeliveryStatus;
}

/** What the delivery worker needs: the attempt that a job stands for, and a place to write down what came of it. */
export interface DeliveryLedger {
  /**
   * Null when the job has nothing left to do: its delivery is delivered, dead or queued afresh, or its destination is
   * gone and it waits from now on.
   */
  load(job: DeliveryJob): Promise<DeliveryTask | null>;
  /** The attempt, and the status that it gives the delivery. A delivery that is delivered stays so. */
  recordAttempt(outcome: AttemptOutcome): Promise<void>;
}
