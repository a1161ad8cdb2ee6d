/** A graph: the operators of a job and what leads where, before any of it runs. Nodes come after what they read from. */

import { UserError } from "../core/errors.ts";
import { drawMermaid, drawText } from "./graph-drawing.ts";
import type { KeySelector } from "./keyed-operator.ts";
import type { Operator, OperatorSetup } from "./operator.ts";

export interface GraphNode {
  readonly id: number;
  /** Unique in the graph: snapshots find an operator's state by it. */
  readonly name: string;
  /** What it does, in a few words: `filter`, `tumbling window 10m`. */
  readonly does: string;
  readonly edges: readonly Edge[];
  /** As many subtasks as the task has, each with its key groups; otherwise one. */
  readonly isKeyed: boolean;
  create(setup: OperatorSetup): Operator<unknown, unknown>;
}

export interface Edge {
  readonly from: number;
  /** Of the side output that it carries; null for the main one. */
  readonly tag: string | null;
  readonly partition: Partition;
}

export type Partition =
  | { readonly kind: "forward" }
  /** To the subtask that has the key. */
  | { readonly kind: "key"; readonly key: KeySelector<unknown> }
  /** To every subtask, beside the main input. */
  | { readonly kind: "broadcast" };

export class StreamGraph {
  readonly #nodes: GraphNode[] = [];
  readonly #counts = new Map<string, number>();

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** Gives the node a name after its kind (`map-2`), unless it brings one. */
  add({
    kind,
    name,
    ...node
  }: Omit<GraphNode, "id" | "name"> & { readonly kind: string; readonly name?: string }): number {
    const id = this.#nodes.length;
    this.#nodes.push({ ...node, id, name: this.#free(name ?? this.#nameAfter(kind)) });
    return id;
  }

  /** UserError `duplicate-name` where another operator has it. */
  rename(id: number, name: string): void {
    const node = this.#nodes[id]!;
    if (node.name !== name) this.#nodes[id] = { ...node, name: this.#free(name) };
  }

  /** A line per operator: its name, what it does, and where its input comes from. */
  toText(): string {
    return drawText(this.#nodes);
  }

  toMermaid(): string {
    return drawMermaid(this.#nodes);
  }

  #nameAfter(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${kind}-${count}`;
  }

  #free(name: string): string {
    const taken = this.#nodes.find((node) => node.name === name);
    if (taken === undefined && name !== "") return name;
    throw new UserError({
      code: "duplicate-name",
      message:
        name === ""
          ? "an operator's name is empty"
          : `two operators are named "${name}": the other is a ${taken!.does}`,
      hint: "snapshots find an operator's state by its name: give each its own",
    });
  }
}
