/** Where a job begins: its sources are declared here, and its graph becomes a task here. */

import { UserError } from "../../core/errors.ts";
import { checkDuration } from "../checks.ts";
import type { Connector } from "../graph/connector.ts";
import { DataStream } from "./data-stream.ts";
import type { EventTime } from "../time/event-clock.ts";
import { StreamGraph } from "../graph/graph.ts";
import { Origin } from "../graph/origin.ts";
import type { Source } from "../graph/source.ts";
import { SourceOperator, type SourceOptions } from "../operators/source-operator.ts";
import { Task, type TaskOptions } from "../task/task.ts";

/** How a source of the world comes by its time. */
export interface ConnectedSourceOptions<T> extends EventTime<T> {
  /** A split that has had nothing to say for so long, while it could have, holds time back no longer. Default: it does. */
  readonly idleAfterMs?: number;
}

/** A stream that a task takes records for. */
export class SourceStream<T> extends DataStream<T> {
  /** Only for the compiler: `push` takes what the source carries. */
  declare readonly carries?: (value: T) => void;
}

export class StreamEnvironment {
  readonly graph = new StreamGraph();

  /** Records come by `task.push(source, ...)`; without `watermarks`, time comes by explicit watermarks only. */
  source<T>(name: string, options: SourceOptions<T> = {}): SourceStream<T> {
    return this.#add(name, { does: "source", options });
  }

  /** `execute` of `tripline/connect` reads it; each split is a partition. UserError `bad-argument`. */
  fromSource<T>(name: string, source: Source<T>, options: ConnectedSourceOptions<NoInfer<T>> = {}): SourceStream<T> {
    const { idleAfterMs = null } = options;
    if (idleAfterMs !== null) checkDuration({ what: `the \`idleAfterMs\` of ${name}`, value: idleAfterMs });
    return this.#add(name, { does: source.does, options, connector: { kind: "source", source, idleAfterMs } });
  }

  /** What the graph is now, at work. What is added or removed later is taken up by `task.update()`. */
  createTask(options?: TaskOptions): Task {
    if (this.graph.size === 0) {
      throw new UserError({ code: "empty-graph", message: "the graph has no source; expected at least one" });
    }
    return new Task(this.graph, options);
  }

  #add<T>(name: string, { does, options, connector }: AddedSource<T>): SourceStream<T> {
    const node = this.graph.add({
      kind: "source",
      name,
      does: `${does}, watermarks ${options.watermarks?.name ?? "explicit"}`,
      isKeyed: false,
      parallelism: "single",
      edges: [],
      ...(connector === undefined ? {} : { connector }),
      create: (setup) => new SourceOperator(setup, options),
    });
    return new SourceStream(new Origin({ graph: this.graph, node }));
  }
}

interface AddedSource<T> {
  readonly does: string;
  readonly options: SourceOptions<T>;
  readonly connector?: Connector;
}
