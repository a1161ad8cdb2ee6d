/** Two streams by key, each record of the one with those of the other that lie within an interval of event time around it (S11.36). */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { checkSpan } from "../checks.ts";
import type { DataStream } from "./data-stream.ts";
import { checkFactory, made } from "../functions/function-checks.ts";
import { IntervalJoinOperator, type Interval, type IntervalJoinRules } from "../operators/interval-join-operator.ts";
import type { ProcessJoinFunction } from "../functions/join-function.ts";
import { byKey } from "../graph/partition.ts";
import type { OutputTag } from "../graph/side-output.ts";
import type { CodecsOfTwo } from "../functions/tagged.ts";
import type { KeyedTwo } from "./two-streams.ts";

/** Two streams by the same key, of which it has still to be said how far apart records may be. */
export class IntervalJoin<A, B, K extends Json> {
  readonly #streams: KeyedTwo<A, B, K>;

  constructor(streams: KeyedTwo<A, B, K>) {
    this.#streams = streams;
  }

  /**
   * A record of the second stream belongs to one of the first if its time is from `lower` to `upper` milliseconds after that
   * one's; negative is before. UserError `bad-argument`.
   */
  between(lower: number, upper: number): IntervalJoined<A, B, K> {
    checkSpan({ what: "the lower bound of an interval join", value: lower });
    checkSpan({ what: "the upper bound of an interval join", value: upper });
    return new IntervalJoined(this.#streams, { lower, upper });
  }
}

type Settings<A, B> = Omit<IntervalJoinRules<Json, A, B>, "keys" | "lower" | "upper">;

export class IntervalJoined<A, B, K extends Json> {
  readonly #streams: KeyedTwo<A, B, K>;
  readonly #interval: Interval;
  readonly #settings: Settings<A, B>;

  /** UserError `bad-argument` for an interval in which nothing lies. */
  constructor(streams: KeyedTwo<A, B, K>, interval: Interval, settings: Settings<A, B> = {}) {
    checkInterval(interval);
    this.#streams = streams;
    this.#interval = interval;
    this.#settings = settings;
  }

  /** A record at the lower bound itself does not belong. */
  lowerBoundExclusive(): IntervalJoined<A, B, K> {
    const { lower, upper } = this.#interval;
    return new IntervalJoined(this.#streams, { lower: lower + 1, upper }, this.#settings);
  }

  /** A record at the upper bound itself does not belong. */
  upperBoundExclusive(): IntervalJoined<A, B, K> {
    const { lower, upper } = this.#interval;
    return new IntervalJoined(this.#streams, { lower, upper: upper - 1 }, this.#settings);
  }

  /** Where records of the first stream go that are behind the watermark, instead of being dropped. */
  sideOutputLeftLateData({ name }: OutputTag<A>): IntervalJoined<A, B, K> {
    return this.#with({ lateLeft: name });
  }

  /** Where records of the second stream go that are behind the watermark, instead of being dropped. */
  sideOutputRightLateData({ name }: OutputTag<B>): IntervalJoined<A, B, K> {
    return this.#with({ lateRight: name });
  }

  /** For records that are no JSON. */
  codecs(codecs: CodecsOfTwo<A, B>): IntervalJoined<A, B, K> {
    return this.#with({ codecs });
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => ProcessJoinFunction<A, B, R, K>): DataStream<R> {
    const { ends, keys } = this.#streams;
    const { first, second } = ends;
    checkFactory({ operator: `process of an interval join behind ${first.origin.name}`, value: make });
    const rules = { ...this.#interval, ...this.#settings, keys };
    return first.add({
      kind: "intervalJoin",
      does: `interval join, ${rules.lower} to ${rules.upper} ms`,
      partition: byKey(keys.first),
      besides: [second.origin.edgeBeside(first.origin, { partition: byKey(keys.second), isSecond: true })],
      create: (setup) => new IntervalJoinOperator(setup, { ...rules, function: made(make, setup, "processElement") }),
    });
  }

  #with(settings: Partial<Settings<A, B>>): IntervalJoined<A, B, K> {
    return new IntervalJoined(this.#streams, this.#interval, { ...this.#settings, ...settings });
  }
}

function checkInterval({ lower, upper }: Interval): void {
  if (lower <= upper) return;
  throw new UserError({
    code: "bad-argument",
    message: `an interval join is between ${lower} and ${upper} ms, where nothing lies; expected a lower bound that is not greater`,
    hint: "`between(-60_000, 0)` is up to a minute before",
  });
}
