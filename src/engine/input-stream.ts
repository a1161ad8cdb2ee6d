/** A stream as the engine sees it: its definition, how its watermark follows from it, and what it has counted. Mutable. */

import type { Event } from "../core/event.ts";
import { BEGINNING_OF_TIME } from "../core/time.ts";
import { compileCondition } from "../expr/compile.ts";
import type { Compiled, EvalContext, NamedLists } from "../expr/types.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import type { WatermarkStrategy } from "../stream/time/watermark-strategy.ts";
import { eventScope } from "./rules/compiled-rule.ts";
import { newContext } from "./rules/eval-context.ts";
import type { EventRecord } from "./log/log-record.ts";
import type { StreamSnapshot } from "./checkpoint/snapshot.ts";

/** The partition that HTTP is. */
export const DEFAULT_PARTITION = "";

/** Event time, and time of arrival. */
export interface NewestEvent {
  readonly time: number;
  readonly at: number;
}

interface PartitionActivity {
  /** Time of arrival of its last event. */
  lastArrival: number;
  /** It has been told to have fallen silent, and has not spoken since. */
  idle: boolean;
}

export class InputStream {
  readonly name: string;
  #definition: StreamDefinition;
  #punctuation: Compiled<boolean> | null = null;
  readonly #context: EvalContext;
  readonly #partitions = new Map<string, PartitionActivity>();
  #newest: NewestEvent | null = null;
  #ended = false;
  #events = 0;
  late = 0;

  constructor(definition: StreamDefinition, lists: NamedLists) {
    this.name = definition.name;
    this.#definition = definition;
    this.#context = newContext(lists);
    this.define(definition);
  }

  get definition(): StreamDefinition {
    return this.#definition;
  }

  /** It takes no events until it is put again. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Events accepted so far; the next one's ordinal. */
  get events(): number {
    return this.#events;
  }

  /** The event with the greatest time so far; null before the first. */
  get newest(): NewestEvent | null {
    return this.#newest;
  }

  /** Source partitions that have spoken, and when they did last. */
  partitions(): readonly (PartitionActivity & { readonly name: string })[] {
    return [...this.#partitions].map(([name, activity]) => ({ name, ...activity }));
  }

  /** For the stream's source: goes by the definition as it is when an event comes. */
  get watermarks(): WatermarkStrategy<Event> {
    return { name: "as defined", createGenerator: () => ({ onRecord: (event) => this.#watermarkAfter(event) }) };
  }

  /** A new definition: it decides from here on. An ended stream is open again. */
  define(definition: StreamDefinition): void {
    this.#definition = definition;
    const { watermark, schema } = definition;
    this.#punctuation = watermark.kind === "punctuated" ? compileCondition(watermark.where, eventScope(schema)) : null;
    this.#ended = false;
  }

  end(): void {
    this.#ended = true;
  }

  /** The event that the record tells of. */
  accept(record: EventRecord): Event {
    const { time, at, partition = DEFAULT_PARTITION } = record;
    if (this.#newest === null || time >= this.#newest.time) this.#newest = { time, at };
    const activity = this.#partitions.get(partition);
    if (activity === undefined) this.#partitions.set(partition, { lastArrival: at, idle: false });
    else {
      activity.lastArrival = at;
      activity.idle = false;
    }
    return {
      stream: this.name,
      offset: record.offset,
      id: record.id ?? null,
      ordinal: this.#events++,
      time: record.time,
      data: record.data,
    };
  }

  /** These have fallen silent, and hold time back no longer. */
  markIdle(partitions: readonly string[]): void {
    for (const name of partitions) this.#partitions.get(name)!.idle = true;
  }

  /** The next event's ordinal is no less. */
  countFrom(events: number): void {
    this.#events = Math.max(this.#events, events);
  }

  snapshot(): Omit<StreamSnapshot, "door"> {
    return {
      name: this.name,
      source: this.#definition.source,
      ended: this.#ended,
      events: this.#events,
      late: this.late,
      newest: this.#newest,
      partitions: this.partitions(),
    };
  }

  restore({ ended, events, late, newest = null, partitions = [] }: StreamSnapshot): void {
    this.#newest = newest;
    for (const { name, lastArrival, idle } of partitions) this.#partitions.set(name, { lastArrival, idle });
    this.#ended = ended;
    this.#events = events;
    this.late = late;
  }

  /** Of one partition, whose watermark never goes back. */
  #watermarkAfter(event: Event): number {
    const { watermark } = this.#definition;
    switch (watermark.kind) {
      case "bounded":
        return event.time - watermark.outOfOrdernessMs - 1;
      case "ascending":
        return event.time - 1;
      case "punctuated":
        return this.#carriesWatermark(event) ? event.time : BEGINNING_OF_TIME;
    }
  }

  #carriesWatermark(event: Event): boolean {
    this.#context.event = event;
    this.#context.now = event.time;
    return this.#punctuation!(this.#context);
  }
}
