/**
 * A job that adds numbers to a two-phase sink and takes checkpoints, as a program says: a digit adds that many, and `|` is a barrier
 * whose checkpoint is completed; that of `x` fails once it is pre-committed, and that of `~` is completed after the next barrier.
 * At the steps that are given, counted over all its lives, it dies or its sink fails, and it begins again at the last checkpoint.
 */

import type { Json } from "../../src/core/event.ts";
import type { SinkCut } from "../../src/stream/sinks/sink-writer.ts";
import type { TwoPhaseSink } from "../../src/stream/sinks/two-phase-sink.ts";
import { TwoPhaseWriter } from "../../src/stream/sinks/two-phase-writer.ts";

export interface SinkJobOptions<Transaction extends Json> {
  readonly program: string;
  /** A dead process keeps nothing; one whose sink has failed keeps its writer. */
  readonly how: "dies" | "fails";
  readonly ends?: readonly number[];
  /** A process has one; what dies is never closed. */
  readonly open: () => TwoPhaseSink<number, Transaction>;
}

interface Checkpoint<Transaction> {
  readonly values: number;
  /** How far the program has come. */
  readonly at: number;
  readonly transactions: readonly Transaction[];
}

class End extends Error {}

/** Gives how many steps there were. */
export async function runSinkJob<Transaction extends Json>(options: SinkJobOptions<Transaction>): Promise<number> {
  return await new SinkJob(options).run();
}

/** What it adds in all, in order. */
export function valuesIn(program: string): readonly number[] {
  const counts = program.split("").filter((act) => /\d/.test(act));
  return Array.from({ length: counts.reduce((sum, count) => sum + Number(count), 0) }, (_, i) => i + 1);
}

class SinkJob<Transaction extends Json> {
  readonly #options: SinkJobOptions<Transaction>;
  readonly #ends: ReadonlySet<number>;
  #saved: Checkpoint<Transaction> = { values: 0, at: 0, transactions: [] };
  #writer: TwoPhaseWriter<number, Transaction> | null = null;
  #committed: Promise<void> = Promise.resolve();
  #steps = 0;
  /** Calls of the sink that have begun and not ended. */
  readonly #underWay = new Set<Promise<unknown>>();
  #lives = 0;

  constructor(options: SinkJobOptions<Transaction>) {
    this.#options = options;
    this.#ends = new Set(options.ends);
  }

  async run(): Promise<number> {
    while (!(await this.#live()));
    return this.#steps;
  }

  async #live(): Promise<boolean> {
    try {
      if (this.#options.how === "dies") this.#writer = null;
      this.#writer ??= new TwoPhaseWriter({ sink: this.#stepping(this.#options.open()) });
      this.#committed = Promise.resolve();
      await this.#writer.recover(this.#saved.transactions);
      await this.#perform(this.#writer, this.#saved);
      return true;
    } catch (error) {
      if (!(error instanceof End)) throw error;
      if (this.#options.how === "dies") await this.#die();
      return false;
    }
  }

  async #perform(
    writer: TwoPhaseWriter<number, Transaction>,
    { at, values: from }: Checkpoint<Transaction>,
  ): Promise<void> {
    let values = from;
    let late = async (): Promise<void> => undefined;
    for (const [index, act] of this.#options.program.split("").entries()) {
      if (index < at) continue;
      if (/\d/.test(act)) {
        await writer.add(Array.from({ length: Number(act) }, () => ++values));
        continue;
      }
      const cut = writer.cut();
      const here = { values, at: index + 1 };
      const before = late;
      late = async () => undefined;
      if (act === "~") late = () => this.#complete(cut, here);
      else if (act === "x") await cut.preCommitted;
      else await this.#complete(cut, here);
      await before();
    }
    await this.#committed;
    await writer.close();
  }

  async #complete(cut: SinkCut, here: Omit<Checkpoint<Transaction>, "transactions">): Promise<void> {
    const transactions = (await cut.preCommitted) as readonly Transaction[];
    this.#step();
    if (here.at > this.#saved.at) this.#saved = { ...here, transactions };
    this.#step();
    this.#committed = cut.complete(); // in its own time
    this.#committed.catch(() => undefined);
  }

  /** What is under way in the world cannot be called back; but nothing comes after it. */
  async #die(): Promise<void> {
    this.#lives++;
    await Promise.allSettled(this.#underWay);
  }

  /** A step before each call, and after it. */
  #stepping(sink: TwoPhaseSink<number, Transaction>): TwoPhaseSink<number, Transaction> {
    const life = this.#lives;
    const step = (name: string | symbol): void => {
      if (life !== this.#lives) throw new End();
      if (name !== "close") this.#step();
    };
    return new Proxy(sink, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          step(name);
          const called = method.apply(target, args);
          this.#underWay.add(called);
          const answer = await called.finally(() => this.#underWay.delete(called));
          step(name);
          return answer;
        };
      },
    });
  }

  #step(): void {
    if (this.#ends.has(this.#steps++)) throw new End();
  }
}
