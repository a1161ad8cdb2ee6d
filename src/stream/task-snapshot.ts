/** Takes and restores the snapshot of a deployed graph: what its subtasks have become, united by key group. */

import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { timeToSnapshot } from "../core/time.ts";
import type { DeployedNode, Subtask } from "./deployment.ts";
import { SNAPSHOT_FORMAT, type OperatorSnapshot, type StateTypes, type TaskSnapshot } from "./snapshot.ts";

export function takeSnapshot(deployed: readonly DeployedNode[], processingTime: number): TaskSnapshot {
  const operators: Record<string, OperatorSnapshot> = {};
  for (const { node, subtasks } of deployed) {
    const snapshot = united(subtasks);
    if (snapshot !== null) operators[node.name] = snapshot;
  }
  return { format: SNAPSHOT_FORMAT, processingTime: timeToSnapshot(processingTime), operators };
}

/** UserError `foreign-snapshot` for a format that is not ours. */
export function checkFormat(snapshot: { readonly format?: unknown }): void {
  if (snapshot.format === SNAPSHOT_FORMAT) return;
  throw new UserError({
    code: "foreign-snapshot",
    message: `the snapshot has format ${JSON.stringify(snapshot.format)}; expected ${SNAPSHOT_FORMAT}`,
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
  for (const { node, subtasks } of deployed) {
    const part = snapshot.operators[node.name];
    if (part !== undefined) for (const subtask of subtasks) restoreSubtask(subtask, part);
  }
}

function restoreSubtask({ operator, valve }: Subtask, snapshot: OperatorSnapshot): void {
  if (valve !== null && snapshot.inputs !== undefined) valve.restore(snapshot.inputs);
  for (const [name, table] of Object.entries(operator.stateTables())) table.restore(snapshot.states?.[name] ?? {});
  operator.restore(snapshot);
}

/** What subtasks do not have by key group, they have alike. */
function united(subtasks: readonly Subtask[]): OperatorSnapshot | null {
  const tables = subtasks.map(({ operator }) => operator.stateTables());
  for (const of of tables) {
    for (const other of tables) {
      for (const [name, table] of Object.entries(of)) if (of !== other) table.adopt(other[name]!);
    }
  }
  const snapshots = subtasks.flatMap(({ operator }) => operator.snapshot() ?? []);
  const [{ valve }] = subtasks as readonly [Subtask];
  if (snapshots.length === 0 && valve === null) return null;
  const states = typesOf(tables[0]!);
  return {
    ...snapshots[0],
    ...(valve === null ? {} : { inputs: valve.snapshot() }),
    ...(Object.keys(states).length === 0 ? {} : { states }),
    ...unitedByKey(snapshots),
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
  if (snapshots[0]?.keyGroups === undefined) return {};
  const lateRecordsDropped = snapshots.reduce((sum, { lateRecordsDropped: own = 0 }) => sum + own, 0);
  return {
    keyGroups: Object.assign({}, ...snapshots.map(({ keyGroups }) => keyGroups)),
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
