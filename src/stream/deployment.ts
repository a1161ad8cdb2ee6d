/** Makes the operators of a graph, from the sinks up, and joins each to what it leads to. */

import { unreachable } from "../core/assert.ts";
import { NOWHERE, type Input } from "./element.ts";
import { BroadcastEntry, FanOut, KeyPartitioner, ValveEntry } from "./exchange.ts";
import type { Edge, GraphNode } from "./graph.ts";
import type { Operator, ProcessingClock } from "./operator.ts";
import { WatermarkValve } from "./watermark-valve.ts";

export interface DeployedNode {
  readonly node: GraphNode;
  readonly subtasks: readonly Subtask[];
}

export interface Subtask {
  readonly operator: Operator<unknown, unknown>;
  /** Joins the inputs' watermarks; null where there can be one only. */
  readonly valve: WatermarkValve | null;
  /** Ways in: by edge, then by the subtask that they come from. */
  readonly entries: readonly (readonly Input<unknown>[])[];
}

export interface DeploymentOptions {
  readonly parallelism: number;
  readonly clock: ProcessingClock;
}

/** In the graph's order. */
export function deploy(nodes: readonly GraphNode[], options: DeploymentOptions): readonly DeployedNode[] {
  const deployment = new Deployment(nodes, options);
  // A consumer comes after what it reads from, so from the end on every consumer is there already.
  for (const node of nodes.toReversed()) deployment.add(node);
  return nodes.map(({ id }) => deployment.deployed.get(id)!);
}

class Deployment {
  readonly deployed = new Map<number, DeployedNode>();
  readonly #nodes: readonly GraphNode[];
  readonly #options: DeploymentOptions;

  constructor(nodes: readonly GraphNode[], options: DeploymentOptions) {
    this.#nodes = nodes;
    this.#options = options;
  }

  add(node: GraphNode): void {
    const subtasks = Array.from({ length: this.#parallelismOf(node) }, (_, subtask) => this.#subtask(node, subtask));
    this.deployed.set(node.id, { node, subtasks });
  }

  #parallelismOf({ isKeyed }: GraphNode): number {
    return isKeyed ? this.#options.parallelism : 1;
  }

  #subtask(node: GraphNode, subtask: number): Subtask {
    const outputs = this.#outputs(node, subtask);
    const operator = node.create({
      name: node.name,
      subtask,
      parallelism: this.#parallelismOf(node),
      clock: this.#options.clock,
      next: outputs.get(null) ?? NOWHERE,
      sideOutput: (tag) => outputs.get(tag) ?? NOWHERE,
    });
    return { operator, ...this.#entries(node, operator) };
  }

  /** What each output leads to, by its tag. */
  #outputs(node: GraphNode, subtask: number): Map<string | null, Input<unknown>> {
    const targets = new Map<string | null, Input<unknown>[]>();
    for (const consumer of this.#nodes) {
      for (const [index, edge] of consumer.edges.entries()) {
        if (edge.from !== node.id) continue;
        const ways = this.deployed.get(consumer.id)!.subtasks.map(({ entries }) => entries[index]![subtask]!);
        const known = targets.get(edge.tag) ?? [];
        targets.set(edge.tag, [...known, partitioned(edge, { name: consumer.name, ways })]);
      }
    }
    return new Map([...targets].map(([tag, inputs]) => [tag, oneOf(inputs)]));
  }

  #entries(node: GraphNode, operator: Operator<unknown, unknown>): Pick<Subtask, "valve" | "entries"> {
    const origins = node.edges.map((edge) => ({ edge, from: this.#nodes[edge.from]! }));
    // Behind a keyed operator there is always one, so that snapshots are the same at every parallelism.
    const isPlain = origins.length <= 1 && origins.every(({ from }) => !from.isKeyed);
    if (isPlain) return { valve: null, entries: [[operator]] };
    const valve = new WatermarkValve({ output: operator, clock: this.#options.clock });
    const entries = origins.map(({ edge, from }) =>
      Array.from({ length: this.#parallelismOf(from) }, () => {
        const input = valve.addInput({ name: channelName(from, edge), idle: false });
        const Entry = edge.partition.kind === "broadcast" ? BroadcastEntry : ValveEntry;
        return new Entry({ operator, valve, input });
      }),
    );
    return { valve, entries };
  }
}

function channelName({ name }: GraphNode, { tag }: Edge): string {
  return tag === null ? name : `${name} (${tag})`;
}

function partitioned({ partition }: Edge, { name, ways }: { name: string; ways: Input<unknown>[] }): Input<unknown> {
  switch (partition.kind) {
    case "key":
      return ways.length === 1 ? ways[0]! : new KeyPartitioner({ name, key: partition.key, subtasks: ways });
    case "forward":
    case "broadcast":
      return oneOf(ways);
    default:
      unreachable(partition);
  }
}

function oneOf(inputs: readonly Input<unknown>[]): Input<unknown> {
  return inputs.length === 1 ? inputs[0]! : new FanOut(inputs);
}
