/** Hands each record to one of several subtasks, and time to all of them. How far it has counted is part of snapshots. Mutable. */

import { UserError } from "../../core/errors.ts";
import type { Input } from "../graph/element.ts";
import { FanOut } from "./exchange.ts";
import type { CustomPartition } from "../graph/partition.ts";

export abstract class Router<T> extends FanOut<T> {
  /** Records that have come this way. */
  count = 0;
  readonly #ways: readonly Input<T>[];

  constructor(ways: readonly Input<T>[]) {
    super(ways);
    this.#ways = ways;
  }

  /** Which of so many. */
  protected abstract choose(value: T, ways: number): number;

  override record(value: T, timestamp: number): void {
    const way = this.#ways[this.choose(value, this.#ways.length)]!;
    this.count++;
    way.record(value, timestamp);
  }
}

/** In turn; each subtask begins with another, so that many with few records do not all fill the first. */
export class RoundRobin<T> extends Router<T> {
  readonly #first: number;

  constructor({ ways, first }: { ways: readonly Input<T>[]; first: number }) {
    super(ways);
    this.#first = first;
  }

  protected override choose(_: T, ways: number): number {
    return (this.#first + this.count) % ways;
  }
}

/** Spread evenly and without a pattern, but the same in every run. */
export class Shuffle<T> extends Router<T> {
  readonly #seed: number;

  constructor({ ways, seed }: { ways: readonly Input<T>[]; seed: number }) {
    super(ways);
    this.#seed = seed;
  }

  protected override choose(_: T, ways: number): number {
    return mixed(this.#seed + Math.imul(this.count, GOLDEN)) % ways;
  }
}

/** As a function of the user's has it. UserError `bad-partition` for what is no subtask. */
export class CustomRouter<T> extends Router<T> {
  readonly #name: string;
  readonly #subtaskOf: CustomPartition["subtaskOf"];

  constructor({
    ways,
    name,
    subtaskOf,
  }: { ways: readonly Input<T>[]; name: string } & Pick<CustomPartition, "subtaskOf">) {
    super(ways);
    this.#name = name;
    this.#subtaskOf = subtaskOf;
  }

  protected override choose(value: T, ways: number): number {
    const subtask = this.#subtaskOf(value, ways);
    if (Number.isInteger(subtask) && subtask >= 0 && subtask < ways) return subtask;
    throw new UserError({
      code: "bad-partition",
      message: `${this.#name}: the partitioner gave ${String(subtask)}; expected a subtask, from 0 to ${ways - 1}`,
      hint: "`% parallelism` keeps a number that is not negative in range",
    });
  }
}

/** 2 to the 32nd over the golden ratio: its multiples lie far apart. */
const GOLDEN = 0x9e3779b9;

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the result. */
function mixed(seed: number): number {
  let hash = seed | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
