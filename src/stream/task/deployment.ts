/**
 * A graph at work: the operators that have been made of its nodes, each joined to what it reads from. It may grow and shrink
 * while elements flow, between one element and the next. Mutable.
 */

import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import { connectionsOf, type Channel, type Connection } from "./connections.ts";
import type { Input } from "../graph/element.ts";
import { entryOf } from "./exchange.ts";
import type { Edge, GraphNode } from "../graph/graph-node.ts";
import type { ExecutionMode, Operator } from "../operators/operator.ts";
import { NO_TIME_YET, Outlet } from "./outlet.ts";
import { reached } from "../graph/partition.ts";
import { entriesSeenFrom, type PlacedEdge, type Placement } from "./placement.ts";
import type { ProcessingClock } from "./processing-clock.ts";
import { WatermarkValve } from "../time/watermark-valve.ts";

export interface DeployedNode {
  readonly node: GraphNode;
  readonly subtasks: readonly Subtask[];
  /** Those of them that run here; the others stand for what runs elsewhere, and nothing reaches them. */
  readonly here: readonly Subtask[];
  /** How many subtasks there are goes by how many the task has. */
  readonly isScaled: boolean;
  /** What it reads from, to be cut when it goes. */
  readonly connections: readonly Connection[];
}

export interface Subtask {
  readonly operator: Operator<unknown, unknown>;
  /** Joins the inputs' watermarks; null where there can be one only. */
  readonly valve: WatermarkValve | null;
  /** Ways in: by edge, then by the subtask that they come from. */
  readonly entries: readonly ReadonlyMap<number, Input<unknown>>[];
  readonly outlet: Outlet<unknown>;
}

export interface DeploymentOptions {
  readonly parallelism: number;
  readonly clock: ProcessingClock;
  readonly mode: ExecutionMode;
  /** Null where all subtasks run here. */
  readonly placement: Placement | null;
}

