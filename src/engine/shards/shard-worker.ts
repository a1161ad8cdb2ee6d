/** A shard at work, wherever that is: it is asked, and answers, in order. What goes either way is plain data. Mutable. */

import { unreachable } from "../../core/assert.ts";
import type { CapturedOperator } from "../../stream/task/task-snapshot.ts";
import { NOTHING, type Answer } from "./answer.ts";
import { captureChoice, type CapturePlan } from "../checkpoint/capture-plan.ts";
import { withKeys } from "../checkpoint/checkpoint-parts.ts";
import { SLICE } from "../log/chunk-applier.ts";
import { Engine } from "../engine.ts";
import { KeysEncoder } from "../checkpoint/keys-encoder.ts";
import type { LogRecord } from "../log/log-record.ts";
import type { EncodedPart } from "../checkpoint/part-text.ts";
import { shardOf } from "./shard.ts";
import type { BranchFigures, ShardFigures } from "./shard-figures.ts";
import type { ShardReply, ShardRequest, ShardWork } from "./shard-messages.ts";
import { noteOf, shareOf } from "./shard-snapshot.ts";

/** Of encoding, in one answer: some milliseconds. */
const STEPS_AT_ONCE = 4;

export class ShardWorker {
  readonly #engine: Engine;
  readonly #told = new Map<string, BranchFigures>();
  /** At the last barrier, until it is settled. */
  #captured: readonly CapturedOperator[] = [];
  /** Null when there is nothing left to encode. */
  #encoder: KeysEncoder | null = null;
  /** Not given away yet. */
  #encoded: EncodedPart[] = [];

  constructor({ index, count, start }: ShardWork) {
    const shard = shardOf(index, count);
    this.#engine = new Engine({ shard });
    if (start === null) return;
    this.#engine.restore(shareOf(withKeys(start.snapshot, start.keys), shard));
    this.#engine.beginChanges(); // where the checkpoint has other keys too, all are asked for
  }

  asked(request: ShardRequest): ShardReply {
    switch (request.kind) {
      case "advance":
        return this.#advance(JSON.parse(request.records) as readonly LogRecord[]);
      case "figures":
        return { kind: "figures", figures: this.#news() };
      case "key":
        return { kind: "key", snapshot: this.#engine.job.keySnapshot(request.branch, request.key) };
      case "capture":
        return this.#captureKeys(request.plan);
      case "encode":
        for (let steps = 0; steps < STEPS_AT_ONCE; steps++) this.#encodeSome();
        return { kind: "encoded", parts: this.#encoded.splice(0), isOver: this.#encoder === null };
      case "settle":
        this.#settle(request.isSaved);
        return { kind: "settled" };
      default:
        return unreachable(request);
    }
  }

  #advance(records: readonly LogRecord[]): ShardReply {
    const answers: [number, Answer][] = [];
    for (const [index, record] of records.entries()) {
      if (index % SLICE === SLICE - 1) this.#encodeSome();
      try {
        const answer = this.#engine.advance(record);
        if (answer !== NOTHING) answers.push([index, answer]);
      } catch (error) {
        return { kind: "failed", index, error };
      }
    }
    return { kind: "advanced", answers, figures: this.#news() };
  }

  #captureKeys(plan: CapturePlan): ShardReply {
    const capture = this.#engine.captureKeyed(captureChoice(plan));
    this.#captured = capture.job?.operators ?? [];
    this.#encoder = new KeysEncoder(this.#captured, plan);
    return { kind: "captured", note: noteOf(capture) };
  }

  #encodeSome(): void {
    const part = this.#encoder?.step() ?? null;
    if (part !== null) this.#encoded.push(part);
    if (this.#encoder?.isOver === true) this.#encoder = null;
  }

  #settle(isSaved: boolean): void {
    for (const { keys } of this.#captured) for (const captured of keys) captured.settle(isSaved);
    this.#captured = [];
    this.#encoder = null;
    this.#encoded = [];
  }

  /** Of branches, those that have changed since they were last told of: there may be many. */
  #news(): ShardFigures {
    const { branches, deadlines } = this.#engine.figures();
    const news = branches.filter(([branch, figures]) => !isSame(figures, this.#told.get(branch)));
    for (const [branch, figures] of news) this.#told.set(branch, figures);
    return { branches: news, deadlines };
  }
}

function isSame(a: BranchFigures, b: BranchFigures | undefined): boolean {
  if (b === undefined || a.faults !== b.faults) return false;
  if (a.keys !== b.keys || a.windows !== b.windows || a.partialMatches !== b.partialMatches) return false;
  return (Object.keys(a.counters) as (keyof typeof a.counters)[]).every(
    (name) => a.counters[name] === b.counters[name],
  );
}
