/**
 * Takes checkpoints: by itself now and then, and when asked, one at a time. What is taken is the state between two records; it is
 * written while records go on. Mutable.
 */

import { UserError } from "../../core/errors.ts";
import type { CapturedState } from "./barrier.ts";
import {
  CHECKPOINT_FORMAT,
  CheckpointFault,
  type CheckpointKind,
  type CheckpointManifest,
  type CheckpointStore,
} from "./checkpoint-port.ts";
import type { CheckpointSettings } from "./checkpoint-settings.ts";
import type { EncodedCheckpoint } from "./encoded-parts.ts";
import type { Clock, Notices, Scheduler } from "../ports.ts";
import { ShardFailure } from "../shards/shard-team.ts";

/** What checkpoints are taken of. */
export interface CheckpointSource {
  /** The offset after the last record applied; the state is that of all records below. */
  readonly applied: number;
  /** At the next barrier, which is between two records; null when the engine does not come there, because it begins again. */
  captured(kind: CheckpointKind): Promise<CapturedState | null>;
  /** Resolves when what came of every record below the offset is stored. */
  written(offset: number): Promise<void>;
}

export interface CoordinatorOptions {
  readonly store: CheckpointStore;
  readonly settings: CheckpointSettings;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly notices: Notices;
  /** Null while there is nothing to take: the log is being read again. */
  readonly source: () => CheckpointSource | null;
  /** More checkpoints in a row have failed than is tolerable. */
  readonly failed: (error: unknown) => void;
}

export interface CompletedCheckpoint {
  readonly id: number;
  readonly kind: CheckpointManifest["kind"];
  readonly name: string | null;
  readonly offset: number;
  readonly takenAt: number;
  /** From the barrier until it was complete. */
  readonly durationMs: number;
  /** For which no record was applied. */
  readonly pauseMs: number;
  /** New to the store, before compression. */
  readonly bytesWritten: number;
  readonly keysWritten: number;
  /** All that it refers to. */
  readonly bytes: number;
  readonly keys: number;
}

export interface CheckpointCounts {
  readonly completed: number;
  readonly failed: number;
  readonly consecutiveFailures: number;
  readonly last: CompletedCheckpoint | null;
  readonly lastFailure: { readonly at: number; readonly message: string } | null;
  readonly isInProgress: boolean;
}

type Request = { readonly kind: "checkpoint" } | { readonly kind: "savepoint"; readonly name: string };

type NumberedRequest = Request & { readonly id: number };

/** The time that a checkpoint may take. */
interface Expiry {
  readonly isOver: boolean;
  readonly happened: Promise<never>;
  cancel(): void;
}

export class CheckpointCoordinator {
  readonly #options: CoordinatorOptions;
  #completed = 0;
  #failed = 0;
  #consecutiveFailures = 0;
  #last: CompletedCheckpoint | null = null;
  #lastFailure: CheckpointCounts["lastFailure"] = null;
  /** The one before, also when it was given up: no two are written at once. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The writing of the one before, which goes on after it has been given up. */
  #writing: Promise<unknown> = Promise.resolve();
  #isInProgress = false;
  #lastId: number | null = null;
  #startedAt = 0;
  #endedAt = 0;
  #cancel: (() => void) | null = null;
  /** Of the newest checkpoint: without a record since then there is nothing to take. */
  #savedOffset: number | null = null;
  /** Of the newest, savepoints too: the next one builds on them. */
  #parts: CheckpointManifest["parts"] = [];

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  /** From now on by itself. `savedOffset`: of the checkpoint that the engine goes on from, if there is one. */
  start(savedOffset: number | null): void {
    this.#savedOffset = savedOffset;
    this.#startedAt = this.#endedAt = this.#options.clock.now();
    this.#arm();
  }

  /** No more by itself; resolves when the one under way is over. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    await this.#turn;
  }

  /** Resolves when nothing is written any more, not even what was given up. */
  async idle(): Promise<void> {
    await this.#turn;
    await this.#writing;
  }

