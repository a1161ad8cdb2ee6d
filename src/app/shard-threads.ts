/** Shards on worker threads: where keyed work uses more than one core. */

import path from "node:path";
import { Worker } from "node:worker_threads";
import type { ShardChannel } from "../engine/shard-team.ts";
import type { ShardReply, ShardRequest, ShardWork } from "../engine/shard-worker.ts";

/** Built, or from the sources. */
const THREAD = new URL(`./shard-thread${path.extname(import.meta.url)}`, import.meta.url);

export async function openShardThread(work: ShardWork): Promise<ShardChannel> {
  return new ShardThread(work);
}

interface Asked {
  readonly resolve: (reply: ShardReply) => void;
  readonly reject: (error: Error) => void;
}

/** Mutable: requests wait for their replies in order. */
class ShardThread implements ShardChannel {
  readonly #worker: Worker;
  #asked: Asked[] = [];
  #failure: Error | null = null;

  constructor(work: ShardWork) {
    this.#worker = new Worker(THREAD, { workerData: work, name: `shard ${work.index}` });
    this.#worker.on("message", (reply: ShardReply) => this.#asked.shift()!.resolve(reply));
    this.#worker.on("error", (error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", (code) => this.#fail(new Error(`the thread of shard ${work.index} ended (${code})`)));
  }

  ask(request: ShardRequest): Promise<ShardReply> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const asked = this.#asked;
    this.#asked = [];
    for (const { reject } of asked) reject(this.#failure);
  }
}
