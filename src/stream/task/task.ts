/**
 * A task: a graph at work. All that happens comes in from outside, one element at a time, and is over when the call
 * returns: records and watermarks by source, and processing time. It has no clock and no I/O of its own. Mutable.
 */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { nearest } from "../../core/nearest.ts";
import { timeFromSnapshot } from "../../core/time.ts";
import { checkParallelism } from "../checks.ts";
import { Deployment, type DeployedNode } from "./deployment.ts";
import { ExternalSinkOperator, type TakeOutput } from "../operators/external-sink-operator.ts";
import { Gate } from "./gate.ts";
import type { StreamGraph } from "../graph/graph.ts";
import type { GraphNode } from "../graph/graph-node.ts";
import type { ExecutionMode, OperatorStatus } from "../operators/operator.ts";
import type { Placement } from "./placement.ts";
import { SourceInput } from "./source-input.ts";
import { SourceOperator } from "../operators/source-operator.ts";
import type { KeySnapshot, TaskSnapshot } from "./snapshot.ts";
import {
  checkFormat,
  restoreSnapshot,
  takeCapture,
  takeSnapshot,
  type CaptureChoice,
  type TaskCapture,
} from "./task-snapshot.ts";
import { operatorStatusOf, statusOf, timeStatusOf, type TaskStatus } from "./task-status.ts";
import type { ValveStatus } from "../time/watermark-valve.ts";

export type { TaskStatus } from "./task-status.ts";

export interface TaskOptions {
  /** Subtasks of each operator that is keyed or reads a divided stream, and says no number of its own. Default: 1. */
  readonly parallelism?: number;
  /** For each sink that takes its time: where its values go. */
  readonly outputs?: (sink: string) => TakeOutput;
  /** Which subtasks run here. Default: all. */
  readonly placement?: Placement;
  /** Default: `streaming`. */
  readonly mode?: ExecutionMode;
  /** Where processing time begins, epoch milliseconds. Default: 0, or where the snapshot has it. */
  readonly processingTime?: number;
  /** Goes on from there, at any parallelism. */
  readonly snapshot?: TaskSnapshot;
  /** Drops state of operators that the graph no longer has, instead of refusing it. Default: false. */
  readonly mayDropState?: boolean;
}

/** A source of this graph, by its stream or by its name. */
export interface SourceName<T> {
  readonly name: string;
  readonly carries?: (value: T) => void;
}

const DEFAULT_PARTITION = "0";

export class Task {
  readonly #graph: StreamGraph;
  readonly #deployment: Deployment;
  readonly #sources = new Map<string, SourceOperator<unknown>>();
  readonly #inputs = new Map<string, Map<string, SourceInput<unknown>>>();
  readonly #gate = new Gate();
  readonly #clock: { now: number };
  readonly #outputs: TaskOptions["outputs"];

