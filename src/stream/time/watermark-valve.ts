/** Several inputs' watermarks as one: the least of those that are not idle. It never goes back. Mutable. */

import { BEGINNING_OF_TIME, END_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import type { Input } from "../graph/element.ts";
import type { ProcessingClock } from "../task/processing-clock.ts";
import type { TimeProgress } from "../task/outlet.ts";
import type { ValveSnapshot } from "../task/snapshot.ts";
import { inputsToSnapshot, restoreInputs } from "./valve-snapshot.ts";

export interface ValveStatus {
  readonly watermark: number;
  /** All inputs are idle. */
  readonly idle: boolean;
  /** Who holds time back, how far it has come, and since when (processing time) it is the one; null when nobody does. */
  readonly heldBackBy: { readonly input: string; readonly watermark: number; readonly since: number } | null;
  readonly inputs: readonly Readonly<ValveInput>[];
}

/**
 * What an input does that is behind what has been let on, because it joins late or comes back from idleness. `aligned`: it holds
 * nothing back until it has caught up (Flink between operators, StatusWatermarkValve); `least`: time waits for it (Flink among the
 * partitions of a source, WatermarkOutputMultiplexer).
 */
export type ValvePolicy = "aligned" | "least";

export interface ValveInput {
  readonly name: string;
  watermark: number;
  idle: boolean;
}

export class WatermarkValve {
  readonly #output: Pick<Input<never>, "watermark" | "idle">;
  readonly #clock: ProcessingClock;
  readonly #policy: ValvePolicy;
  readonly #inputs: ValveInput[] = [];
  #watermark = BEGINNING_OF_TIME;
  #idle = false;
  #holder: { readonly input: ValveInput; readonly since: number } | null = null;

  constructor({
    output,
    clock,
    policy = "aligned",
  }: {
    readonly output: Pick<Input<never>, "watermark" | "idle">;
    readonly clock: ProcessingClock;
    readonly policy?: ValvePolicy | undefined;
  }) {
    this.#output = output;
    this.#clock = clock;
    this.#policy = policy;
  }

  get time(): TimeProgress {
    return { watermark: this.#watermark, idle: this.#idle };
  }

  /** Nothing has been heard of time yet. */
  get isUntouched(): boolean {
    return this.#watermark === BEGINNING_OF_TIME && !this.#idle;
  }

  addInput({ name, idle }: { name: string; idle: boolean }): ValveInput {
    const input = { name, watermark: BEGINNING_OF_TIME, idle };
    this.#inputs.push(input);
    this.settle();
    return input;
  }

  advance(input: ValveInput, watermark: number): void {
    if (watermark <= input.watermark) return;
    const mayHold = input.watermark <= this.#watermark;
    input.watermark = watermark;
    if (input.idle) this.setIdle(input, false);
    else if (mayHold) this.#release();
  }

  /** All inputs have come so far, also those that are idle, and stay so. */
  raise(watermark: number): void {
    for (const input of this.#inputs) input.watermark = Math.max(input.watermark, watermark);
    this.#holder = this.#findHolder();
    this.#emit(watermark);
  }

  setIdle(input: ValveInput, idle: boolean): void {
    if (idle === input.idle) return;
    input.idle = idle;
    const held = input.watermark === this.#watermark;
    if (this.#inputs.every((other) => other.idle)) {
      // The last to fall silent held the others back: now they count for all that they have seen.
      if (held) this.#emit(Math.max(...this.#inputs.map(({ watermark }) => watermark)));
    }
    this.settle();
  }

  status(): ValveStatus {
    const holder = this.#watermark === END_OF_TIME ? null : this.#holder;
    return {
      watermark: this.#watermark,
      idle: this.#idle,
      heldBackBy:
        holder === null ? null : { input: holder.input.name, watermark: holder.input.watermark, since: holder.since },
      inputs: this.#inputs.map((input) => ({ ...input })),
    };
  }

  snapshot(): ValveSnapshot {
    return {
      watermark: timeToSnapshot(this.#watermark),
      idle: this.#idle,
      inputs: inputsToSnapshot(this.#inputs),
    };
  }

  restore({ watermark, idle, inputs }: ValveSnapshot): void {
    restoreInputs(this.#inputs, inputs);
    this.#watermark = timeFromSnapshot(watermark);
    this.#idle = idle;
    this.#holder = this.#findHolder();
  }

  /** Goes on from where its inputs have come to, in their order, without a word. */
  resume(times: readonly TimeProgress[]): void {
    for (const [index, { watermark, idle }] of times.entries())
      Object.assign(this.#inputs[index]!, { watermark, idle });
    this.#holder = this.#findHolder();
    this.#watermark = this.#holder?.input.watermark ?? Math.max(...times.map(({ watermark }) => watermark));
    this.#idle = this.#inputs.every((input) => input.idle);
  }

  /** Inputs have come, gone idle or come back. Without any, all are idle. */
  settle(): void {
    const idle = this.#inputs.every((input) => input.idle);
    if (idle !== this.#idle) {
      this.#idle = idle;
      this.#output.idle(idle);
    }
    this.#release();
  }

  /** Finds out who holds time back, and lets on the watermark that is due to it. */
  #release(): void {
    this.#holder = this.#findHolder();
    if (this.#holder !== null) this.#emit(this.#holder.input.watermark);
  }

  #findHolder(): { readonly input: ValveInput; readonly since: number } | null {
    let least: ValveInput | null = null;
    for (const input of this.#inputs) {
      if (input.idle || (this.#policy === "aligned" && input.watermark < this.#watermark)) continue;
      if (least === null || input.watermark < least.watermark) least = input;
    }
    if (least === null) return null;
    return least === this.#holder?.input ? this.#holder : { input: least, since: this.#clock.now };
  }

  #emit(watermark: number): void {
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    this.#output.watermark(watermark);
  }
}
