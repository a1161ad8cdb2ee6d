/** What of a graph is joined with the world, and whether all of its input has an end. */

import { UserError } from "../core/errors.ts";
import type { ExecutionMode, ExternalSink, Source, StreamGraph } from "../stream/index.ts";

export interface JobPlan {
  readonly mode: ExecutionMode;
  readonly sources: readonly PlannedSource[];
  readonly sinks: readonly PlannedSink[];
}

export interface PlannedSource {
  readonly name: string;
  readonly source: Source<unknown>;
  readonly idleAfterMs: number | null;
}

export interface PlannedSink {
  readonly name: string;
  readonly sink: ExternalSink<unknown>;
}

/** `automatic`: a batch where every source is bounded, and streaming otherwise. */
export type RequestedMode = ExecutionMode | "automatic";

/** UserError `no-source`, `unread-source`, `unbounded-source`, `bad-argument`. */
export function planOf(graph: StreamGraph, requested: RequestedMode): JobPlan {
  const sources: PlannedSource[] = [];
  const sinks: PlannedSink[] = [];
  for (const { name, edges, connector } of graph.nodes) {
    if (connector?.kind === "source") sources.push({ ...connector, name });
    else if (connector?.kind === "sink") sinks.push({ name, sink: connector.sink });
    else if (edges.length === 0) throw unreadSource(name);
  }
  if (sources.length === 0) {
    throw new UserError({
      code: "no-source",
      message: "the graph has no source; expected at least one",
      hint: "`env.fromSource(name, source)`",
    });
  }
  return { mode: modeOf(sources, requested), sources, sinks };
}

function modeOf(sources: readonly PlannedSource[], requested: RequestedMode): ExecutionMode {
  const unbounded = sources.find(({ source }) => source.boundedness === "unbounded");
  if (requested === "batch" && unbounded !== undefined) {
    throw new UserError({
      code: "unbounded-source",
      message: `source ${unbounded.name} (${unbounded.source.does}) has no end; expected bounded sources in a batch`,
      hint: "run it as streaming",
    });
  }
  switch (requested) {
    case "automatic":
      return unbounded === undefined ? "batch" : "streaming";
    case "streaming":
    case "batch":
      return requested;
    default:
      throw badMode(requested);
  }
}

/** The compiler refuses it; whoever writes JavaScript is told here. */
function badMode(requested: never): UserError {
  return new UserError({
    code: "bad-argument",
    message: `the mode is ${JSON.stringify(requested)}; expected "streaming", "batch" or "automatic"`,
  });
}

function unreadSource(name: string): UserError {
  return new UserError({
    code: "unread-source",
    message: `source ${name} is fed by hand; expected sources that can be read`,
    hint: "declare it by `env.fromSource(name, source)`, or run the graph yourself: `env.createTask()` and `task.push`",
  });
}
