/**
 * The shards that do the keyed work of an engine, each in a place of its own. Every one is sent every chunk; the engine that stays
 * here owns no keys, and settles what they answer. Mutable.
 */

import { assert } from "../../core/assert.ts";
import type { Json } from "../../core/event.ts";
import { keyGroup } from "../../core/key-group.ts";
import { subtaskOf } from "../../stream/state/key-group-range.ts";
import type { KeySnapshot } from "../../stream/task/snapshot.ts";
import type { Answer } from "./answer.ts";
import type { CapturePlan } from "../checkpoint/capture-plan.ts";
import type { LogRecord } from "../log/log-record.ts";
import type { EncodedPart } from "../checkpoint/part-text.ts";
import { RecordFailure } from "../checkpoint/poison.ts";
import type { ShardFigures } from "./shard-figures.ts";
import type { ShardNote } from "./shard-snapshot.ts";
import { startOf, type ShardReply, type ShardRequest, type ShardStart, type ShardWork } from "./shard-messages.ts";

/** The way to a shard and back. */
export interface ShardChannel {
  /** Resolves with the reason when the shard is gone, and nobody has closed it. */
  readonly lost: Promise<unknown>;
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

/** A shard is gone: its thread has ended, or ran out of memory. */
export class ShardFailure extends Error {
  override readonly name = "ShardFailure";

  constructor(index: number, cause: unknown) {
    super(`shard ${index}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

type Reply<K extends ShardReply["kind"]> = ShardReply & { readonly kind: K };

export class ShardTeam {
  readonly #channels: readonly ShardChannel[];
  /** Resolves when a shard is gone. */
  readonly lost: Promise<ShardFailure>;

  private constructor(channels: readonly ShardChannel[]) {
    this.#channels = channels;
    this.lost = Promise.race(channels.map(async ({ lost }, index) => new ShardFailure(index, await lost)));
  }

  /** `start`: what all of them together go on from. */
  static async open({ count, open }: ShardOptions, start: ShardStart | null): Promise<ShardTeam> {
    const works = Array.from({ length: count }, (_, index): ShardWork => {
      const place = { index, count };
      return { ...place, start: start === null ? null : startOf(start, place) };
    });
    return new ShardTeam(await Promise.all(works.map(open)));
  }

  /** RecordFailure for the first record that a shard could not take; ShardFailure, here and below, when one is gone. */
  async advance(chunk: readonly LogRecord[]): Promise<TeamAnswers> {
    const replies = await this.#askAll({ kind: "advance", records: JSON.stringify(chunk) });
    const failures = replies.flatMap((reply) => (reply.kind === "failed" ? [reply] : []));
    const [first] = failures.sort((a, b) => a.index - b.index);
    if (first !== undefined) throw new RecordFailure(chunk[first.index]!, first.error);
    const answers = new Map<number, Answer[]>();
    const figures = replies.map((reply) => {
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

  /** Of branches, those that have changed since they were last told of. */
  async figures(): Promise<readonly ShardFigures[]> {
    return (await this.#askAll({ kind: "figures" })).map((reply) => expected(reply, "figures").figures);
  }

  /** What a branch has of a key, by the shard that it is with. */
  async keySnapshot(branch: string, key: Json): Promise<KeySnapshot | null> {
    const index = subtaskOf(keyGroup(key), this.#channels.length);
    return expected(await this.#ask(index, { kind: "key", branch, key }), "key").snapshot;
  }

  /** At the barrier that comes after all that shards have been sent: each takes down what it has by key. */
  async capture(plan: CapturePlan): Promise<readonly ShardNote[]> {
    return (await this.#askAll({ kind: "capture", plan })).map((reply) => expected(reply, "captured").note);
  }

  /** What they have captured, encoded; with a `turn` for everybody else before each question. */
  async encoded(turn: () => Promise<void>): Promise<readonly EncodedPart[]> {
    // None is asked any more when it is over, also when one has failed.
    const encoding = await Promise.allSettled(this.#channels.map((_, index) => this.#encodedBy(index, turn)));
    return encoding.flatMap((of) => {
      if (of.status === "rejected") throw of.reason;
      return of.value;
    });
  }

  /** What they have captured is part of a checkpoint now, or never will be. */
  settle(isSaved: boolean): void {
    this.#askAll({ kind: "settle", isSaved }).catch(() => undefined); // one that is gone has nothing to settle
  }

  async close(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.close()));
  }

  async #encodedBy(index: number, turn: () => Promise<void>): Promise<readonly EncodedPart[]> {
    const parts: EncodedPart[] = [];
    for (;;) {
      await turn();
      const { parts: more, isOver } = expected(await this.#ask(index, { kind: "encode" }), "encoded");
      for (const part of more) parts.push(part);
      if (isOver) return parts;
    }
  }

  #askAll(request: ShardRequest): Promise<readonly ShardReply[]> {
    return Promise.all(this.#channels.map((_, index) => this.#ask(index, request)));
  }

  async #ask(index: number, request: ShardRequest): Promise<ShardReply> {
    try {
      return await this.#channels[index]!.ask(request);
    } catch (error) {
      throw new ShardFailure(index, error);
    }
  }
}

function expected<K extends ShardReply["kind"]>(reply: ShardReply, kind: K): Reply<K> {
  assert(reply.kind === kind, "a shard answers what it was asked");
  return reply as Reply<K>;
}
