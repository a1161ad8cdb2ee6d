/**
 * Where a subtask's results go: to as many as read them, and its side outputs with them. Readers may join and leave while the
 * task runs; one that joins is told how far time has come. Mutable.
 */

import { BEGINNING_OF_TIME } from "../../core/time.ts";
import type { Input } from "../graph/element.ts";

/** How far time has come somewhere in a graph. */
export interface TimeProgress {
  readonly watermark: number;
  readonly idle: boolean;
}

export const NO_TIME_YET: TimeProgress = { watermark: BEGINNING_OF_TIME, idle: false };

export class Outlet<T> implements Input<T> {
  /** Replaced when it changes, so that an element on its way meets those that were there when it came. */
  #targets: readonly Input<T>[] = [];
  readonly #sides = new Map<string, Outlet<unknown>>();
  #watermark = NO_TIME_YET.watermark;
  #idle = NO_TIME_YET.idle;

  get time(): TimeProgress {
    return { watermark: this.#watermark, idle: this.#idle };
  }

  /** The side output of that name. It has the same time. */
  side(tag: string): Outlet<unknown> {
    let side = this.#sides.get(tag);
    if (side === undefined) {
      this.#sides.set(tag, (side = new Outlet()));
      side.settle(this.time);
    }
    return side;
  }

  record(value: T, timestamp: number): void {
    const targets = this.#targets;
    for (let i = 0; i < targets.length; i++) targets[i]!.record(value, timestamp);
  }

  watermark(watermark: number): void {
    this.#watermark = watermark;
    const targets = this.#targets;
    for (let i = 0; i < targets.length; i++) targets[i]!.watermark(watermark);
    if (this.#sides.size > 0) for (const side of this.#sides.values()) side.watermark(watermark);
  }

  idle(idle: boolean): void {
    this.#idle = idle;
    for (const target of this.#targets) target.idle(idle);
    for (const side of this.#sides.values()) side.idle(idle);
  }

  connect(target: Input<T>): void {
    this.#targets = [...this.#targets, target];
    if (this.#idle) target.idle(true);
    if (this.#watermark !== BEGINNING_OF_TIME) target.watermark(this.#watermark);
  }

  disconnect(target: Input<T>): void {
    this.#targets = this.#targets.filter((other) => other !== target);
  }

  /** Time is as it was when a snapshot was taken; whoever reads from here was restored from it, too. */
  settle(time: TimeProgress): void {
    this.#watermark = time.watermark;
    this.#idle = time.idle;
    for (const side of this.#sides.values()) side.settle(time);
  }
}
