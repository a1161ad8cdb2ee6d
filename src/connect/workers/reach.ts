/** What records of a node can come to: the nodes that read from it, directly or not. */

import type { StreamGraph } from "../../stream/graph/graph.ts";

/** Of each node; the node itself is one of them. */
export function reachedFrom({ nodes }: StreamGraph): ReadonlyMap<number, ReadonlySet<number>> {
  const reached = new Map<number, Set<number>>();
  for (const { id, edges } of nodes) {
    reached.set(id, new Set([id]));
    // A node comes after what it reads from: what leads to one of its origins leads to it.
    for (const set of reached.values()) if (edges.some(({ from }) => set.has(from))) set.add(id);
  }
  return reached;
}
