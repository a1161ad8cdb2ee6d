/** Draws a graph, as lines of text and as a Mermaid flowchart. */

import { unreachable } from "../core/assert.ts";
import type { Edge, GraphNode } from "./graph-node.ts";
import type { Partition } from "./partition.ts";

export function drawText(nodes: readonly GraphNode[]): string {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const width = (of: (node: GraphNode) => string): number => Math.max(0, ...nodes.map((node) => of(node).length));
  const nameWidth = width(({ name }) => name);
  const doesWidth = width(({ does }) => does);
  return nodes
    .map(({ name, does, edges }) => {
      const from = edges.map((edge) => `${names.get(edge.from)!}${withSpace(edgeLabel(edge))}`).join(", ");
      const line = `${name.padEnd(nameWidth)}  ${does.padEnd(doesWidth)}  ${from === "" ? "" : `<- ${from}`}`;
      return `${line.trimEnd()}\n`;
    })
    .join("");
}

export function drawMermaid(nodes: readonly GraphNode[]): string {
  const lines = nodes.flatMap(({ id, name, does, edges }) => [
    `  n${id}["${escaped(name)}<br/>${escaped(does)}"]`,
    ...edges.map((edge) => {
      const label = edgeLabel(edge);
      return `  n${edge.from} -->${label === "" ? "" : `|"${escaped(label)}"|`} n${id}`;
    }),
  ]);
  return ["flowchart LR", ...lines, ""].join("\n");
}

function edgeLabel({ tag, partition }: Edge): string {
  const side = tag === null ? "" : `side output ${tag}`;
  return `${side} ${wayOf(partition)}`.trim();
}

function wayOf(partition: Partition): string {
  switch (partition.kind) {
    case "direct":
      return "";
    case "key":
      return "by key";
    case "custom":
      return "by a partitioner";
    case "forward":
    case "broadcast":
    case "rebalance":
    case "rescale":
    case "shuffle":
    case "global":
      return partition.kind;
    default:
      unreachable(partition);
  }
}

function withSpace(label: string): string {
  return label === "" ? "" : ` ${label}`;
}

/** Mermaid's own escapes, so that no name ends a label. */
function escaped(text: string): string {
  return text.replace(/[#"<>&|\n]/g, (sign) => `#${sign.charCodeAt(0)};`);
}
