/** A stream as the engine sees it: its definition, its watermark, and what it has counted. Mutable; owned by the engine. */

import { BEGINNING_OF_TIME, END_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../core/time.ts";
import type { Compiled, EvalContext, NamedLists } from "../expr/types.ts";
import { compileCondition } from "../expr/compile.ts";
import type { Event } from "../core/event.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import { combinedWatermark, PartitionWatermark, type WatermarkStrategy } from "../stream/watermark.ts";
import { eventScope } from "./compiled-rule.ts";
import { newContext } from "./eval-context.ts";
import type { EventRecord } from "./log-record.ts";
import type { StreamSnapshot } from "./snapshot.ts";

/** The partition that HTTP is. */
const DEFAULT_PARTITION = "";

export class InputStream {
  readonly name: string;
  #definition: StreamDefinition;
  #strategy: WatermarkStrategy = { kind: "bounded", outOfOrdernessMs: 0 };
  #punctuation: Compiled<boolean> | null = null;
  readonly #partitions = new Map<string, PartitionWatermark>();
  readonly #context: EvalContext;
  #watermark = BEGINNING_OF_TIME;
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

  get watermark(): number {
    return this.#watermark;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Events accepted so far; the next one's ordinal. */
  get events(): number {
    return this.#events;
  }

  /** A new definition: it decides from here on. An ended stream is open again, from the beginning of time. */
  define(definition: StreamDefinition): void {
    this.#definition = definition;
    const { watermark } = definition;
    this.#punctuation = null;
    if (watermark.kind === "punctuated") {
      this.#strategy = { kind: "punctuated" };
      this.#punctuation = compileCondition(watermark.where, eventScope(definition.schema));
    } else {
      this.#strategy = {
        kind: "bounded",
        outOfOrdernessMs: watermark.kind === "bounded" ? watermark.outOfOrdernessMs : 0,
      };
    }
    if (this.#ended) {
      this.#ended = false;
      this.#watermark = BEGINNING_OF_TIME;
      this.#partitions.clear();
    }
  }

  /** The event that the record tells of. */
  accept(record: EventRecord): Event {
    return {
      stream: this.name,
      offset: record.offset,
      id: record.id ?? null,
      ordinal: this.#events++,
      time: record.time,
      data: record.data,
    };
  }

  isLate(event: Event): boolean {
    return event.time <= this.#watermark;
  }

  /** Moves the watermark on for an event that was not late. */
  observe(event: Event, partition: string = DEFAULT_PARTITION): void {
    let watermark = this.#partitions.get(partition);
    if (watermark === undefined) this.#partitions.set(partition, (watermark = new PartitionWatermark()));
    watermark.observe(this.#strategy, event.time, this.#carriesWatermark(event));
    if (this.#partitions.size === 1) this.#advanceTo(watermark.current);
    else this.#advanceTo(combinedWatermark([...this.#partitions.values()].map((each) => each.current)));
  }

  /** An explicit watermark, inclusive. */
  advance(time: number | "end"): void {
    this.#ended ||= time === "end";
    const to = time === "end" ? END_OF_TIME : time;
    for (const partition of this.#partitions.values()) partition.advanceTo(to);
    this.#advanceTo(to);
  }

  snapshot(): Omit<StreamSnapshot, "door"> {
    return {
      name: this.name,
      source: this.#definition.source,
      watermark: timeToSnapshot(this.#watermark),
      partitions: [...this.#partitions].map(([partition, { current }]) => [partition, timeToSnapshot(current)]),
      ended: this.#ended,
      events: this.#events,
      late: this.late,
    };
  }

  restore(snapshot: StreamSnapshot): void {
    this.#watermark = timeFromSnapshot(snapshot.watermark);
    for (const [partition, time] of snapshot.partitions) {
      const watermark = new PartitionWatermark();
      watermark.advanceTo(timeFromSnapshot(time));
      this.#partitions.set(partition, watermark);
    }
    this.#ended = snapshot.ended;
    this.#events = snapshot.events;
    this.late = snapshot.late;
  }

  #advanceTo(watermark: number): void {
    if (watermark > this.#watermark) this.#watermark = watermark;
  }

  #carriesWatermark(event: Event): boolean {
    if (this.#punctuation === null) return false;
    this.#context.event = event;
    this.#context.now = event.time;
    return this.#punctuation(this.#context);
  }
}