/** How many subtasks a node has. */
type Scale = Pick<DeployedNode, "isScaled"> & { readonly parallelism: number };

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

  /**
   * Makes the node's operators; nothing reaches them before `connect`. What the node reads from is there. UserError
   * `unequal-parallelism`.
   */
  add(node: GraphNode): DeployedNode {
    const { parallelism, isScaled } = this.#scaleOf(node);
    const channels = node.edges.map((edge) => this.#channel(node, { edge, parallelism }));
    const subtasks = Array.from({ length: parallelism }, (_, subtask) =>
      this.#subtask(node, { channels, subtask, parallelism }),
    );
    const to = placeOf({ node, subtasks, isScaled });
    const connections = channels.flatMap((channel, index) => {
      const all = subtasks.map(({ entries }) => entries[index]!);
      const entries = this.#seenFromHere({ index, from: placeOf(channel.origin), to, entries: all });
      return connectionsOf(channel, { index, name: node.name, entries });
    });
    const here = subtasks.filter((_, subtask) => this.#options.placement?.isHere({ ...to, subtask }) ?? true);
    const deployed = { node, subtasks, here, isScaled, connections };
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
    const { node, here, connections } = this.#deployed.get(id)!;
    for (const { outlet, input } of connections) outlet.disconnect(input);
    for (const { operator } of here) operator.close();
    this.#deployed.delete(id);
    if (this.#byName.get(node.name) === id) this.#byName.delete(node.name);
  }

  /** After a restore: each outlet has the time that its operator, or what that reads from, was restored to. */
  settle({ subtasks, connections }: DeployedNode): void {
    for (const [subtask, { operator, valve, outlet }] of subtasks.entries()) {
      // It was restored from a snapshot of fewer subtasks, where there was none.
      if (valve?.isUntouched === true) {
        const leading = connections.filter(({ targets }) => targets.includes(subtask));
        valve.resume(leading.map(({ outlet: from }) => from.time));
      }
      const input = valve?.time ?? connections[0]?.outlet.time ?? NO_TIME_YET;
      outlet.settle(operator.timeAfter(input));
    }
  }

  #scaleOf(node: GraphNode): Scale {
    const { parallelism } = node;
    switch (parallelism) {
      case "task":
        return { parallelism: this.#options.parallelism, isScaled: true };
      case "single":
        return { parallelism: 1, isScaled: false };
      case "input":
        return this.#scaleOfInput(node);
      default:
        return { parallelism, isScaled: parallelism > 1 };
    }
  }

  /** What reads from subtasks that agree is divided as they are; what has a key comes together behind it. */
  #scaleOfInput({ edges }: GraphNode): Scale {
    const [first, ...others] = edges.filter(({ isSecond }) => isSecond !== true).map((edge) => this.#origin(edge));
    const one = { parallelism: 1, isScaled: false };
    if (first === undefined || [first, ...others].some(({ node }) => node.isKeyed)) return one;
    const scale = { parallelism: first.subtasks.length, isScaled: first.isScaled };
    const agree = others.every(
      ({ subtasks, isScaled }) => subtasks.length === scale.parallelism && isScaled === scale.isScaled,
    );
    return agree ? scale : one;
  }

  #seenFromHere(edge: PlacedEdge): PlacedEdge["entries"] {
    const { placement } = this.#options;
    return placement === null ? edge.entries : entriesSeenFrom(placement, edge);
  }

  #channel({ name }: GraphNode, { edge, parallelism }: { edge: Edge; parallelism: number }): Channel {
    const origin = this.#origin(edge);
    const link = { from: origin.subtasks.length, to: parallelism };
    if (edge.partition.kind === "forward" && link.from !== link.to) {
      throw new UserError({
        code: "unequal-parallelism",
        message: `${name} reads ${origin.node.name} by \`forward\`, and has ${link.to} subtasks where that has ${link.from}`,
        hint: "give both the same `setParallelism`, or use `rescale` or `rebalance`",
      });
    }
    return { edge, origin, link };
  }

  #subtask(
    node: GraphNode,
    { channels, subtask, parallelism }: { channels: readonly Channel[]; subtask: number; parallelism: number },
  ): Subtask {
    const outlet = new Outlet<unknown>();
    const operator = node.create({
      name: node.name,
      subtask,
      parallelism,
      clock: this.#options.clock,
      mode: this.#options.mode,
      next: outlet,
      sideOutput: (tag) => outlet.side(tag),
    });
    return { operator, outlet, ...this.#entries(node, { channels, subtask, operator }) };
  }

  #entries(
    { timePolicy }: GraphNode,
    {
      channels,
      subtask,
      operator,
    }: { channels: readonly Channel[]; subtask: number; operator: Operator<unknown, unknown> },
  ): Pick<Subtask, "valve" | "entries"> {
    // Behind what may be divided there is always one, so that snapshots are the same at every parallelism.
    const isPlain =
      channels.length <= 1 &&
      channels.every(
        ({ edge, origin: { subtasks, isScaled } }) => subtasks.length === 1 && !isScaled && !isSpecial(edge),
      );
    if (isPlain) return { valve: null, entries: channels.map(() => new Map([[0, operator]])) };
    const valve = new WatermarkValve({ output: operator, clock: this.#options.clock, policy: timePolicy });
    const entries = channels.map(({ edge, origin, link }) => {
      const ways = new Map<number, Input<unknown>>();
      for (const from of origin.subtasks.keys()) {
        if (!reached(edge.partition, { subtask: from, link }).includes(subtask)) continue;
        const input = valve.addInput({ name: channelName(origin.node, edge), idle: false });
        ways.set(from, entryOf(edge, { operator, valve, input }));
      }
      return ways;
    });
    return { valve, entries };
  }

  #origin(edge: Edge): DeployedNode {
    const origin = this.#deployed.get(edge.from);
    assert(origin !== undefined, "a node comes after what it reads from");
    return origin;
  }
}

function placeOf({ node, subtasks, isScaled }: Channel["origin"]): PlacedEdge["to"] {
  return { node: node.id, isDivided: isScaled || subtasks.length > 1 };
}

/** Its records do not simply go in. */
function isSpecial({ isSecond = false, as }: Edge): boolean {
  return isSecond || as !== undefined;
}

function channelName({ name }: GraphNode, { tag }: Edge): string {
  return tag === null ? name : `${name} (${tag})`;
}
