/**
 * A snapshot: all that a task has become, as JSON. Keyed state lies by key group, so that it does not show at which
 * parallelism it was taken, and any other can take it up (S11.21).
 */

import type { Json, JsonObject } from "../../core/event.ts";
import type { TimeSnapshot } from "../../core/time.ts";
import type { StateWord } from "../state/state-kinds.ts";

/** Grows when the shape changes; a task reads its own format and those before it. */
export const SNAPSHOT_FORMAT = 1;

export interface TaskSnapshot {
  readonly format: number;
  readonly processingTime: TimeSnapshot;
  readonly operators: Readonly<Record<string, OperatorSnapshot>>;
}

export interface OperatorSnapshot {
  /** Of the inputs, in the graph's order; none where there is only one. */
  readonly inputs?: ValveSnapshot;
  readonly watermark?: TimeSnapshot;
  /** How far an operator that can hold time back has let it pass. */
  readonly passed?: TimeSnapshot;
  readonly source?: SourceSnapshot;
  readonly generator?: Json;
  /** Of what it holds beside state: records that wait, and what windows hold. Absent where it is 1. */
  readonly version?: number;
  /** Records that wait for their turn, in the order in which they came. */
  readonly waiting?: readonly { readonly timestamp: number; readonly value: Json }[];
  /** What the states of a key, of a window's trigger, of a window, of the operator or of its broadcast side are. */
  readonly states?: Readonly<Record<string, StateTypes>>;
  readonly keyGroups?: Readonly<Record<string, readonly KeySnapshot[]>>;
  /** Absent while there are none. */
  readonly lateRecordsDropped?: number;
  /** How it is divided among subtasks, its types say. */
  readonly operatorState?: JsonObject;
  /** Of several subtasks without keys, what each has become; of one it stands here itself. */
  readonly subtasks?: readonly OperatorSnapshot[];
  /** How many records each subtask before it has handed on in turn, by edge. */
  readonly routes?: readonly (readonly number[])[];
  readonly broadcastState?: JsonObject;
}

export type StateTypes = Readonly<Record<string, StateType>>;

export interface StateType {
  readonly kind: StateWord;
  readonly version: number;
  /** Whether each item carries the time of its last update. */
  readonly ttl: boolean;
  /** Each key's says of which type it is. Absent otherwise. */
  readonly isMixed?: boolean;
}

export interface KeySnapshot {
  readonly key: Json;
  readonly state: JsonObject;
  readonly timers: TimersSnapshot;
  readonly windows?: readonly WindowSnapshot[];
  readonly sliding?: SlidingSnapshot;
  /** What an operator of another kind keeps by key. */
  readonly own?: Json;
}

/** Sliding windows that keep what they have by pane. */
export interface SlidingSnapshot {
  readonly panes: readonly { readonly start: number; readonly end: number; readonly contents: Json }[];
  /** By the window's end. */
  readonly windowStates: readonly { readonly end: number; readonly state: JsonObject }[];
  /** How many records have come; where panes hold them in the order of that. */
  readonly arrivals?: number;
}

export interface WindowSnapshot {
  readonly start: TimeSnapshot;
  readonly end: TimeSnapshot;
  /** Absent once it has been purged. */
  readonly contents?: Json;
  /** Of a window that goes when no record has come for long. */
  readonly expiry?: { readonly newest: number; readonly dueAt: number };
  readonly triggerState: JsonObject;
  readonly windowState: JsonObject;
  readonly timers: TimersSnapshot;
}

export interface TimersSnapshot {
  readonly event: readonly TimeSnapshot[];
  readonly processing: readonly TimeSnapshot[];
}

export interface SourceSnapshot {
  /** What was said of all partitions, also those that come later. */
  readonly floor: TimeSnapshot;
  readonly partitions: readonly { readonly name: string; readonly generator: Json }[];
}

export interface ValveSnapshot {
  readonly watermark: TimeSnapshot;
  readonly idle: boolean;
  readonly inputs: readonly ValveInputSnapshot[];
}

export interface ValveInputSnapshot {
  readonly name: string;
  readonly watermark: TimeSnapshot;
  readonly idle: boolean;
}
