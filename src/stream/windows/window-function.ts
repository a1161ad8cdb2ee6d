/** Process window functions: what users write who need more of a window than one value. Each subtask has its own (S11.16). */

import type { Json } from "../../core/event.ts";
import type { RichFunction, RuntimeContext } from "../functions/functions.ts";
import type { OutputTag } from "../graph/side-output.ts";
import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { Window } from "./window.ts";

export interface WindowContext<K, Out> {
  readonly key: K;
  readonly window: Window;
  /** The moment of the firing: of the record or of the timer that made the window fire. */
  readonly firedAt: number;
  readonly watermark: number;
  readonly processingTime: number;
  /** What is collected has the window's last millisecond for its time; without an end, the moment of the firing. */
  collect(this: void, value: Out): void;
  sideOutput<X>(this: void, tag: OutputTag<X>, value: NoInfer<X>): void;
  /** State of this window of this key; `clear` is where it ends. Sessions have none: they become one another. */
  windowState<S>(this: void, descriptor: StateDescriptor<S>): S;
  /** State of the key, over all of its windows. */
  globalState<S>(this: void, descriptor: StateDescriptor<S>): S;
}

export interface ProcessWindowFunction<K extends Json, In, Out> extends RichFunction<RuntimeContext> {
  /** At each firing: the window's records, or the one value that they were reduced or aggregated to. */
  process(elements: readonly In[], context: WindowContext<K, Out>): void;
  /** The window is over, after its allowed lateness. */
  clear?(context: WindowContext<K, Out>): void;
}

/** Each value as it is. */
export function collectEach<K extends Json, T>(): ProcessWindowFunction<K, T, T> {
  return {
    process(elements, context) {
      for (const element of elements) context.collect(element);
    },
  };
}
