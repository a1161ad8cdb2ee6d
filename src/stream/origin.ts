/** Where a stream comes out of a graph, and how the next operator is put behind it. Typed streams are built upon it. */

import { UserError } from "../core/errors.ts";
import type { Connector } from "./connector.ts";
import type { StreamGraph } from "./graph.ts";
import type { Edge, GraphNode, Partition } from "./graph-node.ts";
import type { ValvePolicy } from "./watermark-valve.ts";

/** One more operator. */
export interface Addition {
  /** What names it where it has no name of its own: `map` gives `map-1`. */
  readonly kind: string;
  /** Default: its kind. */
  readonly does?: string;
  /** Its name in the graph. Default: its kind and a number. */
  readonly name?: string;
  /** How the times of several inputs are joined. Default: `aligned`. */
  readonly timePolicy?: ValvePolicy;
  /** Default: `forward`. */
  readonly partition?: Partition;
  /** What it reads from besides. */
  readonly besides?: readonly Edge[];
  readonly connector?: Connector;
  readonly create: GraphNode["create"];
}

export class Origin {
  readonly #graph: StreamGraph;
  readonly #node: number;
  readonly #tag: string | null;

  constructor({ graph, node, tag = null }: { graph: StreamGraph; node: number; tag?: string | null }) {
    this.#graph = graph;
    this.#node = node;
    this.#tag = tag;
  }

  get name(): string {
    return this.#graph.node(this.#node).name;
  }

  rename(name: string): void {
    this.#graph.rename(this.#node, name);
  }

  sideOutput(tag: string): Origin {
    return new Origin({ graph: this.#graph, node: this.#node, tag });
  }

  /** A way from here to an operator behind `other` streams too. UserError `foreign-stream` if they are of another graph. */
  edgeBeside(other: Origin, partition: Partition): Edge {
    if (other.#graph === this.#graph) return this.#edge(partition);
    throw new UserError({
      code: "foreign-stream",
      message: `${this.name} and ${other.name} belong to different graphs`,
      hint: "make all streams that meet from one `StreamEnvironment`",
    });
  }

  /** UserError `removed-operator` where what it would read from is gone. */
  add({ kind, does = kind, partition = { kind: "forward" }, besides = [], ...rest }: Addition): Origin {
    this.#graph.node(this.#node);
    const edges = [this.#edge(partition), ...besides];
    const node = this.#graph.add({ ...rest, kind, does, isKeyed: partition.kind === "key", edges });
    return new Origin({ graph: this.#graph, node });
  }

  /** Removes the operator, and all that reads from it. */
  remove(): void {
    this.#graph.remove(this.#node);
  }

  #edge(partition: Partition): Edge {
    return { from: this.#node, tag: this.#tag, partition };
  }
}