  counts(): CheckpointCounts {
    return {
      completed: this.#completed,
      failed: this.#failed,
      consecutiveFailures: this.#consecutiveFailures,
      last: this.#last,
      lastFailure: this.#lastFailure,
      isInProgress: this.#isInProgress,
    };
  }

  /** Of the newest checkpoint; null when there is none. */
  get savedOffset(): number | null {
    return this.#savedOffset;
  }

  /** Takes one now, after the one under way. UserErrors: `not-ready`, `checkpoint-timeout`, and those of the store. */
  take(request: Request): Promise<CompletedCheckpoint> {
    const taken = this.#turn.then(() => this.#attempt(request));
    this.#turn = taken.then(
      () => undefined,
      () => undefined,
    );
    return taken;
  }

  /** A checkpoint, unless the last one says the same; one that fails is told, and no more than that. */
  async takeIfNews(): Promise<void> {
    const source = this.#options.source();
    if (source === null || source.applied === this.#savedOffset) return;
    await this.take({ kind: "checkpoint" }).catch(() => undefined);
  }

  /** For a savepoint that comes from elsewhere; nobody waits while it comes. */
  nextId(): Promise<number> {
    const taken = this.#turn.then(() => this.#nextId());
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  /** What the one under way, or the next, builds on stays. False when there is none of that id. */
  async remove(id: number): Promise<boolean> {
    const spared = new Set(this.#parts.flatMap(({ chunks }) => chunks.map((chunk) => chunk.id)));
    return await this.#options.store.remove(id, { spared });
  }

  async #nextId(): Promise<number> {
    this.#lastId ??= await this.#options.store.lastId();
    return ++this.#lastId;
  }

  #arm(): void {
    const { settings, scheduler, clock } = this.#options;
    if (settings.intervalMs === null) return;
    const now = clock.now();
    const next = Math.max(this.#startedAt + settings.intervalMs, this.#endedAt + settings.minPauseMs);
    const waitMs = Math.min(Math.max(next - now, 0), Math.max(settings.intervalMs, settings.minPauseMs)); // clocks are set back
    this.#cancel?.();
    this.#cancel = scheduler.after(waitMs, () => void this.#takeBySelf());
  }

  async #takeBySelf(): Promise<void> {
    this.#startedAt = this.#options.clock.now();
    await this.takeIfNews();
    if (this.#cancel !== null) this.#arm();
  }

  async #attempt(request: Request): Promise<CompletedCheckpoint> {
    const { clock, notices } = this.#options;
    await this.#writing;
    this.#isInProgress = true;
    this.#startedAt = clock.now();
    try {
      const id = await this.#nextId();
      const completed = await this.#write({ ...request, id });
      this.#completed++;
      if (request.kind === "checkpoint") {
        this.#consecutiveFailures = 0;
        this.#savedOffset = completed.offset;
      }
      this.#last = completed;
      notices.info(completed, `a ${request.kind} is complete`);
      if (request.kind === "checkpoint") await this.#prune(); // or, where the newest is damaged, only that might be left
      return completed;
    } catch (error) {
      if (!isNotReady(error)) this.#tellFailure(error, request);
      throw error;
    } finally {
      this.#isInProgress = false;
      this.#endedAt = clock.now();
    }
  }

  /** From the barrier to the commit. */
  async #write(request: NumberedRequest): Promise<CompletedCheckpoint> {
    const expiry = this.#expiry();
    try {
      const working = this.#capture(request, expiry);
      this.#writing = working.catch(() => undefined);
      return await Promise.race([working, expiry.happened]);
    } finally {
      expiry.cancel();
    }
  }

  async #capture(request: NumberedRequest, expiry: Expiry): Promise<CompletedCheckpoint> {
    const source = this.#options.source();
    const captured = (await source?.captured(request.kind)) ?? null;
    if (source === null || captured === null) throw notReady();
    const { writer, capture } = captured;
    try {
      const { completed, encoded } = await this.#save(request, { source, captured, expiry });
      writer.saved(capture, encoded);
      this.#parts = encoded.parts;
      return completed;
    } catch (error) {
      writer.failed(capture);
      if (error instanceof CheckpointFault) writer.beginAnew(); // chunks that it has written are gone
      throw error instanceof ShardFailure ? notReady() : error;
    }
  }

  async #save(
    { id, ...request }: NumberedRequest,
    {
      source,
      captured,
      expiry,
    }: { readonly source: CheckpointSource; readonly captured: CapturedState; readonly expiry: Expiry },
  ): Promise<{ readonly completed: CompletedCheckpoint; readonly encoded: EncodedCheckpoint }> {
    const { clock, scheduler, store } = this.#options;
    const { offset, takenAt, pauseMs, writer, capture, cut } = captured;
    const requireTime = (): void => {
      if (expiry.isOver) throw timedOut(this.#options.settings.timeoutMs);
    };
    const encoded = await writer.encode(capture, async () => {
      await scheduler.turn();
      requireTime();
    });
    await source.written(offset); // or its alerts would be lost: they are not computed again
    const sinkTransactions = await cut?.preCommitted;
    const { kind } = request;
    const name = request.kind === "savepoint" ? request.name : null;
    const rules = capture.engine.rules.map(({ name, version }) => ({ name, version }));
    const durationMs = (): number => Math.max(0, clock.now() - takenAt);
    const manifest: CheckpointManifest = {
      format: CHECKPOINT_FORMAT,
      id,
      kind,
      name,
      offset,
      takenAt,
      durationMs: durationMs(),
      rules,
      parts: encoded.parts,
      ...(sinkTransactions === undefined ? {} : { sinkTransactions }),
    };
    await store.save(manifest, encoded.chunks);
    void cut?.complete();
    requireTime(); // it was given up, although it is there
    return {
      completed: { id, kind, name, offset, takenAt, durationMs: durationMs(), pauseMs, ...sizes(encoded) },
      encoded,
    };
  }

  #expiry(): Expiry {
    const { scheduler, settings } = this.#options;
    let isOver = false;
    let cancel = (): void => undefined;
    const happened = new Promise<never>((_, reject) => {
      cancel = scheduler.after(settings.timeoutMs, () => {
        isOver = true;
        reject(timedOut(settings.timeoutMs));
      });
    });
    return {
      get isOver() {
        return isOver;
      },
      happened,
      cancel: () => cancel(),
    };
  }

  async #prune(): Promise<void> {
    const { store, settings, notices } = this.#options;
    try {
      await store.prune(settings.retained);
    } catch (error) {
      notices.warn({ err: error }, "old checkpoints could not be removed; they go with the next one");
    }
  }

  #tellFailure(error: unknown, { kind }: Request): void {
    const { clock, notices, settings, failed } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    notices.warn({ err: error }, `a ${kind} failed`);
    if (kind === "savepoint") return; // whoever asked for it is told
    this.#failed++;
    this.#consecutiveFailures++;
    this.#lastFailure = { at: clock.now(), message };
    if (settings.tolerableFailures !== null && this.#consecutiveFailures > settings.tolerableFailures) failed(error);
  }
}

function sizes({
  parts,
  chunks,
}: EncodedCheckpoint): Pick<CompletedCheckpoint, "bytes" | "keys" | "bytesWritten" | "keysWritten"> {
  const all = parts.flatMap((part) => part.chunks);
  return {
    bytes: sum(all.map(({ bytes }) => bytes)),
    keys: sum(all.map(({ keys }) => keys)),
    bytesWritten: sum(chunks.map(({ bytes }) => bytes)),
    keysWritten: sum(chunks.map(({ keys }) => keys)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** It is the engine that has failed then, or begins, and no checkpoint. */
function isNotReady(error: unknown): boolean {
  return error instanceof UserError && error.code === "not-ready";
}

function notReady(): UserError {
  return new UserError({
    code: "not-ready",
    message: "there is nothing to take a checkpoint of: the log is being read again",
    hint: "try again in a moment; /readyz tells when",
  });
}

function timedOut(timeoutMs: number): UserError {
  return new UserError({
    code: "checkpoint-timeout",
    message: `the checkpoint took longer than ${timeoutMs} ms, and was given up`,
    hint: "give it more time (TRIPLINE_CHECKPOINT_TIMEOUT)",
  });
}
