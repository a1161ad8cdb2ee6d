/** Shards in this very thread, which reply some turns later. What goes either way is copied, as between threads. */

import type { ShardReply, ShardRequest, ShardWork } from "../../src/engine/shards/shard-messages.ts";
import type { ShardChannel, ShardOptions } from "../../src/engine/shards/shard-team.ts";
import { ShardWorker } from "../../src/engine/shards/shard-worker.ts";

export interface MemoryShardOptions {
  /** Before each reply; by default the next turn of the event loop. */
  readonly wait?: () => Promise<void>;
  /** Called with each request before the shard sees it; what it throws is the end of the shard. */
  readonly before?: (request: ShardRequest, index: number) => void;
}

/** At least 2. */
export function memoryShards(count: number, options: MemoryShardOptions = {}): ShardOptions {
  return { count, open: async (work) => new MemoryShard(work, options) };
}

/** Mutable: one request at a time. */
class MemoryShard implements ShardChannel {
  readonly lost: Promise<unknown>;
  readonly #worker: ShardWorker;
  readonly #index: number;
  readonly #options: MemoryShardOptions;
  #turn: Promise<unknown> = Promise.resolve();
  #gone: { readonly error: unknown } | null = null;
  #lose: (error: unknown) => void = () => undefined;

  constructor(work: ShardWork, options: MemoryShardOptions) {
    this.#index = work.index;
    this.#options = options;
    this.#worker = new ShardWorker(structuredClone(work));
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  ask(request: ShardRequest): Promise<ShardReply> {
    const sent = structuredClone(request);
    const reply = this.#turn.then(() => this.#reply(sent));
    this.#turn = reply.catch(() => undefined);
    return reply;
  }

  async close(): Promise<void> {
    this.#gone ??= { error: new Error("the shard is closed") };
  }

  async #reply(request: ShardRequest): Promise<ShardReply> {
    const { wait = nextTurn, before } = this.#options;
    await wait();
    if (this.#gone !== null) throw this.#gone.error;
    try {
      before?.(request, this.#index);
    } catch (error) {
      this.#gone = { error };
      this.#lose(error);
      throw error;
    }
    return structuredClone(this.#worker.asked(request));
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
