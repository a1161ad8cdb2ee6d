/** What lies between operators that are not simply chained: several consumers, several subtasks, several inputs. */

import type { Json } from "../../core/event.ts";
import { keyGroup } from "../../core/key-group.ts";
import type { Input } from "../graph/element.ts";
import { subtaskOf } from "../state/key-group-range.ts";
import type { Edge } from "../graph/graph-node.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import { badKey } from "../state/keyed-state.ts";
import type { Operator } from "../operators/operator.ts";
import type { ValveInput, WatermarkValve } from "../time/watermark-valve.ts";

/** Every element to every target, in their order. */
export class FanOut<T> implements Input<T> {
  readonly #targets: readonly Input<T>[];

  constructor(targets: readonly Input<T>[]) {
    this.#targets = targets;
  }

  record(value: T, timestamp: number): void {
    for (const target of this.#targets) target.record(value, timestamp);
  }

  watermark(watermark: number): void {
    for (const target of this.#targets) target.watermark(watermark);
  }

  idle(idle: boolean): void {
    for (const target of this.#targets) target.idle(idle);
  }
}

/** A record to the first subtask; time to all. */
export class FirstOnly<T> extends FanOut<T> {
  readonly #first: Input<T>;

  constructor(subtasks: readonly Input<T>[]) {
    super(subtasks);
    this.#first = subtasks[0]!;
  }

  override record(value: T, timestamp: number): void {
    this.#first.record(value, timestamp);
  }
}

/** A record to the one subtask that has its key; time to all. */
export class KeyPartitioner<T> extends FanOut<T> {
  readonly #name: string;
  readonly #key: KeySelector<T>;
  readonly #subtasks: readonly Input<T>[];

  constructor({ name, key, subtasks }: { name: string; key: KeySelector<T>; subtasks: readonly Input<T>[] }) {
    super(subtasks);
    this.#name = name;
    this.#key = key;
    this.#subtasks = subtasks;
  }

  override record(value: T, timestamp: number): void {
    const key: Json | undefined = this.#key(value);
    if (key === undefined) throw badKey({ operator: this.#name, key });
    this.#subtasks[subtaskOf(keyGroup(key), this.#subtasks.length)]!.record(value, timestamp);
  }
}

export interface EntryParts<T> {
  readonly operator: Operator<T, unknown>;
  readonly valve: WatermarkValve;
  readonly input: ValveInput;
}

/** One of an operator's inputs: records go straight in, time through the valve. */
export class ValveEntry<T> implements Input<T> {
  readonly #operator: Operator<T, unknown>;
  readonly #valve: WatermarkValve;
  readonly #input: ValveInput;

  constructor({ operator, valve, input }: EntryParts<T>) {
    this.#operator = operator;
    this.#valve = valve;
    this.#input = input;
  }

  record(value: T, timestamp: number): void {
    this.#operator.record(value, timestamp);
  }

  watermark(watermark: number): void {
    this.#valve.advance(this.#input, watermark);
  }

  idle(idle: boolean): void {
    this.#valve.setIdle(this.#input, idle);
  }
}

/** The way in for records that become something else on it. */
export class ChangingEntry<T> extends ValveEntry<T> {
  readonly #as: (value: unknown) => T;

  constructor({ as, ...entry }: { as: (value: unknown) => T } & EntryParts<T>) {
    super(entry);
    this.#as = as;
  }

  override record(value: unknown, timestamp: number): void {
    super.record(this.#as(value), timestamp);
  }
}

/** The way in for records of a second stream. */
export class SecondEntry<T> extends ValveEntry<T> {
  readonly #receiver: Operator<never, unknown>;

  constructor(entry: EntryParts<T>) {
    super(entry);
    this.#receiver = entry.operator;
  }

  override record(value: T, timestamp: number): void {
    this.#receiver.second(value, timestamp);
  }
}

/** As the edge says. */
export function entryOf({ isSecond = false, as }: Edge, parts: EntryParts<unknown>): Input<unknown> {
  if (as !== undefined) return new ChangingEntry({ ...parts, as });
  return isSecond ? new SecondEntry(parts) : new ValveEntry(parts);
}
