/** Shards on worker threads: where keyed work uses more than one core. */

import path from "node:path";
import { Worker, type ResourceLimits } from "node:worker_threads";
import type { ShardReply, ShardRequest, ShardWork } from "../engine/shards/shard-messages.ts";
import type { ShardChannel } from "../engine/shards/shard-team.ts";

/** Built, or from the sources. */
const ENTRY = new URL(`./shard-thread${path.extname(import.meta.url)}`, import.meta.url);

export interface ShardThreadOptions {
  /** The file that the thread runs. */
  readonly entry?: URL;
  readonly resourceLimits?: ResourceLimits;
}

export async function openShardThread(work: ShardWork, options: ShardThreadOptions = {}): Promise<ShardChannel> {
  return new ShardThread(work, options);
}

interface Asked {
  readonly resolve: (reply: ShardReply) => void;
  readonly reject: (error: Error) => void;
}

/** Mutable: requests wait for their replies in order. */
class ShardThread implements ShardChannel {
  readonly lost: Promise<Error>;
  readonly #worker: Worker;
  #asked: Asked[] = [];
  #failure: Error | null = null;
  #isClosed = false;

  constructor(work: ShardWork, { entry = ENTRY, resourceLimits = {} }: ShardThreadOptions) {
    const name = `shard ${work.index}`;
    this.#worker = new Worker(entry, { workerData: work, name, resourceLimits });
    this.lost = new Promise((resolve) => {
      const failed = (error: Error): void => {
        this.#fail(error);
        if (!this.#isClosed) resolve(this.#failure!);
      };
      this.#worker.on("message", (reply: ShardReply) => this.#asked.shift()!.resolve(reply));
      this.#worker.on("error", (error: unknown) => failed(error instanceof Error ? error : new Error(String(error))));
      this.#worker.on("exit", (code) => failed(new Error(`its thread ended (${code})`)));
    });
  }

  ask(request: ShardRequest): Promise<ShardReply> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const asked = this.#asked;
    this.#asked = [];
    for (const { reject } of asked) reject(this.#failure);
  }
}
