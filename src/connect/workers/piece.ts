/** A worker thread's piece of a job: its task, and what comes from the other threads, worked off in small turns. Mutable. */

import type { MessagePort } from "node:worker_threads";
import type { StreamGraph } from "../../stream/graph/graph.ts";
import { Task, type TaskOptions } from "../../stream/task/task.ts";
import { systemClock } from "../system-clock.ts";
import { Exchange, type ThreadMessage } from "./exchange.ts";
import type { ValueEncoding } from "./parcel.ts";

export interface PieceOptions {
  readonly graph: StreamGraph;
  readonly thread: number;
  /** To each other thread, by its number. */
  readonly ports: ReadonlyMap<number, MessagePort>;
  /** How records go to other threads. */
  readonly encoding: ValueEncoding;
  readonly task: Omit<TaskOptions, "placement">;
  /** Something has come from another thread. */
  readonly arrived: () => void;
}

export class Piece {
  readonly task: Task;
  readonly exchange: Exchange;
  readonly #ports: PieceOptions["ports"];

  constructor({ graph, thread, ports, encoding, task, arrived }: PieceOptions) {
    this.#ports = ports;
    const send = (to: number, message: ThreadMessage): void => ports.get(to)!.postMessage(message);
    this.exchange = new Exchange({ graph, thread, threads: ports.size + 1, encoding, clock: systemClock, send });
    this.task = new Task(graph, { ...task, placement: this.exchange });
    for (const [from, port] of ports) {
      port.on("message", (message: ThreadMessage) => {
        this.exchange.received(from, message);
        arrived();
      });
    }
  }

  close(): void {
    this.task.close();
    for (const port of this.#ports.values()) port.close();
  }
}
