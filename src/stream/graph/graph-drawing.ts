/** Draws a graph, as lines of text and as a Mermaid flowchart. */

import { unreachable } from "../../core/assert.ts";
import type { Edge, GraphNode } from "./graph-node.ts";
import type { Partition } from "./partition.ts";

export function drawText(nodes: readonly GraphNode[]): string {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const width = (of: (node: GraphNode) => string): number => Math.max(0, ...nodes.map((node) => of(node).length));
  const nameWidth = width(({ name }) => name);
  const doesWidth = width(doesOf);
  return nodes
    .map((node) => {
      const { name, edges } = node;
      const from = edges.map((edge) => `${names.get(edge.from)!}${withSpace(edgeLabel(edge))}`).join(", ");
      const line = `${name.padEnd(nameWidth)}  ${doesOf(node).padEnd(doesWidth)}  ${from === "" ? "" : `<- ${from}`}`;
      return `${line.trimEnd()}\n`;
    })
    .join("");
}

export function drawMermaid(nodes: readonly GraphNode[]): string {
  const lines = nodes.flatMap((node) => [
    `  n${node.id}["${escaped(node.name)}<br/>${escaped(doesOf(node))}"]`,
    ...node.edges.map((edge) => {
      const label = edgeLabel(edge);
      return `  n${edge.from} -->${label === "" ? "" : `|"${escaped(label)}"|`} n${node.id}`;
    }),
  ]);
  return ["flowchart LR", ...lines, ""].join("\n");
}

/** With how many subtasks it has where that was said. */
function doesOf({ does, parallelism }: GraphNode): string {
  return typeof parallelism === "number" && parallelism > 1 ? `${does}, ${parallelism} subtasks` : does;
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
