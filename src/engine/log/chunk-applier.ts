/**
 * Takes what is durable through the engine, in slices, so that everybody else has a turn in between, and hands on what comes of it.
 * Mutable: it knows how far it has come.
 */

import { assert } from "../../core/assert.ts";
import type { AlertFlusher } from "./alert-flusher.ts";
import type { AlertSink } from "./alert-sink.ts";
import type { SentBarrier, SentChunk } from "./chunk-queue.ts";
import type { LogRecord } from "./log-record.ts";
import { Milestones } from "./milestones.ts";
import type { Output } from "../output.ts";
import { RecordFailure } from "../checkpoint/poison.ts";
import type { Clock } from "../ports.ts";
import type { Restarts } from "../checkpoint/restarts.ts";
import type { RunningMachine } from "../checkpoint/running-machine.ts";
import type { TeamAnswers } from "../shards/shard-team.ts";
import type { TimeHolders } from "../service/time-holders.ts";

export interface ChunkApplierOptions {
  readonly machine: RunningMachine;
  readonly restarts: Restarts;
  readonly flusher: AlertFlusher;
  readonly sink: AlertSink | null;
  readonly timeHolders: TimeHolders;
  readonly clock: Clock;
  /** For everybody else. */
  readonly turn: () => Promise<void>;
}

export interface ApplyOptions {
  /** On replay events are known to the log and new to the door. */
  readonly known: boolean;
  /** The outputs of records below are in the store already. */
  readonly writtenThrough: number;
}

/** Records applied without a break; fewer where rules are so dear that they take longer than that. */
export const SLICE = 128;
const SLICE_MS = 5;

interface SliceOptions extends ApplyOptions {
  /** The place to begin at. */
  readonly from: number;
  readonly answers: TeamAnswers["answers"] | null;
}

export class ChunkApplier {
  readonly #options: ChunkApplierOptions;
  readonly #milestones = new Milestones();
  #applied = 0;
  /** Records, and milliseconds of work, since everybody else had a turn. */
  #sinceTurn = 0;
  #busyMs = 0;

  constructor(options: ChunkApplierOptions) {
    this.#options = options;
  }

  /** The offset after the last record applied. */
  get applied(): number {
    return this.#applied;
  }

  /** The engine has begun, or begun again, at this offset. */
  begin(offset: number): void {
    this.#applied = offset;
  }

  /** Resolves when every record below the offset has been applied. */
  reached(offset: number): Promise<void> {
    return this.#applied >= offset ? Promise.resolve() : this.#milestones.at(offset);
  }

  /** Whatever comes next. RecordFailure, ShardFailure. */
  async settle(sent: SentChunk | SentBarrier, how: ApplyOptions): Promise<void> {
    if (sent.kind === "barrier") await passBarrier(sent);
    else await this.#apply(sent, how);
  }

  async #apply(sent: SentChunk, how: ApplyOptions): Promise<void> {
    const { records } = sent;
    const team = await sent.answers;
    if (team !== null) this.#options.machine.current.engine.elsewhere.heard(team.figures);
    for (let next = 0; next < records.length;) {
      next = await this.#applySlice(records, { ...how, from: next, answers: team?.answers ?? null });
      if (!this.#isTurnDue(0)) continue;
      await this.#options.turn();
      this.#sinceTurn = 0;
      this.#busyMs = 0;
    }
  }

  /** After so many more milliseconds of work. */
  #isTurnDue(moreMs: number): boolean {
    return this.#sinceTurn >= SLICE || this.#busyMs + moreMs >= SLICE_MS;
  }

  /** Until somebody else's turn is due; gives the place to go on at. */
  async #applySlice(
    records: readonly LogRecord[],
    { known, writtenThrough, from, answers }: SliceOptions,
  ): Promise<number> {
    const { machine, restarts, flusher, sink, timeHolders, clock } = this.#options;
    const outputs: Output[] = [];
    const startedAt = clock.now();
    let next = from;
    while (next < records.length && (next === from || !this.#isTurnDue(clock.now() - startedAt))) {
      const record = records[next++]!;
      this.#sinceTurn++;
      this.#tellDoor(record, known);
      if (restarts.isSetAside(record.offset)) continue;
      if (record.kind === "restored") {
        await machine.becomeSaved(record);
        continue;
      }
      const made = this.#applyRecord(record, answers);
      if (record.offset >= writtenThrough) for (const output of made) outputs.push(output);
      sink?.take(record.offset, made);
      if (record.kind === "event") timeHolders.passed(record.at);
    }
    this.#busyMs += clock.now() - startedAt;
    this.#applied = records[next - 1]!.offset + 1;
    await flusher.add(outputs, this.#applied);
    await sink?.room();
    this.#milestones.reached(this.#applied);
    return next;
  }

  #tellDoor(record: LogRecord, known: boolean): void {
    if (record.kind !== "event") return;
    const { engine, door } = this.#options.machine.current;
    if (!known) {
      door.applied(record);
      return;
    }
    const stream = engine.stream(record.stream);
    assert(stream !== undefined, "only events of known streams are logged");
    door.replay(stream.definition, record);
  }

  #applyRecord(record: LogRecord, answers: TeamAnswers["answers"] | null): Output[] {
    const { engine } = this.#options.machine.current;
    try {
      if (answers === null) return engine.apply(record);
      return engine.settle(record, [...(answers.get(record.offset) ?? []), engine.advance(record)]);
    } catch (error) {
      throw new RecordFailure(record, error);
    }
  }
}

async function passBarrier({ barrier, notes }: SentBarrier): Promise<void> {
  try {
    barrier.pass(await notes);
  } catch (error) {
    barrier.drop();
    throw error;
  }
}
