/**
 * A graph at work: the operators that have been made of its nodes, each joined to what it reads from. It may grow and shrink
 * while elements flow, between one element and the next. Mutable.
 */

import { assert, unreachable } from "../core/assert.ts";
import type { Input } from "./element.ts";
import { BroadcastEntry, FanOut, KeyPartitioner, ValveEntry } from "./exchange.ts";
import type { Edge, GraphNode } from "./graph-node.ts";
import type { ExecutionMode, Operator, ProcessingClock } from "./operator.ts";
import { NO_TIME_YET, Outlet } from "./outlet.ts";
import { WatermarkValve } from "./watermark-valve.ts";

export interface DeployedNode {
  readonly node: GraphNode;
  readonly subtasks: readonly Subtask[];
  /** What it reads from, to be cut when it goes. */
  readonly connections: readonly Connection[];
}

export interface Subtask {
  readonly operator: Operator<unknown, unknown>;
  /** Joins the inputs' watermarks; null where there can be one only. */
  readonly valve: WatermarkValve | null;
  /** Ways in: by edge, then by the subtask that they come from. */
  readonly entries: readonly (readonly Input<unknown>[])[];
  readonly outlet: Outlet<unknown>;
}

interface Connection {
  readonly origin: number;
  readonly outlet: Outlet<unknown>;
  readonly input: Input<unknown>;
}

export interface DeploymentOptions {
  readonly parallelism: number;
  readonly clock: ProcessingClock;
  readonly mode: ExecutionMode;
}

export class Deployment {
  readonly #deployed = new Map<number, DeployedNode>();
  readonly #byName = new Map<string, number>();
  readonly #options: DeploymentOptions;

  constructor(options: DeploymentOptions) {
    this.#options = options;
  }

  /** In the graph's order: each after what it reads from. */
  get nodes(): Iterable<DeployedNode> {
    return this.#deployed.values();
  }

  has(id: number): boolean {
    return this.#deployed.has(id);
  }

  named(name: string): DeployedNode | undefined {
    const id = this.#byName.get(name);
    return id === undefined ? undefined : this.#deployed.get(id);
  }

  /** Makes the node's operators; nothing reaches them before `connect`. What the node reads from is there. */
  add(node: GraphNode): DeployedNode {
    const subtasks = Array.from({ length: this.#parallelismOf(node) }, (_, subtask) => this.#subtask(node, subtask));
    const connections = node.edges.flatMap((edge, index) => this.#connections(node, { edge, index, subtasks }));
    const deployed = { node, subtasks, connections };
    this.#deployed.set(node.id, deployed);
    this.#byName.set(node.name, node.id);
    return deployed;
  }

  /** From now on elements reach it from these of its origins; it learns at once how far time has come there. */
  connect({ connections }: DeployedNode, isMeant: (origin: number) => boolean): void {
    for (const { origin, outlet, input } of connections) if (isMeant(origin)) outlet.connect(input);
  }

  /** Nothing reads from it any more. */
  remove(id: number): void {
    const { node, subtasks, connections } = this.#deployed.get(id)!;
    for (const { outlet, input } of connections) outlet.disconnect(input);
    for (const { operator } of subtasks) operator.close();
    this.#deployed.delete(id);
    if (this.#byName.get(node.name) === id) this.#byName.delete(node.name);
  }

  /** After a restore: each outlet has the time that its operator, or what that reads from, was restored to. */
  settle({ subtasks, connections }: DeployedNode): void {
    for (const { operator, valve, outlet } of subtasks) {
      const input = valve?.time ?? connections[0]?.outlet.time ?? NO_TIME_YET;
      outlet.settle(operator.timeAfter(input));
    }
  }

  #parallelismOf({ isKeyed }: GraphNode): number {
    return isKeyed ? this.#options.parallelism : 1;
  }

  #subtask(node: GraphNode, subtask: number): Subtask {
    const outlet = new Outlet<unknown>();
    const operator = node.create({
      name: node.name,
      subtask,
      parallelism: this.#parallelismOf(node),
      clock: this.#options.clock,
      mode: this.#options.mode,
      next: outlet,
      sideOutput: (tag) => outlet.side(tag),
    });
    return { operator, outlet, ...this.#entries(node, operator) };
  }

  #entries(node: GraphNode, operator: Operator<unknown, unknown>): Pick<Subtask, "valve" | "entries"> {
    const origins = node.edges.map((edge) => ({ edge, from: this.#origin(edge).node }));
    // Behind a keyed operator there is always one, so that snapshots are the same at every parallelism.
    const isPlain = origins.length <= 1 && origins.every(({ from }) => !from.isKeyed);
    if (isPlain) return { valve: null, entries: [[operator]] };
    const valve = new WatermarkValve({ output: operator, clock: this.#options.clock, policy: node.timePolicy });
    const entries = origins.map(({ edge, from }) =>
      Array.from({ length: this.#parallelismOf(from) }, () => {
        const input = valve.addInput({ name: channelName(from, edge), idle: false });
        const Entry = edge.partition.kind === "broadcast" ? BroadcastEntry : ValveEntry;
        return new Entry({ operator, valve, input });
      }),
    );
    return { valve, entries };
  }

  #connections(
    { name }: GraphNode,
    { edge, index, subtasks }: { edge: Edge; index: number; subtasks: readonly Subtask[] },
  ): Connection[] {
    return this.#origin(edge).subtasks.map(({ outlet }, from) => {
      const ways = subtasks.map(({ entries }) => entries[index]![from]!);
      return {
        origin: edge.from,
        outlet: edge.tag === null ? outlet : outlet.side(edge.tag),
        input: partitioned(edge, { name, ways }),
      };
    });
  }

  #origin(edge: Edge): DeployedNode {
    const origin = this.#deployed.get(edge.from);
    assert(origin !== undefined, "a node comes after what it reads from");
    return origin;
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
      return ways.length === 1 ? ways[0]! : new FanOut(ways);
    default:
      unreachable(partition);
  }
}