  /** UserError `foreign-snapshot`, `unknown-operator`, `bad-argument`. */
  constructor(graph: StreamGraph, options: TaskOptions = {}) {
    const { parallelism = 1, mode = "streaming", placement = null, snapshot, mayDropState = false } = options;
    checkParallelism({ what: "the parallelism", value: parallelism });
    if (snapshot !== undefined) checkFormat(snapshot);
    const restoredTime = snapshot === undefined ? 0 : timeFromSnapshot(snapshot.processingTime);
    this.#clock = { now: options.processingTime ?? restoredTime };
    this.#graph = graph;
    this.#outputs = options.outputs;
    this.#deployment = new Deployment({ parallelism, mode, placement, clock: this.#clock });
    this.#add((added) => {
      if (snapshot === undefined) return;
      restoreSnapshot(added, { snapshot, mayDropState });
      for (const deployed of added) this.#deployment.settle(deployed);
    });
  }

  /**
   * Takes up what has been added to the graph or removed from it, between one element and the next; everything else goes on
   * untouched. What is new begins with its state in the snapshot, if it has some there, and is told how far time has come.
   */
  update(snapshot?: TaskSnapshot): void {
    if (snapshot !== undefined) checkFormat(snapshot);
    this.#gate.run(() => {
      for (const { node } of [...this.#deployment.nodes].reverse()) if (!this.#graph.has(node.id)) this.#remove(node);
      this.#add((added) => {
        if (snapshot !== undefined) restoreSnapshot(added, { snapshot, mayDropState: true });
      });
    });
  }

  /** A record of the source's default partition; with the time that it came with, where the source does not read it off. */
  push<T>(source: SourceName<T>, value: NoInfer<T>, timestamp?: number): void {
    this.input(source).push(value, timestamp);
  }

  /** One partition of a source. */
  input<T>(source: SourceName<T>, partition = DEFAULT_PARTITION): SourceInput<T> {
    const known = this.#inputs.get(source.name)?.get(partition);
    if (known !== undefined) return known as SourceInput<T>;
    const operator = this.#source(source.name) as SourceOperator<T>;
    const input = new SourceInput({ partition: operator.partition(partition), gate: this.#gate });
    const inputs = this.#inputs.get(source.name) ?? new Map<string, SourceInput<unknown>>();
    this.#inputs.set(source.name, inputs.set(partition, input as SourceInput<unknown>));
    return input;
  }

  /**
   * No record of the source at or before it will come any more, from any partition, also none that there is not yet.
   * UserError `bad-argument`.
   */
  raiseWatermark<T>(source: SourceName<T>, watermark: number): void {
    if (typeof watermark !== "number" || Number.isNaN(watermark)) {
      throw new UserError({
        code: "bad-argument",
        message: `the watermark of ${source.name} was raised to ${String(watermark)}; expected epoch milliseconds`,
      });
    }
    const operator = this.#source(source.name);
    this.#gate.run(() => operator.raise(watermark));
  }

  /** Processing time has come to here; it never goes back. Fires the timers of processing time that are due. */
  advanceProcessingTime(now: number): void {
    if (!Number.isSafeInteger(now)) {
      throw new UserError({
        code: "bad-argument",
        message: `processing time was advanced to ${String(now)}; expected whole epoch milliseconds`,
      });
    }
    if (now <= this.#clock.now) return;
    this.#gate.run(() => {
      this.#clock.now = now;
      for (const { here } of this.#deployment.nodes)
        for (const { operator } of here) operator.advanceProcessingTime(now);
    });
  }

  /** The end of all sources: no record will come any more, so every deadline in event time passes. */
  end(): void {
    for (const [name, source] of this.#sources) {
      const partitions = source.partitions.length === 0 ? [DEFAULT_PARTITION] : source.partitions;
      for (const partition of partitions) this.input({ name }, partition).end();
    }
  }

  /** Closes what functions have open; the task is over. Closing it again does nothing. */
  close(): void {
    if (!this.#gate.close()) return;
    for (const { here } of this.#deployment.nodes) for (const { operator } of here) operator.close();
  }

  snapshot(): TaskSnapshot {
    return this.#gate.run(() => takeSnapshot([...this.#deployment.nodes], this.#clock.now));
  }

  /** The same, to be written down while elements flow; of what is kept by key, only what has changed, where that is chosen. */
  capture(choose: CaptureChoice): TaskCapture {
    const processingTime = this.#clock.now;
    return this.#gate.run(() => takeCapture([...this.#deployment.nodes], { processingTime, choose }));
  }

  /** As of now, all that is kept by key is in a checkpoint: a capture need not have what does not change. */
  beginChanges(): void {
    for (const { here } of this.#deployment.nodes) for (const { operator } of here) operator.changes?.begin();
  }

  /** Of one operator; null where it has nothing to tell. */
  operatorStatus({ name }: { readonly name: string }): OperatorStatus | null {
    const deployed = this.#deployment.named(name);
    return deployed === undefined ? null : operatorStatusOf(deployed);
  }

  /** Everything that an operator keeps of one key; null when it keeps nothing. */
  keySnapshot({ name }: { readonly name: string }, key: Json): KeySnapshot | null {
    const { here } = this.#deployment.named(name) ?? { here: [] };
    return here.map(({ operator }) => operator.keySnapshot(key)).find((found) => found !== null) ?? null;
  }

  /** How far time has come at one place where several inputs meet; null where there is one only. */
  timeStatus({ name }: { readonly name: string }): ValveStatus | null {
    const deployed = this.#deployment.named(name);
    return deployed === undefined ? null : timeStatusOf(deployed);
  }

  status(): TaskStatus {
    return { processingTime: this.#clock.now, ...statusOf(this.#deployment.nodes) };
  }

  /** Makes operators of the new nodes, with the state that `restore` gives them, and lets elements reach them. */
  #add(restore: (added: readonly DeployedNode[]) => void): void {
    const added: DeployedNode[] = [];
    for (const node of this.#graph.nodes) {
      if (this.#deployment.has(node.id)) continue;
      const deployed = this.#deployment.add(node);
      added.push(deployed);
      const { operator } = deployed.subtasks[0]!;
      if (operator instanceof SourceOperator) this.#sources.set(node.name, operator);
    }
    const isNew = new Set(added.map(({ node }) => node.id));
    for (const deployed of added) this.#deployment.connect(deployed, (origin) => isNew.has(origin));
    this.#connectSinks(added);
    restore(added);
    // A function that collects when it is opened finds what comes after it open.
    for (const { here } of added.toReversed()) for (const { operator } of here) operator.open();
    for (const deployed of added) this.#deployment.connect(deployed, (origin) => !isNew.has(origin));
  }

  #connectSinks(added: readonly DeployedNode[]): void {
    for (const { node, here } of added) {
      for (const { operator } of here) {
        if (operator instanceof ExternalSinkOperator && this.#outputs !== undefined) {
          operator.connect(this.#outputs(node.name));
        }
      }
    }
  }

  #remove({ id, name }: GraphNode): void {
    this.#deployment.remove(id);
    this.#sources.delete(name);
    this.#inputs.delete(name);
  }

  #source(name: string): SourceOperator<unknown> {
    const source = this.#sources.get(name);
    if (source !== undefined) return source;
    const near = nearest(name, this.#sources.keys());
    throw new UserError({
      code: "unknown-source",
      message: `the graph has no source "${name}"; its sources: ${[...this.#sources.keys()].join(", ")}`,
      hint: near === null ? undefined : `did you mean "${near}"?`,
    });
  }
}
