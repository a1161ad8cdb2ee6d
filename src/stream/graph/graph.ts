/** A graph: the operators of a job and what leads where, before any of it runs. Nodes come after what they read from. */

import { UserError } from "../../core/errors.ts";
import { checkParallelism } from "../checks.ts";
import { drawMermaid, drawText } from "./graph-drawing.ts";
import type { GraphNode } from "./graph-node.ts";

export class StreamGraph {
  readonly #nodes = new Map<number, GraphNode>();
  readonly #byName = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #next = 0;

  /** In the order in which they were added. */
  get nodes(): Iterable<GraphNode> {
    return this.#nodes.values();
  }

  get size(): number {
    return this.#nodes.size;
  }

  node(id: number): GraphNode {
    const node = this.#nodes.get(id);
    if (node !== undefined) return node;
    throw new UserError({
      code: "removed-operator",
      message: "a stream was used whose operator has been removed from the graph",
    });
  }

  has(id: number): boolean {
    return this.#nodes.has(id);
  }

  /** Gives the node a name after its kind (`map-2`), unless it brings one. */
  add({
    kind,
    name,
    ...node
  }: Omit<GraphNode, "id" | "name"> & { readonly kind: string; readonly name?: string }): number {
    const id = this.#next++;
    this.#put({ ...node, id, name: this.#free(name ?? this.#nameAfter(kind)) });
    return id;
  }

  /** UserError `duplicate-name` where another operator has it. */
  rename(id: number, name: string): void {
    const node = this.node(id);
    if (node.name === name) return;
    const free = this.#free(name);
    this.#byName.delete(node.name);
    this.#put({ ...node, name: free });
  }

  /** UserError `bad-argument`, also of an operator that is ever only one. */
  setParallelism(id: number, parallelism: number): void {
    const node = this.node(id);
    checkParallelism({ what: `the parallelism of ${node.name}`, value: parallelism });
    if (node.parallelism === "single" && parallelism !== 1) throw notDivisible(node, parallelism);
    if (node.parallelism !== "single") this.#put({ ...node, parallelism });
  }

  /** Removes a node, and all that reads from it, directly or not. */
  remove(id: number): void {
    const removed = new Set([this.node(id).id]);
    for (const node of this.#nodes.values()) if (node.edges.some(({ from }) => removed.has(from))) removed.add(node.id);
    for (const each of removed) {
      this.#byName.delete(this.node(each).name);
      this.#nodes.delete(each);
    }
  }

  /** A line per operator: its name, what it does, and where its input comes from. */
  toText(): string {
    return drawText([...this.nodes]);
  }

  toMermaid(): string {
    return drawMermaid([...this.nodes]);
  }

  #put(node: GraphNode): void {
    this.#nodes.set(node.id, node);
    this.#byName.set(node.name, node.id);
  }

  #nameAfter(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${kind}-${count}`;
  }

  #free(name: string): string {
    const taken = this.#byName.get(name);
    if (taken === undefined && name !== "") return name;
    throw new UserError({
      code: "duplicate-name",
      message:
        name === ""
          ? "an operator's name is empty"
          : `two operators are named "${name}": the other is a ${this.node(taken!).does}`,
      hint: "snapshots find an operator's state by its name: give each its own",
    });
  }
}

function notDivisible({ name, does }: GraphNode, parallelism: number): UserError {
  return new UserError({
    code: "bad-argument",
    message: `the parallelism of ${name} is ${parallelism}; expected 1: "${does}" is done in one place`,
    hint: "divide what comes before or after it instead",
  });
}
