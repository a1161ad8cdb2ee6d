/** Two streams in the same windows by equal keys: every pair of their records (`join`), or both together (`coGroup`) (S11.35). */

import type { Json } from "../../core/event.ts";
import type { DataStream } from "./data-stream.ts";
import type { Evictor } from "../windows/evictor.ts";
import { checkFactory, checkFunction, made } from "../functions/function-checks.ts";
import type { RichFunction, RuntimeContext } from "../functions/functions.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import { byKey } from "../graph/partition.ts";
import type { OutputTag } from "../graph/side-output.ts";
import { taggedCodec, untagged, type CodecsOfTwo, type Tagged, type ValuesOfTwo } from "../functions/tagged.ts";
import type { Trigger } from "../windows/trigger.ts";
import type { KeyedTwo, TwoEnds } from "./two-streams.ts";
import type { WindowAssigner } from "../windows/window-assigner.ts";
import type { WindowContext } from "../windows/window-function.ts";
import { WindowedStream } from "./windowed-stream.ts";

/** Each window's records of both streams, at each of its firings. Each subtask has its own. */
export interface CoGroupFunction<K extends Json, A, B, Out> extends RichFunction<RuntimeContext> {
  process(values: ValuesOfTwo<A, B>, context: WindowContext<K, Out>): void;
  /** The window is over, after its allowed lateness. */
  clear?(context: WindowContext<K, Out>): void;
}

/** `W` is the windows that both come into. */
export interface KeyedFirst<A, B, K extends Json, W> {
  /** The key of the second stream. */
  equalTo(key: KeySelector<B, NoInfer<K>>): { window(assigner: WindowAssigner<Tagged<A, B>>): W };
}

export class JoinedStreams<A, B> {
  readonly #ends: TwoEnds;

  constructor(ends: TwoEnds) {
    this.#ends = ends;
  }

