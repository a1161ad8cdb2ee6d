/** A node of a graph: an operator that is not at work yet, and what it reads from. */

import type { KeySelector } from "./keyed-operator.ts";
import type { Connector } from "./connector.ts";
import type { Operator, OperatorSetup } from "./operator.ts";
import type { ValvePolicy } from "./watermark-valve.ts";

export interface GraphNode {
  readonly id: number;
  /** Unique in the graph: snapshots find an operator's state by it. */
  readonly name: string;
  /** What it does, in a few words: `filter`, `tumbling window 10m`. */
  readonly does: string;
  readonly edges: readonly Edge[];
  /** As many subtasks as the task has, each with its key groups; otherwise one. */
  readonly isKeyed: boolean;
  /** How the times of several inputs are joined. Default: `aligned`. */
  readonly timePolicy?: ValvePolicy;
  /** Absent for what is not joined with the world. */
  readonly connector?: Connector;
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
