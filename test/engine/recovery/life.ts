/**
 * The life of a service in a simulated world: whatever it waits for comes when the world says so, in any order, or fails, or never
 * comes, since the life has ended. There is no time in it but the order of things. Mutable.
 */

import type { Patience, Scheduler } from "../../../src/engine/ports.ts";
import type { Random } from "../../support/oracle/random.ts";
import type { Tally } from "./tally.ts";

/** What befalls one life. */
export interface Fate {
  /** So many things come; then it ends. */
  readonly steps: number;
  /** Of what is asked of a store: how much fails, before it is done or after. */
  readonly failing: number;
  /** What comes late: a store that has little to do with the others; null for none. */
  readonly slow: string | null;
}

/** A store has failed, and may not the next time. */
export class StoreFailure extends Error {
  override readonly name = "StoreFailure";
}

interface Waiting {
  readonly place: string;
  readonly go: () => void;
}

interface Timer extends Waiting {
  /** The step. */
  readonly due: number;
}

export class Life implements Patience, Scheduler {
  readonly #random: Random;
  readonly #fate: Fate;
  readonly #tally: Tally;
  #steps = 0;
  #waiting: Waiting[] = [];
  #timers: Timer[] = [];
  #isOver = false;

  constructor({ fate, random, tally }: { readonly fate: Fate; readonly random: Random; readonly tally: Tally }) {
    this.#fate = fate;
    this.#random = random;
    this.#tally = tally;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get steps(): number {
    return this.#steps;
  }

  end(): void {
    this.#isOver = true;
  }

  /** Lets one thing come, and whatever follows from it at once. */
  async step(): Promise<void> {
    this.#steps++;
    if (this.#steps > STEPS_MAX) throw new Error(`nothing comes of anything: ${this.#places()}`);
    if (this.#steps >= this.#fate.steps) {
      for (const { place } of this.#waiting) this.#tally.count(`died: ${place}`);
      this.end();
      return;
    }
    const { place, go } = this.#next();
    this.#tally.trace(place);
    go();
    await settled();
  }

  /** Resolves when the world says so; never once the life is over. */
  pass(place: string): Promise<void> {
    return new Promise((go) => this.#waiting.push({ place, go }));
  }

  /** A call to a store, which the life may not live to see done, or not to hear of. */
  async call<T>(place: string, work: () => T | Promise<T>): Promise<T> {
    await this.pass(`before ${place}`);
    this.#mayFail(place);
    const answer = await work();
    await this.pass(`after ${place}`);
    this.#mayFail(place);
    return answer;
  }

  async beforeRetry(_: number, error: unknown): Promise<void> {
    if (!(error instanceof StoreFailure)) throw error;
    await this.pass("retry");
  }

  turn(): Promise<void> {
    return this.pass("turn");
  }

  /** A millisecond is a step. */
  after(ms: number, call: () => void): () => void {
    const timer = { place: `after ${ms}`, go: call, due: this.#steps + ms };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  #mayFail(place: string): void {
    if (!this.#random.chance(this.#fate.failing)) return;
    this.#tally.count(`failed: ${place}`);
    throw new StoreFailure(place);
  }

  #next(): Waiting {
    const timer = this.#nextTimer();
    if (timer !== null && (timer.due <= this.#steps || this.#waiting.length === 0)) {
      this.#timers = this.#timers.filter((other) => other !== timer);
      return timer;
    }
    if (this.#waiting.length === 0) throw new Error("a standstill: nothing will ever come, and the client waits");
    return this.#waiting.splice(this.#anyone(), 1)[0]!;
  }

  /** Who is slow has to be drawn several times in a row. */
  #anyone(): number {
    const { slow } = this.#fate;
    let index = this.#random.between(0, this.#waiting.length - 1);
    for (let again = 0; slow !== null && again < PATIENCE && this.#waiting[index]!.place.includes(slow); again++)
      index = this.#random.between(0, this.#waiting.length - 1);
    return index;
  }

  #nextTimer(): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) if (first === null || timer.due < first.due) first = timer;
    return first;
  }

  #places(): string {
    return this.#waiting.map(({ place }) => place).join(", ");
  }
}

const PATIENCE = 12;
/** Far more than any life needs. */
const STEPS_MAX = 50_000;

/** All promises that could be kept have been: ticks come after them. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
