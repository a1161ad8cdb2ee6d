/** An operator: one step of a graph at work. It takes elements, and hands what comes of them to the next at once. */

import { assert } from "../../core/assert.ts";
import type { Json } from "../../core/event.ts";
import type { Input } from "../graph/element.ts";
import type { CapturedKeys } from "../state/key-capture.ts";
import type { TimeProgress } from "../task/outlet.ts";
import type { ProcessingClock } from "../task/processing-clock.ts";
import type { KeySnapshot, OperatorSnapshot } from "../task/snapshot.ts";
import type { StateTable } from "../state/state-table.ts";

/** In a batch all input is there: no record moves a watermark, and event time comes to its end at once, with the input's. */
export type ExecutionMode = "streaming" | "batch";

/** Where an operator stands, and where its results go. */
export interface OperatorSetup {
  readonly name: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly clock: ProcessingClock;
  readonly mode: ExecutionMode;
  readonly next: Input<unknown>;
  sideOutput(tag: string): Input<unknown>;
}

/** Which keys have changed since the last barrier. */
export interface ChangedKeys {
  /** False before the first barrier: then all have. */
  readonly isKnown: boolean;
  /** As of now, everything is in a checkpoint. */
  begin(): void;
}

/** What an operator has become, for people and dashboards. */
export interface OperatorStatus {
  readonly watermark: number;
  readonly keys: number;
  /** Windows that are there; of those that share panes, the panes. */
  readonly windows: number;
  readonly timers: number;
  /** The next timer of event time, epoch milliseconds; null when none is set. */
  readonly nextEventTimer: number | null;
  /** Records that were behind the watermark and had no side output to go to. */
  readonly lateRecordsDropped: number;
}

/** What an operator has become at a barrier. Nothing in it changes with what comes later. */
export interface OperatorCapture {
  readonly rest: OperatorSnapshot | null;
  /** Null of an operator that keeps nothing by key. */
  readonly keys: CapturedKeys | null;
}

export abstract class Operator<In, Out> implements Input<In> {
  protected readonly setup: OperatorSetup;
  protected readonly next: Input<Out>;

  constructor(setup: OperatorSetup) {
    this.setup = setup;
    this.next = setup.next;
  }

  abstract record(value: In, timestamp: number): void;

  /** A record of the second stream, of operators that read two: of the broadcast side, or of the other one connected. */
  second(_value: unknown, _timestamp: number): void {
    assert(false, `${this.setup.name} reads one stream`);
  }

  watermark(watermark: number): void {
    this.next.watermark(watermark);
  }

  idle(idle: boolean): void {
    this.next.idle(idle);
  }

  /** How far time has come behind the operator when it has come to `input` before it; asked after a restore. */
  timeAfter(input: TimeProgress): TimeProgress {
    return input;
  }

  open(): void {}

  close(): void {}

  advanceProcessingTime(_now: number): void {}

  /** By what their scopes are: the keys, the windows ... */
  stateTables(): Readonly<Record<string, StateTable>> {
    return {};
  }

  /** All but the types of states; null for an operator that has become nothing. */
  snapshot(): OperatorSnapshot | null {
    return null;
  }

  /** The same, to be written down while records go on. Of what is kept by key, what has changed; all, of groups that are rewritten. */
  capture(_isRewritten: (group: number) => boolean): OperatorCapture {
    return { rest: this.snapshot(), keys: null };
  }

  /** Which of its keys have changed; null of an operator that keeps nothing by key. */
  get changes(): ChangedKeys | null {
    return null;
  }

  restore(_snapshot: OperatorSnapshot): void {}

  /** Everything that is kept of one key; null when nothing is. */
  keySnapshot(_key: Json): KeySnapshot | null {
    return null;
  }

  status(): OperatorStatus | null {
    return null;
  }
}
