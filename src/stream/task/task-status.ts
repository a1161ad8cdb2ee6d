/** How a task stands, for people and dashboards: what operators have become, and how far time has come where several inputs meet. */

import type { DeployedNode } from "./deployment.ts";
import type { OperatorStatus } from "../operators/operator.ts";
import { SourceOperator } from "../operators/source-operator.ts";
import type { ValveStatus } from "../time/watermark-valve.ts";

export interface TaskStatus {
  readonly processingTime: number;
  /** By operator; for those that have something to tell. */
  readonly operators: Readonly<Record<string, OperatorStatus>>;
  /** Where several inputs' times meet: the partitions of a source, the inputs of an operator. */
  readonly time: Readonly<Record<string, ValveStatus>>;
}

/** Of the subtasks that run here. */
export function statusOf(deployed: Iterable<DeployedNode>): Pick<TaskStatus, "operators" | "time"> {
  const operators = new Map<string, OperatorStatus>();
  const time = new Map<string, ValveStatus>();
  for (const each of deployed) {
    const status = operatorStatusOf(each);
    if (status !== null) operators.set(each.node.name, status);
    const met = timeStatusOf(each);
    if (met !== null) time.set(each.node.name, met);
  }
  return { operators: Object.fromEntries(operators), time: Object.fromEntries(time) };
}

/** Null where the operator has nothing to tell. */
export function operatorStatusOf({ here }: DeployedNode): OperatorStatus | null {
  const statuses = here.flatMap(({ operator }) => operator.status() ?? []);
  return statuses.length === 0 ? null : statuses.reduce(sumOfStatuses);
}

/** Of the subtask that is behind all others. Null where one input is all there is. */
export function timeStatusOf({ here }: DeployedNode): ValveStatus | null {
  const statuses = here.flatMap(({ operator, valve }) => {
    return (operator instanceof SourceOperator ? operator.timeStatus : valve?.status()) ?? [];
  });
  return statuses.length === 0 ? null : statuses.reduce((a, b) => (b.watermark < a.watermark ? b : a));
}

/** Of tasks that run a graph together. */
export function uniteStatuses([first, ...others]: readonly [TaskStatus, ...TaskStatus[]]): TaskStatus {
  const operators = new Map(Object.entries(first.operators));
  for (const each of others) {
    for (const [name, status] of Object.entries(each.operators)) {
      const known = operators.get(name);
      operators.set(name, known === undefined ? status : sumOfStatuses(known, status));
    }
  }
  const time = [...others, first].flatMap((each) => Object.entries(each.time));
  return {
    processingTime: first.processingTime,
    operators: Object.fromEntries(operators),
    time: Object.fromEntries(time),
  };
}

function sumOfStatuses(a: OperatorStatus, b: OperatorStatus): OperatorStatus {
  return {
    watermark: Math.min(a.watermark, b.watermark),
    keys: a.keys + b.keys,
    windows: a.windows + b.windows,
    timers: a.timers + b.timers,
    nextEventTimer: least(a.nextEventTimer, b.nextEventTimer),
    lateRecordsDropped: a.lateRecordsDropped + b.lateRecordsDropped,
  };
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
