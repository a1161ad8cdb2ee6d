/** What joins a node of a graph with the world. `execute` of `tripline/connect` reads the sources, and writes to the sinks. */

import type { Source } from "./source.ts";
import type { IdempotentSink, TwoPhaseSink } from "../sinks/two-phase-sink.ts";

export type Connector =
  | { readonly kind: "source"; readonly source: Source<unknown>; readonly idleAfterMs: number | null }
  | { readonly kind: "sink"; readonly sink: ExternalSink<unknown> };

/**
 * A sink whose writing takes time: what is to be written waits in a bounded buffer, and the sources wait for it. It is one job's, which
 * closes it in the end: another job has one of its own.
 */
export type ExternalSink<T> = IdempotentSink<T> | TwoPhaseSink<T>;
