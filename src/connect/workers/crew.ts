/**
 * The threads that run a job together, as the one that has its sources and sinks sees them. Between two batches they come to rest for
 * a snapshot: nothing is on its way then, and theirs together are the job's. Mutable.
 */

import type { StreamGraph } from "../../stream/graph/graph.ts";
import type { SourceInput, TaskSnapshot, TaskStatus } from "../../stream/index.ts";
import { uniteSnapshots } from "../../stream/task/pieces.ts";
import { uniteStatuses } from "../../stream/task/task-status.ts";
import type { EdgeStatus } from "../edge-status.ts";
import type { GraphRun } from "../graph-run.ts";
import type { ValueEncoding } from "./parcel.ts";
import { Piece, type PieceOptions } from "./piece.ts";
import { portsBetween, WorkerThread } from "./worker-thread.ts";

export interface WorkersOptions {
  /** Threads besides this one: all divided work is theirs. */
  readonly count: number;
  /** The module whose default export makes the environment that is executed: each thread makes it once more. */
  readonly program: URL;
  /** How records go from thread to thread. Default: `structured`, for all that a thread can be sent; objects of classes come as plain ones. */
  readonly values?: ValueEncoding;
}

export interface CrewOptions extends Pick<PieceOptions, "task" | "arrived"> {
  readonly graph: StreamGraph;
  readonly workers: WorkersOptions;
  /** A thread works no more, and so the job does not. */
  readonly failed: (error: unknown) => void;
}

/** How far apart threads may be in processing time, milliseconds. */
const TICK_MS = 20;

export class Crew implements GraphRun {
  readonly #graph: StreamGraph;
  readonly #piece: Piece;
  readonly #threads: readonly WorkerThread[];
  readonly #failed: (error: unknown) => void;
  /** As they were told last. */
  #statuses: readonly TaskStatus[] = [];
  #toldAt = -Infinity;
  /** In the last look, if all was quiet then. */
  #sentWhenQuiet: number | null = null;

  private constructor(
    piece: Piece,
    { graph, threads, failed }: CrewOptions & { readonly threads: readonly WorkerThread[] },
  ) {
    this.#graph = graph;
    this.#piece = piece;
    this.#threads = threads;
    this.#failed = failed;
  }

  /** Resolves when all have their piece of the graph. UserError `bad-program`. */
  static async start(options: CrewOptions): Promise<Crew> {
    const { graph, workers, task, arrived, failed } = options;
    const { count, program, values: encoding = "structured" } = workers;
    const [ports, ...others] = portsBetween(count + 1);
    const { outputs: _, ...divided } = task;
    const threads = others.map((own, index) => {
      const work = {
        program: program.href,
        graph: graph.toText(),
        thread: index + 1,
        ports: own,
        encoding,
        task: divided,
      };
      return new WorkerThread(work, failed);
    });
    try {
      await Promise.all(threads.map(({ ready }) => ready));
      return new Crew(new Piece({ graph, thread: 0, ports: ports!, encoding, task, arrived }), { ...options, threads });
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.terminate()));
      throw error;
    }
  }

  input(source: string, split: string): SourceInput<unknown> {
    return this.#piece.task.input({ name: source }, split);
  }

  get hasRoom(): boolean {
    return this.#piece.exchange.hasRoom;
  }

  flush(): void {
    this.#piece.exchange.flush();
  }

  step(): boolean {
    return this.#piece.exchange.step();
  }

  advanceProcessingTime(now: number): void {
    this.#piece.task.advanceProcessingTime(now);
    this.flush();
    if (now - this.#toldAt < TICK_MS) return;
    this.#toldAt = now;
    const told = this.#threads.map((thread) => thread.ask({ kind: "time", now }, "status"));
    Promise.all(told).then(
      (replies) => (this.#statuses = replies.map(({ status }) => status)),
      (error: unknown) => this.#failed(error),
    );
  }

  end(): void {
    this.#piece.task.end();
    this.flush();
  }

  /** What was quiet in two looks without a parcel in between was quiet all at once. */
  async isAtRest(): Promise<boolean> {
    const replies = await Promise.all(this.#threads.map((thread) => thread.ask({ kind: "probe" }, "probed")));
    const { exchange } = this.#piece;
    const isQuiet = exchange.isQuiet && replies.every((reply) => reply.isQuiet);
    const sent = replies.reduce((sum, reply) => sum + reply.sent, exchange.sent);
    const isAtRest = isQuiet && sent === this.#sentWhenQuiet;
    this.#sentWhenQuiet = isQuiet ? sent : null;
    return isAtRest;
  }

  async snapshot(): Promise<TaskSnapshot> {
    const theirs = this.#threads.map((thread) => thread.ask({ kind: "snapshot" }, "snapshot"));
    const own = this.#piece.task.snapshot();
    return uniteSnapshots([own, ...(await Promise.all(theirs)).map(({ snapshot }) => snapshot)]);
  }

  status(): TaskStatus {
    return uniteStatuses([this.#piece.task.status(), ...this.#statuses]);
  }

  edges(): readonly EdgeStatus[] {
    return [...this.#piece.exchange.lanes()].map(({ reader, thread, ...status }) => ({
      from: "task",
      to: `${this.#graph.node(reader).name}, thread ${thread}`,
      ...status,
    }));
  }

  /** Closes what functions have open, and ends the threads. */
  async close(): Promise<void> {
    this.#piece.close();
    await Promise.allSettled(this.#threads.map((thread) => thread.ask({ kind: "close" }, "closed")));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}
