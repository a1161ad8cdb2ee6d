/** An automaton as a Mermaid flowchart: TAKE thick, IGNORE thin, PROCEED dotted. */

import type { GraphEdge, GraphState, NfaGraph } from "./graph.ts";

/** One rule as it is; several each in a frame of its own. */
export function graphMermaid(rules: readonly { readonly name: string; readonly graph: NfaGraph }[]): string {
  const lines = ["flowchart LR"];
  for (const [index, { name, graph }] of rules.entries()) {
    const framed = rules.length > 1;
    if (framed) lines.push(`  subgraph r${index}["${escape(name)}"]`);
    lines.push(...ruleLines(graph, framed ? `r${index}_` : "").map((line) => `  ${framed ? "  " : ""}${line}`));
    if (framed) lines.push("  end");
  }
  lines.push(
    "  classDef begin stroke-width:3px",
    "  classDef done stroke:#1a7f37,stroke-width:3px",
    "  classDef stop stroke:#cf222e,color:#cf222e",
  );
  return lines.map((line) => `${line}\n`).join("");
}

function ruleLines({ states, edges }: NfaGraph, prefix: string): string[] {
  const ids = new Map(states.map(({ name }, index) => [name, `${prefix}s${index}`]));
  return [
    ...states.map((state) => `${ids.get(state.name)!}${shape(state)}${className(state)}`),
    ...edges.map((edge) => `${ids.get(edge.from)!} ${arrow(edge)}|"${escape(edgeLabel(edge))}"| ${ids.get(edge.to)!}`),
  ];
}

function shape(state: GraphState): string {
  const text = `"${escape(state.note === "" ? state.name : `${state.name}, ${state.note}`)}"`;
  switch (state.kind) {
    case "normal":
      return `[${text}]`;
    case "pending":
    case "final":
      return `([${text}])`;
    case "stop":
      return `{{${text}}}`;
  }
}

function className({ kind, start }: GraphState): string {
  if (kind === "final" || kind === "pending") return ":::done";
  if (kind === "stop") return ":::stop";
  return start ? ":::begin" : "";
}

function arrow({ action }: GraphEdge): string {
  switch (action) {
    case "TAKE":
      return "==>";
    case "IGNORE":
      return "-->";
    case "PROCEED":
      return "-.->";
  }
}

function edgeLabel({ action, condition, gap, forbiddenBy }: GraphEdge): string {
  return [
    forbiddenBy === undefined ? action : `forbidden by ${forbiddenBy}`,
    ...(gap === undefined ? [] : [`gap ${gap}`]),
    ...(condition === "true" ? [] : [`if ${condition}`]),
  ].join(" ");
}

/** Mermaid looks for its own marks inside of quoted texts too: everything but the plainest characters goes as its code. */
function escape(text: string): string {
  return text.replace(/[^\w ,.=!()+*/-]/gu, (character) => `#${character.codePointAt(0)!};`);
}
