/** Takes and restores the snapshot of a deployed graph: what its subtasks have become, united by key group. */

import { UserError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { timeToSnapshot } from "../../core/time.ts";
import { restoreRoutes, routesOf } from "./connections.ts";
import type { DeployedNode, Subtask } from "./deployment.ts";
import { checkObject } from "../functions/function-checks.ts";
import type { CapturedKeys } from "../state/key-capture.ts";
import { SNAPSHOT_FORMAT, type OperatorSnapshot, type StateTypes, type TaskSnapshot } from "./snapshot.ts";
import { sharesOf } from "./subtask-shares.ts";

export function takeSnapshot(deployed: readonly DeployedNode[], processingTime: number): TaskSnapshot {
  const operators = deployed.flatMap((each): [string, OperatorSnapshot][] => {
    const snapshot = united(each, (operator) => operator.snapshot());
    return snapshot === null ? [] : [[each.node.name, snapshot]];
  });
  return {
    format: SNAPSHOT_FORMAT,
    processingTime: timeToSnapshot(processingTime),
    operators: Object.fromEntries(operators),
  };
}

/** What a task has become at a barrier; nothing in it changes with what comes later. */
export interface TaskCapture extends Pick<TaskSnapshot, "format" | "processingTime"> {
  readonly operators: readonly CapturedOperator[];
}

export interface CapturedOperator {
  readonly name: string;
  readonly rest: OperatorSnapshot | null;
  /** Of each subtask; none of an operator that keeps nothing by key. */
  readonly keys: readonly CapturedKeys[];
}

/** How much of an operator's keys is wanted: `isRewritten` tells of which groups all, and of the others what has changed. */
export type CaptureChoice = (operator: {
  readonly name: string;
  readonly keys: number;
  /** False where all have to be rewritten anyway: nobody knows what has changed. */
  readonly areChangesKnown: boolean;
}) => (group: number) => boolean;

export function takeCapture(
  deployed: readonly DeployedNode[],
  { processingTime, choose }: { readonly processingTime: number; readonly choose: CaptureChoice },
): TaskCapture {
  const operators = deployed.map((each): CapturedOperator => {
    const {
      node: { name },
      here,
    } = each;
    const changes = here.flatMap(({ operator }) => operator.changes ?? []);
    const keys = here.reduce((sum, { operator }) => sum + (operator.changes === null ? 0 : operator.status()!.keys), 0);
    const areChangesKnown = changes.every(({ isKnown }) => isKnown);
    const isRewritten = changes.length === 0 ? () => false : choose({ name, keys, areChangesKnown });
    const captures: CapturedKeys[] = [];
    const rest = united(each, (operator) => {
      const captured = operator.capture((group) => !areChangesKnown || isRewritten(group));
      if (captured.keys !== null) captures.push(captured.keys);
      return captured.rest;
    });
    return { name, rest, keys: captures };
  });
  return { format: SNAPSHOT_FORMAT, processingTime: timeToSnapshot(processingTime), operators };
}

/** UserError `bad-argument` for what is no object, `foreign-snapshot` for a format that is not ours. */
export function checkFormat(snapshot: unknown): void {
  checkObject({ what: "the snapshot", value: snapshot, expected: "what `task.snapshot()` gave" });
  const { format } = snapshot as { readonly format?: unknown };
  if (format === SNAPSHOT_FORMAT) return;
  throw new UserError({
    code: "foreign-snapshot",
    message: `the snapshot has format ${JSON.stringify(format)}; expected ${SNAPSHOT_FORMAT}`,
    hint: "restore it with the version that took it",
  });
}

/** UserError `unknown-operator` for state that no operator takes up, unless it may be dropped. */
export function restoreSnapshot(
  deployed: readonly DeployedNode[],
  { snapshot, mayDropState }: { snapshot: TaskSnapshot; mayDropState: boolean },
): void {
  const names = new Set(deployed.map(({ node }) => node.name));
  for (const name of Object.keys(snapshot.operators)) {
    if (!names.has(name) && !mayDropState) throw unknownOperator(name, names);
  }
  for (const each of deployed) {
    if (Object.hasOwn(snapshot.operators, each.node.name)) restoreNode(each, snapshot.operators[each.node.name]!);
  }
}

function restoreNode({ node, subtasks, here, connections }: DeployedNode, snapshot: OperatorSnapshot): void {
  const { name: operator, isKeyed } = node;
  const shares = isKeyed ? null : sharesOf(snapshot, { operator, parallelism: subtasks.length });
  for (const subtask of here) restoreSubtask(subtask, shares?.[subtasks.indexOf(subtask)] ?? snapshot);
  if (snapshot.routes !== undefined) restoreRoutes(connections, snapshot.routes);
}

function restoreSubtask({ operator, valve }: Subtask, snapshot: OperatorSnapshot): void {
  if (valve !== null && snapshot.inputs !== undefined) valve.restore(snapshot.inputs);
  for (const [name, table] of Object.entries(operator.stateTables())) table.restore(snapshot.states?.[name] ?? {});
  operator.restore(snapshot);
}

/** What subtasks with keys do not have by key group, they have alike; those without keys have each their own. */
function united(
  { node, subtasks, here, connections }: DeployedNode,
  snapshotOf: (operator: Subtask["operator"]) => OperatorSnapshot | null,
): OperatorSnapshot | null {
  if (here.length === 0) return null;
  const tables = here.map(({ operator }) => operator.stateTables());
  for (const of of tables) {
    for (const other of tables) {
      for (const [name, table] of Object.entries(of)) if (of !== other) table.adopt(other[name]!);
    }
  }
  const snapshots = here.map(({ operator }) => snapshotOf(operator));
  const told = here.map(({ valve }, index): OperatorSnapshot | null => {
    const own = snapshots[index]!;
    return valve === null ? own : { ...own, inputs: valve.snapshot() };
  });
  const states = typesOf(tables[0]!);
  const routes = routesOf(connections);
  const parts = told.flatMap((own) => own ?? []);
  if (parts.length === 0 && routes === null) return null;
  return {
    ...(node.isKeyed || subtasks.length === 1
      ? { ...parts[0], ...unitedByKey(parts) }
      : { subtasks: subtasks.map((subtask) => told[here.indexOf(subtask)] ?? {}) }),
    ...(Object.keys(states).length === 0 ? {} : { states }),
    ...(routes === null ? {} : { routes }),
  };
}

function typesOf(tables: ReturnType<Subtask["operator"]["stateTables"]>): Readonly<Record<string, StateTypes>> {
  const types = Object.entries(tables).map(([name, table]) => [name, table.types()] as const);
  return Object.fromEntries(types.filter(([, of]) => Object.keys(of).length > 0));
}

/** Each key group is one subtask's alone. */
function unitedByKey(
  snapshots: readonly OperatorSnapshot[],
): Pick<OperatorSnapshot, "keyGroups" | "lateRecordsDropped"> {
  const lateRecordsDropped = snapshots.reduce((sum, { lateRecordsDropped: own = 0 }) => sum + own, 0);
  return {
    ...(snapshots[0]?.keyGroups === undefined
      ? {}
      : { keyGroups: Object.assign({}, ...snapshots.map(({ keyGroups }) => keyGroups)) }),
    ...(lateRecordsDropped === 0 ? {} : { lateRecordsDropped }),
  };
}

function unknownOperator(name: string, names: Iterable<string>): UserError {
  const near = nearest(name, names);
  return new UserError({
    code: "unknown-operator",
    message: `the snapshot has state of an operator "${name}", which the graph does not have`,
    hint: `${near === null ? "" : `is it "${near}" now? `}name the operator so, or allow state to be dropped`,
  });
}
