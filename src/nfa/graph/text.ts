/** An automaton as text: each state with what it is there for, and below it its edges. */

import type { GraphEdge, GraphState, NfaGraph } from "./graph.ts";

/** The lines of it, each ended. */
export function graphText(name: string, graph: NfaGraph): string {
  const within = graph.within === null ? "" : `within ${graph.within}, `;
  const lines = [`rule ${name} (${within}skip ${graph.skip})`];
  const targets = Math.max(...graph.states.map((state) => state.name.length));
  for (const state of graph.states) {
    lines.push("", stateText(state));
    for (const edge of graph.edges) if (edge.from === state.name) lines.push(edgeText(edge, targets));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function stateText({ name, start, meaning }: GraphState): string {
  return `${name}: ${start ? "start, " : ""}${meaning}`;
}

function edgeText({ action, to, condition, gap, forbiddenBy }: GraphEdge, targets: number): string {
  const parts = [
    `  ${action.padEnd("PROCEED".length)} -> ${to.padEnd(targets)}`,
    ...(forbiddenBy === undefined ? [] : [`forbidden by ${forbiddenBy}`]),
    ...(gap === undefined ? [] : [`gap ${gap}`]),
    ...(condition === "true" ? [] : [`if ${condition}`]),
  ];
  return parts.join("  ").trimEnd();
}
