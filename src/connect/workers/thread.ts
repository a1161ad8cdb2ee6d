/** A worker thread: it makes the program's graph once more, runs its piece of it, and does what it is asked. */

import { parentPort, workerData } from "node:worker_threads";
import { assert, unreachable } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import { Piece } from "./piece.ts";
import { environmentOf } from "./program.ts";
import type { ThreadFailure, ThreadReply, ThreadRequest, ThreadWork } from "./thread-protocol.ts";

/** Parcels worked off before whoever asks something has a turn. */
const TURN_MAX = 8;

assert(parentPort !== null, "it is started as a worker thread");
const control = parentPort;
const { program, graph: expected, thread, ports, encoding, task } = workerData as ThreadWork;
let isOver = false;
let isScheduled = false;
let piece: Piece;

try {
  const { graph } = await environmentOf(new URL(program), expected);
  piece = new Piece({ graph, thread, ports, encoding, task, arrived: schedule });
  control.on("message", (request: ThreadRequest) => attempt(() => reply(answer(request))));
  reply({ kind: "ready" });
} catch (error) {
  fail(error);
}

function schedule(): void {
  if (isScheduled || isOver) return;
  isScheduled = true;
  setImmediate(() => attempt(work));
}

function work(): void {
  isScheduled = false;
  for (let done = 0; done < TURN_MAX; done++) if (!piece.exchange.step()) return;
  schedule();
}

function answer(request: ThreadRequest): ThreadReply {
  switch (request.kind) {
    case "time":
      piece.task.advanceProcessingTime(request.now);
      piece.exchange.flush();
      return { kind: "status", status: piece.task.status() };
    case "probe":
      return { kind: "probed", isQuiet: piece.exchange.isQuiet, sent: piece.exchange.sent };
    case "snapshot":
      return { kind: "snapshot", snapshot: piece.task.snapshot() };
    case "close":
      isOver = true;
      piece.close();
      return { kind: "closed" };
    default:
      return unreachable(request);
  }
}

/** After a failure nothing: what was done by half must not be built upon. */
function attempt(action: () => void): void {
  if (isOver) return;
  try {
    action();
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  isOver = true;
  reply({ kind: "failed", failure: failureOf(error) });
}

function reply(said: ThreadReply): void {
  control.postMessage(said);
}

function failureOf(error: unknown): ThreadFailure {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof UserError
    ? { code: error.code, message, hint: error.hint }
    : { code: "job-failed", message, hint: undefined };
}
