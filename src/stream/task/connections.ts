/** What leads from the subtasks of one operator to those of the next: by key, in turn, to each its own, to all. */

import { unreachable } from "../../core/assert.ts";
import type { Input } from "../graph/element.ts";
import { FanOut, FirstOnly, KeyPartitioner } from "./exchange.ts";
import type { Edge, GraphNode } from "../graph/graph-node.ts";
import type { Outlet } from "./outlet.ts";
import { reached, settled, type Link, type Partition } from "../graph/partition.ts";
import { CustomRouter, RoundRobin, Router, Shuffle } from "./router.ts";

/** An edge between operators that are at work. */
export interface Channel {
  readonly edge: Edge;
  readonly origin: {
    readonly node: GraphNode;
    readonly subtasks: readonly { readonly outlet: Outlet<unknown> }[];
    readonly isScaled: boolean;
  };
  readonly link: Link;
}

/** One subtask's way to those that it reaches. */
export interface Connection {
  /** Which of the reader's edges it is part of. */
  readonly edge: number;
  readonly origin: number;
  readonly outlet: Outlet<unknown>;
  readonly input: Input<unknown>;
  readonly targets: readonly number[];
}

export interface Entries {
  /** Of the reader, for messages. */
  readonly name: string;
  /** Of the edge, among the reader's. */
  readonly index: number;
  /** The ways into each of its subtasks, by the subtask that they come from. */
  readonly entries: readonly ReadonlyMap<number, Input<unknown>>[];
}

export function connectionsOf({ edge, origin, link }: Channel, { name, index, entries }: Entries): Connection[] {
  return origin.subtasks.map(({ outlet }, from) => {
    const targets = reached(edge.partition, { subtask: from, link });
    const ways = targets.map((to) => entries[to]!.get(from)!);
    const partition = settled(edge.partition, link);
    return {
      edge: index,
      origin: edge.from,
      outlet: edge.tag === null ? outlet : outlet.side(edge.tag),
      // A partitioner is asked in any case, so that a wrong one is found at every parallelism.
      input: ways.length === 1 && partition.kind !== "custom" ? ways[0]! : divided(partition, { name, ways, from }),
      targets,
    };
  });
}

/** How far each subtask has counted the records that it hands on, by edge; null where nothing is counted. */
export function routesOf(connections: readonly Connection[]): readonly (readonly number[])[] | null {
  const routes: number[][] = [];
  for (const { edge, input } of connections) if (input instanceof Router) (routes[edge] ??= []).push(input.count);
  return routes.length === 0 ? null : Array.from(routes, (counts) => counts ?? []);
}

/** Where the subtasks before are others than they were, they begin anew. */
export function restoreRoutes(connections: readonly Connection[], routes: readonly (readonly number[])[]): void {
  for (const [edge, counts] of routes.entries()) {
    const routers = connections.flatMap(({ edge: own, input }) =>
      own === edge && input instanceof Router ? [input] : [],
    );
    if (routers.length === counts.length)
      for (const [index, router] of routers.entries()) router.count = counts[index]!;
  }
}

type Settled = Exclude<Partition, { readonly kind: "direct" }>;

function divided(
  partition: Settled,
  { name, ways, from }: { name: string; ways: readonly Input<unknown>[]; from: number },
): Input<unknown> {
  switch (partition.kind) {
    case "key":
      return new KeyPartitioner({ name, key: partition.key, subtasks: ways });
    case "forward":
    case "broadcast":
      return new FanOut(ways);
    case "rebalance":
    case "rescale":
      return new RoundRobin({ ways, first: from });
    case "shuffle":
      return new Shuffle({ ways, seed: partition.seed + from });
    case "global":
      return new FirstOnly(ways);
    case "custom":
      return new CustomRouter({ name, ways, subtaskOf: partition.subtaskOf });
    default:
      unreachable(partition);
  }
}
