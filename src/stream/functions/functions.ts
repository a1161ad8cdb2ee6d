/** The small functions that users give: plain ones, or, where they need a beginning and an end, objects with `open` and `close`. */

import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { ListState, MapState } from "../state/state-kinds.ts";

/** What every function may have: called once before the first element, and once after the last. */
export interface RichFunction<Context = OperatorContext> {
  open?(context: Context): void;
  close?(): void;
}

/** What a function can know about where it runs. */
export interface RuntimeContext {
  readonly operator: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly processingTime: number;
}

/** State that belongs to an operator and not to a key; part of snapshots. Asked for under a name, it is the same state each time. */
export interface OperatorStateStore {
  /** Of this subtask alone. It cannot be divided: fewer subtasks than the snapshot is of are refused. */
  operatorState<S>(this: void, descriptor: StateDescriptor<S>): S;
  /**
   * This subtask's part of one list. Another number of subtasks shares it out: the parts one behind the other, as they were, in pieces
   * whose lengths differ by at most one (S11.31).
   */
  splitListState<T>(this: void, descriptor: StateDescriptor<ListState<T>>): ListState<T>;
  /** A list of this subtask's own, which after a restore holds the lists of all subtasks, one behind the other. */
  unionListState<T>(this: void, descriptor: StateDescriptor<ListState<T>>): ListState<T>;
  /** What all subtasks have alike: whoever writes it writes the same everywhere. */
  broadcastState<K, V>(this: void, descriptor: StateDescriptor<MapState<K, V>>): MapState<K, V>;
}

/** Of functions without keys; each subtask has its own. */
export interface OperatorContext extends RuntimeContext, OperatorStateStore {}

export interface StateInitializationContext extends OperatorContext {
  /** Whether the operator goes on from a snapshot. */
  readonly isRestored: boolean;
}

/** A function that keeps what it has in fields of its own, and puts it into state for snapshots. */
export interface CheckpointedFunction {
  /** Once, before `open`: asks for its state, and takes up what it holds. */
  initializeState(context: StateInitializationContext): void;
  /** Right before each snapshot: what is not in state is put there. It changes nothing else. */
  snapshotState(context: RuntimeContext): void;
}

/** What every function without keys may have. */
export interface UnkeyedFunction extends RichFunction, Partial<CheckpointedFunction> {}

export type MapFunction<T, R> = ((value: T) => R) | (UnkeyedFunction & { map(value: T): R });
export type FilterFunction<T> = ((value: T) => boolean) | (UnkeyedFunction & { filter(value: T): boolean });
export type FlatMapFunction<T, R> =
  ((value: T) => Iterable<R>) | (UnkeyedFunction & { flatMap(value: T): Iterable<R> });
