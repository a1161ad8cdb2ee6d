/**
 * Outputs that wait to be written. Every alert is kept; of late events only those that would be kept once written, the newest of
 * each stream, so that a flood of them holds up nobody. Mutable.
 */

import { limits } from "../../core/limits.ts";
import type { AlertOutput, LateOutput, Output } from "../output.ts";

export class Unwritten {
  #alerts: AlertOutput[] = [];
  readonly #late = new Map<string, LateOutput[]>();

  get isEmpty(): boolean {
    return this.#alerts.length === 0 && this.#late.size === 0;
  }

  get alerts(): number {
    return this.#alerts.length;
  }

  add(output: Output): void {
    if (output.kind === "alert") this.#alerts.push(output);
    else this.#addLate(output);
  }

  /** All of them; from now on nothing waits. */
  take(): Output[] {
    const late = [...this.#late.values()].flatMap((outputs) => outputs.slice(-limits.lateEventsKeptMax));
    const taken = [...this.#alerts, ...late];
    this.#alerts = [];
    this.#late.clear();
    return taken;
  }

  /** Twice as many are held as are needed, so that forgetting the oldest costs little. */
  #addLate(output: LateOutput): void {
    const outputs = this.#late.get(output.stream) ?? [];
    if (outputs.push(output) === 1) this.#late.set(output.stream, outputs);
    if (outputs.length >= 2 * limits.lateEventsKeptMax) outputs.splice(0, outputs.length - limits.lateEventsKeptMax);
  }
}
