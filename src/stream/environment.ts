/** Where a job begins: its sources are declared here, and its graph becomes a task here. */

import { UserError } from "../core/errors.ts";
import { DataStream } from "./data-stream.ts";
import { StreamGraph } from "./graph.ts";
import { Origin } from "./origin.ts";
import { SourceOperator, type SourceOptions } from "./source-operator.ts";
import { Task, type TaskOptions } from "./task.ts";

/** A stream that a task takes records for. */
export class SourceStream<T> extends DataStream<T> {
  /** Only for the compiler: `push` takes what the source carries. */
  declare readonly carries?: (value: T) => void;
}

export class StreamEnvironment {
  readonly graph = new StreamGraph();

  /** Records come by `task.push(source, ...)`; without `watermarks`, time comes by explicit watermarks only. */
  source<T>(name: string, options: SourceOptions<T> = {}): SourceStream<T> {
    const node = this.graph.add({
      kind: "source",
      name,
      does: `source, watermarks ${options.watermarks?.name ?? "explicit"}`,
      isKeyed: false,
      edges: [],
      create: (setup) => new SourceOperator(setup, options),
    });
    return new SourceStream(new Origin({ graph: this.graph, node }));
  }

  /** What the graph is now, at work. What is added or removed later is taken up by `task.update()`. */
  createTask(options?: TaskOptions): Task {
    if (this.graph.size === 0) {
      throw new UserError({ code: "empty-graph", message: "the graph has no source; expected at least one" });
    }
    return new Task(this.graph, options);
  }
}
