/**
 * The input of the rules that read the same streams: those streams' events merged in event time, going by the least of their
 * watermarks. Rules over one stream share one input, so that an event waits once.
 */

import type { Event } from "../../core/event.ts";
import type { DataStream } from "../../stream/streams/data-stream.ts";
import { EventTimeSorter } from "../../stream/operators/event-time-sorter.ts";
import type { Codec } from "../../stream/state/codec.ts";

export class RuleInput {
  readonly streams: readonly string[];
  /** In the order of event time. */
  readonly events: DataStream<Event>;
  /** Names of the branches that read it. */
  readonly branches = new Set<string>();
  #sorter: EventTimeSorter<Event> | null = null;

  /** By stream, in the order of the names. */
  constructor(sources: ReadonlyMap<string, DataStream<Event>>) {
    this.streams = [...sources.keys()];
    const [first, ...others] = [...sources.values()] as [DataStream<Event>, ...DataStream<Event>[]];
    this.events = first.transform<Event>({
      kind: "input",
      name: inputName(this.streams),
      does: "in the order of event time",
      besides: others,
      timePolicy: "least",
      create: (setup) => (this.#sorter = new EventTimeSorter(setup, EVENT_CODEC)),
    });
  }

  get watermark(): number {
    return this.#sorter!.currentWatermark;
  }

  get waitingCount(): number {
    return this.#sorter!.size;
  }

  /** The watermark that lets the first of them go; null when none waits. */
  get nextRelease(): number | null {
    return this.#sorter!.nextRelease;
  }

  /** The events that wait for the watermark, in the order in which they came; none before the job has taken it up. */
  waiting(): readonly Event[] {
    return this.#sorter?.waiting() ?? [];
  }

  /** An event that has waited elsewhere. */
  offer(event: Event): void {
    this.#sorter!.record(event, event.time);
  }
}

export function sourceName(stream: string): string {
  return `stream ${stream}`;
}

/** Unique among inputs: stream names have no spaces. */
export function inputName(streams: readonly string[]): string {
  return `input ${streams.join(" + ")}`;
}

/** Events are JSON, and never change. */
const EVENT_CODEC: Codec<Event> = {
  isImmutable: true,
  encode: (event) => event as unknown as ReturnType<Codec<Event>["encode"]>,
  decode: (json) => json as unknown as Event,
};
