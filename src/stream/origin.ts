/** Where a stream comes out of a graph, and how the next operator is put behind it. Typed streams are built upon it. */

import { UserError } from "../core/errors.ts";
import type { Edge, GraphNode, Partition, StreamGraph } from "./graph.ts";

/** One more operator. */
export interface Addition {
  /** Its name, but for a number: `map` gives `map-1`. */
  readonly kind: string;
  /** Default: its kind. */
  readonly does?: string;
  /** Default: `forward`. */
  readonly partition?: Partition;
  /** What it reads from besides. */
  readonly besides?: readonly Edge[];
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
    return this.#graph.nodes[this.#node]!.name;
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

  add({ kind, does = kind, partition = { kind: "forward" }, besides = [], create }: Addition): Origin {
    const edges = [this.#edge(partition), ...besides];
    const node = this.#graph.add({ kind, does, isKeyed: partition.kind === "key", edges, create });
    return new Origin({ graph: this.#graph, node });
  }

  #edge(partition: Partition): Edge {
    return { from: this.#node, tag: this.#tag, partition };
  }
}
