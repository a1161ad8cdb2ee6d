/** A worker thread, as whoever started it sees it: asked one thing after the other, it answers in that order. Mutable. */

import path from "node:path";
import { Worker, type MessagePort } from "node:worker_threads";
import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import type { ThreadReply, ThreadRequest, ThreadWork } from "./thread-protocol.ts";

/** Built, or from the sources. */
const THREAD = new URL(`./thread${path.extname(import.meta.url)}`, import.meta.url);

type Reply<K extends ThreadReply["kind"]> = ThreadReply & { readonly kind: K };

interface Asked {
  readonly resolve: (reply: ThreadReply) => void;
  readonly reject: (error: unknown) => void;
}

export class WorkerThread {
  readonly #worker: Worker;
  readonly #failed: (error: unknown) => void;
  #asked: Asked[] = [];
  #failure: { readonly error: unknown } | null = null;
  /** Resolves when its piece of the graph is made. */
  readonly ready: Promise<unknown>;

  constructor(work: ThreadWork, failed: (error: unknown) => void) {
    const name = `tripline ${work.thread}`;
    this.#failed = failed;
    const argv = process.argv.slice(2); // the program may be made of what its command line says
    this.#worker = new Worker(THREAD, { workerData: work, transferList: [...work.ports.values()], name, argv });
    this.#worker.on("message", (reply: ThreadReply) => this.#replied(reply));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`the thread "${name}" ended (${code})`)));
    this.ready = this.#reply();
  }

  async ask<K extends ThreadReply["kind"]>(request: ThreadRequest, kind: K): Promise<Reply<K>> {
    this.#worker.postMessage(request);
    const reply = await this.#reply();
    assert(reply.kind === kind, "a thread answers what it was asked");
    return reply as Reply<K>;
  }

  async terminate(): Promise<void> {
    this.#failure ??= { error: new Error("the thread was stopped") };
    await this.#worker.terminate();
  }

  #reply(): Promise<ThreadReply> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => this.#asked.push({ resolve, reject }));
  }

  #replied(reply: ThreadReply): void {
    if (reply.kind === "failed") this.#fail(new UserError(reply.failure));
    else this.#asked.shift()!.resolve(reply);
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { error };
    const asked = this.#asked;
    this.#asked = [];
    for (const { reject } of asked) reject(error);
    this.#failed(error);
  }
}

/** A way between each two of so many threads: of each, its ends by the number of the other. */
export function portsBetween(threads: number): readonly ReadonlyMap<number, MessagePort>[] {
  const ports = Array.from({ length: threads }, () => new Map<number, MessagePort>());
  for (let a = 0; a < threads; a++) {
    for (let b = a + 1; b < threads; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a]!.set(b, port1);
      ports[b]!.set(a, port2);
    }
  }
  return ports;
}
