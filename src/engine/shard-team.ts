/**
 * The shards that do the keyed work of an engine, each in a place of its own. Every one is sent every chunk; the engine that stays
 * here owns no keys, and settles what they answer. Mutable.
 */

import { assert } from "../core/assert.ts";
import type { Json } from "../core/event.ts";
import { keyGroup } from "../core/key-group.ts";
import { subtaskOf } from "../stream/key-group-range.ts";
import type { KeySnapshot } from "../stream/snapshot.ts";
import type { Answer } from "./answer.ts";
import type { CapturePlan } from "./capture-plan.ts";
import type { LogRecord } from "./log-record.ts";
import type { EncodedPart } from "./part-text.ts";
import { RecordFailure } from "./poison.ts";
import type { ShardFigures } from "./shard-figures.ts";
import { shardOf } from "./shard.ts";
import { shareOf, type ShardNote } from "./shard-snapshot.ts";
import type { ShardReply, ShardRequest, ShardWork } from "./shard-worker.ts";
import type { EngineSnapshot } from "./snapshot.ts";

/** The way to a shard and back. */
export interface ShardChannel {
  /** Replies come in the order of the requests; it rejects when the shard is gone. */
  ask(request: ShardRequest): Promise<ShardReply>;
  close(): Promise<void>;
}

export interface ShardOptions {
  /** At least 2. */
  readonly count: number;
  readonly open: (work: ShardWork) => Promise<ShardChannel>;
}

export interface TeamAnswers {
  /** By offset: what shards have to say of a record. */
  readonly answers: ReadonlyMap<number, readonly Answer[]>;
  readonly figures: readonly ShardFigures[];
}

type Reply<K extends ShardReply["kind"]> = ShardReply & { readonly kind: K };

export class ShardTeam {
  readonly #channels: readonly ShardChannel[];

  private constructor(channels: readonly ShardChannel[]) {
    this.#channels = channels;
  }

  /** `snapshot`: of all the work there is. */
  static async open({ count, open }: ShardOptions, snapshot: EngineSnapshot | null): Promise<ShardTeam> {
    const shares = Array.from({ length: count }, (_, index): ShardWork => {
      const share = snapshot === null ? null : shareOf(snapshot, shardOf(index, count));
      return { index, count, snapshot: share };
    });
    return new ShardTeam(await Promise.all(shares.map(open)));
  }

  /** RecordFailure for a record that a shard could not take. */
  async advance(chunk: readonly LogRecord[]): Promise<TeamAnswers> {
    const request = { kind: "advance", records: JSON.stringify(chunk) } as const;
    const replies = await Promise.all(this.#channels.map((channel) => channel.ask(request)));
    const answers = new Map<number, Answer[]>();
    const figures = replies.map((reply) => {
      if (reply.kind === "failed") throw new RecordFailure(chunk[reply.index]!, reply.error);
      const { answers: own, figures: told } = expected(reply, "advanced");
      for (const [index, answer] of own) {
        const { offset } = chunk[index]!;
        const others = answers.get(offset);
        if (others === undefined) answers.set(offset, [answer]);
        else others.push(answer);
      }
      return told;
    });
    return { answers, figures };
  }

  /** What a branch has of a key, by the shard that it is with. */
  async keySnapshot(branch: string, key: Json): Promise<KeySnapshot | null> {
    const channel = this.#channels[subtaskOf(keyGroup(key), this.#channels.length)]!;
    return expected(await channel.ask({ kind: "key", branch, key }), "key").snapshot;
  }

  /** At the barrier that comes after all that shards have been sent: each takes down what it has by key. */
  async capture(plan: CapturePlan): Promise<readonly ShardNote[]> {
    const replies = await Promise.all(this.#channels.map((channel) => channel.ask({ kind: "capture", plan })));
    return replies.map((reply) => expected(reply, "captured").note);
  }

  /** What they have captured, encoded; with a `turn` for everybody else after each of their answers. */
  async encoded(turn: () => Promise<void>): Promise<readonly EncodedPart[]> {
    const encoding = await Promise.allSettled(this.#channels.map((channel) => encodedBy(channel, turn)));
    return encoding.flatMap((of) => {
      if (of.status === "rejected") throw of.reason;
      return of.value;
    });
  }

  /** What they have captured is part of a checkpoint now, or never will be. */
  settle(isSaved: boolean): void {
    for (const channel of this.#channels) channel.ask({ kind: "settle", isSaved }).catch(() => undefined); // it is gone: whoever needs it hears of it
  }

  async close(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.close()));
  }
}

async function encodedBy(channel: ShardChannel, turn: () => Promise<void>): Promise<readonly EncodedPart[]> {
  const parts: EncodedPart[] = [];
  for (;;) {
    await turn();
    const { parts: more, isOver } = expected(await channel.ask({ kind: "encode" }), "encoded");
    for (const part of more) parts.push(part);
    if (isOver) return parts;
  }
}

function expected<K extends ShardReply["kind"]>(reply: ShardReply, kind: K): Reply<K> {
  assert(reply.kind === kind, "a shard answers what it was asked");
  return reply as Reply<K>;
}
