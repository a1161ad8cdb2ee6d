/** Where a stream comes out of a graph, and how the next operator is put behind it. Typed streams are built upon it. */

import { UserError } from "../../core/errors.ts";
import type { Connector } from "./connector.ts";
import type { StreamGraph } from "./graph.ts";
import type { Edge, GraphNode, Parallelism } from "./graph-node.ts";
import { DIRECT, type Partition } from "./partition.ts";
import type { ValvePolicy } from "../time/watermark-valve.ts";

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
  /** Default: as the stream is divided that it reads. */
  readonly partition?: Partition;
  /** What records become on their way in. Default: nothing else. */
  readonly as?: Edge["as"];
  /** Whether state belongs to keys. Default: where the stream is divided by key. */
  readonly isKeyed?: boolean;
  /** Default: behind a stream that is divided, as the task; else as what it reads from. */
  readonly parallelism?: Parallelism;
  /** What it reads from besides. */
  readonly besides?: readonly Edge[];
  readonly connector?: Connector;
  readonly create: GraphNode["create"];
}

interface OriginPlace {
  readonly graph: StreamGraph;
  readonly node: number;
  /** Of a side output. */
  readonly tag?: string | null;
  readonly partition?: Partition;
}

export class Origin {
  readonly #graph: StreamGraph;
  readonly #node: number;
  readonly #tag: string | null;
  readonly #partition: Partition;

  constructor({ graph, node, tag = null, partition = DIRECT }: OriginPlace) {
    this.#graph = graph;
    this.#node = node;
    this.#tag = tag;
    this.#partition = partition;
  }

  get name(): string {
    return this.#graph.node(this.#node).name;
  }

  rename(name: string): void {
    this.#graph.rename(this.#node, name);
  }

  /** UserError `bad-argument`. */
  setParallelism(parallelism: number): void {
    this.#graph.setParallelism(this.#node, parallelism);
  }

  sideOutput(tag: string): Origin {
    return new Origin({ graph: this.#graph, node: this.#node, tag });
  }

  /** The same, divided so among the subtasks of what reads it. */
  divided(partition: Partition): Origin {
    return new Origin({ graph: this.#graph, node: this.#node, tag: this.#tag, partition });
  }

  /** A way from here to an operator behind the `other` stream too. UserError `foreign-stream` if it is of another graph. */
  edgeBeside(other: Origin, edge: Partial<Pick<Edge, "partition" | "isSecond" | "as">> = {}): Edge {
    if (other.#graph === this.#graph) return { ...this.#edge(), ...edge };
    throw new UserError({
      code: "foreign-stream",
      message: `${this.name} and ${other.name} belong to different graphs`,
      hint: "make all streams that meet from one `StreamEnvironment`",
    });
  }

  /** UserError `removed-operator` where what it would read from is gone. */
  add({
    kind,
    does = kind,
    partition = this.#partition,
    as,
    isKeyed,
    parallelism,
    besides = [],
    ...rest
  }: Addition): Origin {
    this.#graph.node(this.#node);
    const node = this.#graph.add({
      ...rest,
      kind,
      does,
      isKeyed: isKeyed ?? partition.kind === "key",
      parallelism: parallelism ?? parallelismBehind(partition),
      edges: [{ ...this.#edge(), partition, ...(as === undefined ? {} : { as }) }, ...besides],
    });
    return new Origin({ graph: this.#graph, node });
  }

  /** Removes the operator, and all that reads from it. */
  remove(): void {
    this.#graph.remove(this.#node);
  }

  #edge(): Edge {
    return { from: this.#node, tag: this.#tag, partition: this.#partition };
  }
}

/** Whoever divides a stream wants it worked on side by side. */
function parallelismBehind({ kind }: Partition): Parallelism {
  return kind === "direct" || kind === "forward" ? "input" : "task";
}
