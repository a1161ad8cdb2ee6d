/**
 * Fault points, for crash tests only: places around a commit where the process kills itself, as a power cut would, when
 * TRIPLINE_CRASH_AT names one. Without that setting nothing here is called.
 */

import type { Json } from "../core/event.ts";
import type { CheckpointStore } from "../engine/checkpoint/checkpoint-port.ts";
import type { AlertWriter, DeliveryLedger, EventLog } from "../engine/ports.ts";
import type { TwoPhaseSink } from "../stream/sinks/two-phase-sink.ts";

export const FAULT_POINTS = [
  /** A chunk of the log is about to be committed. */
  "log.committing",
  /** It is durable, and neither answered nor applied. */
  "log.committed",
  /** Alerts are about to be committed, with their deliveries and jobs. */
  "alerts.committing",
  /** They are durable, and nobody has been told. */
  "alerts.committed",
  /** The chunks of a checkpoint are on their way, and its manifest is not. */
  "checkpoint.writing",
  /** A checkpoint is durable, and nobody has been told. */
  "checkpoint.committed",
  /** A transaction of the alert sink is about to be prepared, at a checkpoint's barrier. */
  "sink.preparing",
  /** It is prepared, and no checkpoint names it. */
  "sink.prepared",
  /** A checkpoint names it, and it is about to be committed. */
  "sink.committing",
  /** It is committed, and nobody has been told. */
  "sink.committed",
  /** A delivery was taken up, and its webhook is about to be sent. */
  "delivery.sending",
  /** A webhook was answered, and it is not written down. */
  "delivery.answered",
  /** It is written down, and the queue has not been told. */
  "delivery.recorded",
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** The process dies when it passes `point` for the `pass`-th time, counted from 1. */
export interface Crash {
  readonly point: FaultPoint;
  readonly pass: number;
}

/** Null for what is not `point:pass`. */
export function parseCrash(text: string): Crash | null {
  const [, name, pass] = /^([a-z.]+):([1-9]\d{0,8})$/.exec(text) ?? [];
  const point = FAULT_POINTS.find((each) => each === name);
  return point === undefined ? null : { point, pass: Number(pass) };
}

export interface CrashablePorts {
  readonly log: EventLog;
  readonly alerts: AlertWriter;
  readonly checkpoints: CheckpointStore;
  readonly ledger: DeliveryLedger;
}

/** The same ports, with the fault points around what they commit. */
export function crashingAt(crash: Crash, { log, alerts, checkpoints, ledger }: CrashablePorts): CrashablePorts {
  const passing = killer(crash);
  return {
    log: {
      end: () => log.end(),
      read: (from) => log.read(from),
      async append(chunk, besides) {
        passing("log.committing");
        await log.append(chunk, besides);
        passing("log.committed");
      },
    },
    alerts: {
      writtenThrough: () => alerts.writtenThrough(),
      async write(outputs, throughOffset) {
        passing("alerts.committing");
        const stored = await alerts.write(outputs, throughOffset);
        passing("alerts.committed");
        return stored;
      },
    },
    checkpoints: {
      place: checkpoints.place,
      lastId: () => checkpoints.lastId(),
      list: () => checkpoints.list(),
      load: (id) => checkpoints.load(id),
      remove: (id, options) => checkpoints.remove(id, options),
      prune: (keep) => checkpoints.prune(keep),
      export: (id) => checkpoints.export(id),
      import: (file, as) => checkpoints.import(file, as),
      async save(manifest, chunks) {
        await checkpoints.save(
          manifest,
          passingAfter(chunks, () => passing("checkpoint.writing")),
        );
        passing("checkpoint.committed");
      },
    },
    ledger: {
      async load(job) {
        const task = await ledger.load(job);
        if (task !== null) passing("delivery.sending");
        return task;
      },
      async recordAttempt(outcome) {
        passing("delivery.answered");
        await ledger.recordAttempt(outcome);
        passing("delivery.recorded");
      },
    },
  };
}

/** The same sink, with the fault points around both phases. */
export function crashingSinkAt<T, Transaction extends Json>(
  crash: Crash,
  sink: TwoPhaseSink<T, Transaction>,
): TwoPhaseSink<T, Transaction> {
  const passing = killer(crash);
  return {
    begin: () => sink.begin(),
    write: (transaction, values) => sink.write(transaction, values),
    async preCommit(transaction) {
      passing("sink.preparing");
      await sink.preCommit(transaction);
      passing("sink.prepared");
    },
    async commit(transaction) {
      passing("sink.committing");
      await sink.commit(transaction);
      passing("sink.committed");
    },
    abort: (transaction) => sink.abort(transaction),
    recover: (pending) => sink.recover(pending),
    close: () => sink.close(),
  };
}

/** When they have all been taken, but for those that were batched up. */
async function* passingAfter<T>(items: Iterable<T> | AsyncIterable<T>, pass: () => void): AsyncGenerator<T> {
  yield* items;
  pass();
}

function killer({ point, pass }: Crash): (passed: FaultPoint) => void {
  let left = pass;
  return (passed) => {
    if (passed !== point || --left > 0) return;
    // Not `process.exit`: nothing may be tidied up on the way out.
    process.kill(process.pid, "SIGKILL");
  };
}