  /** The key of the first stream. */
  where<K extends Json>(key: KeySelector<A, K>): KeyedFirst<A, B, K, JoinedWindows<A, B, K>> {
    return keyedFirst("join", { ends: this.#ends, key, windowsOf: (windows) => new JoinedWindows(windows) });
  }
}

export class CoGroupedStreams<A, B> {
  readonly #ends: TwoEnds;

  constructor(ends: TwoEnds) {
    this.#ends = ends;
  }

  /** The key of the first stream. */
  where<K extends Json>(key: KeySelector<A, K>): KeyedFirst<A, B, K, CoGroupedWindows<A, B, K>> {
    return keyedFirst("coGroup", { ends: this.#ends, key, windowsOf: (windows) => new CoGroupedWindows(windows) });
  }
}

type Windows<A, B, K extends Json> = WindowedStream<Tagged<A, B>, K>;

/** How the windows of two streams fire, and what they keep: as those of one. */
abstract class WindowsOfTwo<A, B, K extends Json, Self> {
  protected readonly windows: Windows<A, B, K>;

  constructor(windows: Windows<A, B, K>) {
    this.windows = windows;
  }

  protected abstract of(windows: Windows<A, B, K>): Self;

  /** In place of the assigner's own. */
  trigger(trigger: Trigger<Tagged<A, B>>): Self {
    return this.of(this.windows.trigger(trigger));
  }

  evictor(evictor: Evictor<Tagged<A, B>>): Self {
    return this.of(this.windows.evictor(evictor));
  }

  /** A window stays for so long after its end, and fires again, in whole, for each record that comes until then. */
  allowedLateness(ms: number): Self {
    return this.of(this.windows.allowedLateness(ms));
  }

  /** Where records of either stream go that come too late for their windows. */
  sideOutputLateData(tag: OutputTag<Tagged<A, B>>): Self {
    return this.of(this.windows.sideOutputLateData(tag));
  }

  /** For records that are no JSON. */
  codecs(codecs: CodecsOfTwo<A, B>): Self {
    return this.of(this.windows.codec(taggedCodec(codecs)));
  }
}

export class JoinedWindows<A, B, K extends Json> extends WindowsOfTwo<A, B, K, JoinedWindows<A, B, K>> {
  protected override of(windows: Windows<A, B, K>): JoinedWindows<A, B, K> {
    return new JoinedWindows(windows);
  }

  /** For every pair of a window's records: each of the first stream with each of the second. */
  apply<R>(join: (first: A, second: B) => R): DataStream<R> {
    checkFunction({ operator: "apply of a join", value: join, expected: "a function of two records" });
    return this.applyFlat((first, second) => [join(first, second)]);
  }

  /** The same, with none, one or many results for each pair. */
  applyFlat<R>(join: (first: A, second: B) => Iterable<R>): DataStream<R> {
    checkFunction({ operator: "applyFlat of a join", value: join, expected: "a function of two records" });
    return this.windows.process<R>(() => ({
      process(elements, context) {
        const { first, second } = untagged(elements);
        for (const one of first) {
          for (const other of second) for (const result of join(one, other)) context.collect(result);
        }
      },
    }));
  }
}

export class CoGroupedWindows<A, B, K extends Json> extends WindowsOfTwo<A, B, K, CoGroupedWindows<A, B, K>> {
  protected override of(windows: Windows<A, B, K>): CoGroupedWindows<A, B, K> {
    return new CoGroupedWindows(windows);
  }

  /** For every window that has a record of either. */
  apply<R>(coGroup: (first: readonly A[], second: readonly B[]) => Iterable<R>): DataStream<R> {
    checkFunction({ operator: "apply of a co-group", value: coGroup, expected: "a function of two arrays" });
    return this.process(() => ({
      process({ first, second }, context) {
        for (const result of coGroup(first, second)) context.collect(result);
      },
    }));
  }

  /** The same, with the window, state and side outputs; `make` is called for each subtask. */
  process<R>(make: () => CoGroupFunction<K, A, B, R>): DataStream<R> {
    checkFactory({ operator: "process of a co-group", value: make });
    return this.windows.process<R>(() => {
      const of = made(make, { name: "process of a co-group" }, "process");
      return {
        open: (context) => of.open?.(context),
        close: () => of.close?.(),
        process: (elements, context) => of.process(untagged(elements), context),
        ...(of.clear === undefined ? {} : { clear: (context) => of.clear!(context) }),
      };
    });
  }
}

interface FirstOfTwo<A, B, K extends Json, W> {
  readonly ends: TwoEnds;
  readonly key: KeySelector<A, K>;
  readonly windowsOf: (windows: Windows<A, B, K>) => W;
}

function keyedFirst<A, B, K extends Json, W>(
  kind: "join" | "coGroup",
  { ends, key: first, windowsOf }: FirstOfTwo<A, B, K, W>,
): KeyedFirst<A, B, K, W> {
  const expected = "a function that gives the key";
  checkFunction({ operator: `where of a ${kind} behind ${ends.first.origin.name}`, value: first, expected });
  return {
    equalTo(second) {
      checkFunction({ operator: `equalTo of a ${kind} behind ${ends.second.origin.name}`, value: second, expected });
      return { window: (assigner) => windowsOf(windowed(kind, { ends, keys: { first, second }, assigner })) };
    },
  };
}

interface Windowed<A, B, K extends Json> extends KeyedTwo<A, B, K> {
  readonly assigner: WindowAssigner<Tagged<A, B>>;
}

function windowed<A, B, K extends Json>(
  kind: string,
  { ends: { first, second }, keys, assigner }: Windowed<A, B, K>,
): Windows<A, B, K> {
  return new WindowedStream<Tagged<A, B>, K>(
    {
      place: `${first.origin.name} and ${second.origin.name}`,
      key: (tagged) => (tagged.stream === "first" ? keys.first(tagged.value) : keys.second(tagged.value)),
      add: (addition) =>
        first.add({
          ...addition,
          kind,
          does: `${kind}, ${addition.does}`,
          partition: byKey(keys.first),
          as: (value) => ({ stream: "first", value }),
          besides: [
            second.origin.edgeBeside(first.origin, {
              partition: byKey(keys.second),
              as: (value) => ({ stream: "second", value }),
            }),
          ],
        }),
    },
    { assigner },
  );
}
