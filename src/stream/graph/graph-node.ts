/** A node of a graph: an operator that is not at work yet, and what it reads from. */

import type { Connector } from "./connector.ts";
import type { Operator, OperatorSetup } from "../operators/operator.ts";
import type { Partition } from "./partition.ts";
import type { ValvePolicy } from "../time/watermark-valve.ts";

export interface GraphNode {
  readonly id: number;
  /** Unique in the graph: snapshots find an operator's state by it. */
  readonly name: string;
  /** What it does, in a few words: `filter`, `tumbling window 10m`. */
  readonly does: string;
  readonly edges: readonly Edge[];
  /** Each subtask has its key groups. */
  readonly isKeyed: boolean;
  readonly parallelism: Parallelism;
  /** How the times of several inputs are joined. Default: `aligned`. */
  readonly timePolicy?: ValvePolicy;
  /** Absent for what is not joined with the world. */
  readonly connector?: Connector;
  create(setup: OperatorSetup): Operator<unknown, unknown>;
}

/**
 * How many subtasks an operator has: so many; as many as the task; as many as what it reads from, if that has no keys and agrees,
 * and one otherwise; or ever only one.
 */
export type Parallelism = number | "task" | "input" | "single";

export interface Edge {
  readonly from: number;
  /** Of the side output that it carries; null for the main one. */
  readonly tag: string | null;
  readonly partition: Partition;
  /** Its records are told apart from the others', as those of a second stream. */
  readonly isSecond?: boolean;
  /** What its records become on their way in. */
  readonly as?: (value: unknown) => unknown;
}
