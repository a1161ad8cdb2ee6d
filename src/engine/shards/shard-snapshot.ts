/**
 * A snapshot is of all keyed work, whoever has done it: what shards have is united into it, and each shard takes its own part of it,
 * so that any number of them goes on from what any other number has become (S11.21).
 */

import type { Json } from "../../core/event.ts";
import type { OperatorSnapshot, TaskSnapshot } from "../../stream/task/snapshot.ts";
import { CAPPED_GROUPS } from "../rules/cep-operator.ts";
import type { EngineCapture, KeyedCapture } from "../checkpoint/engine-capture.ts";
import { addCounters, emptyRuleCounters } from "../rules/rule-counters.ts";
import type { Shard } from "./shard.ts";
import type { BranchSnapshot, EngineSnapshot } from "../checkpoint/snapshot.ts";

/** What a shard has to add to what the engine that settles knows, beside its keys. Plain data: it goes from thread to thread. */
export interface ShardNote {
  /** By branch. */
  readonly counts: Readonly<Record<string, Pick<BranchSnapshot, "counters" | "faults">>>;
  readonly operators: Readonly<Record<string, OperatorNote>>;
}

type OperatorNote = Pick<OperatorSnapshot, "lateRecordsDropped" | "operatorState" | "states">;

/** What a shard goes on from. What has been counted so far goes on with the first one. */
export function shareOf(snapshot: EngineSnapshot, shard: Shard): EngineSnapshot {
  const uncounted = <B extends BranchSnapshot>(branch: B): B =>
    shard.isFirst ? branch : { ...branch, counters: emptyRuleCounters(), faults: 0 };
  return {
    ...snapshot,
    rules: snapshot.rules.map(uncounted),
    draining: snapshot.draining.map(uncounted),
    job: snapshot.job === null ? null : withOperators(snapshot.job, (operator) => operatorShare(operator, shard)),
  };
}

/** At a barrier. */
export function noteOf({ job, ...branches }: KeyedCapture): ShardNote {
  const operators = job?.operators.flatMap(({ name, rest }) => (rest === null ? [] : [[name, rest] as const]));
  return { counts: countsOf(branches), operators: notesOf(operators ?? []) };
}

/** `control` is of the engine that settles, and does no keyed work of its own. */
export function unitedCapture(control: EngineCapture, notes: readonly ShardNote[]): EngineCapture {
  if (notes.length === 0) return control;
  const { job } = control;
  const operators = job?.operators.map((operator) => {
    const { name, rest } = operator;
    return rest === null ? operator : { ...operator, rest: unitedOperator(rest, notesOn(name, notes)) };
  });
  return { ...control, ...counted(control, notes), job: job === null ? null : { ...job, operators: operators! } };
}

/** The same of snapshots, which have the keys as well. */
export function unitedSnapshot(control: EngineSnapshot, shards: readonly EngineSnapshot[]): EngineSnapshot {
  const notes = shards.map(({ job, ...branches }): ShardNote => ({
    counts: countsOf(branches),
    operators: notesOf(Object.entries(job?.operators ?? {})),
  }));
  const keyGroups = (name: string): Pick<OperatorSnapshot, "keyGroups"> => {
    const groups = shards.flatMap(({ job }): KeyGroups[] => [job?.operators[name]?.keyGroups ?? {}]);
    return control.job?.operators[name]?.keyGroups === undefined
      ? {}
      : { keyGroups: Object.assign({}, ...groups) as KeyGroups };
  };
  return {
    ...control,
    ...counted(control, notes),
    job:
      control.job === null
        ? null
        : withOperators(control.job, (operator, name) => ({
            ...unitedOperator(operator, notesOn(name, notes)),
            ...keyGroups(name),
          })),
  };
}

function withOperators(
  { operators, ...task }: TaskSnapshot,
  change: (operator: OperatorSnapshot, name: string) => OperatorSnapshot,
): TaskSnapshot {
  const changed = Object.entries(operators).map(([name, operator]) => [name, change(operator, name)]);
  return { ...task, operators: Object.fromEntries(changed) as TaskSnapshot["operators"] };
}

function operatorShare(operator: OperatorSnapshot, shard: Shard): OperatorSnapshot {
  const { keyGroups, lateRecordsDropped, operatorState, ...rest } = operator;
  return {
    ...rest,
    ...(shard.isFirst && lateRecordsDropped !== undefined && { lateRecordsDropped }),
    ...(operatorState !== undefined && { operatorState: stateWithin(operatorState, shard) }),
    ...(keyGroups !== undefined && { keyGroups: groupsWithin(keyGroups, shard) }),
  };
}

type KeyGroups = NonNullable<OperatorSnapshot["keyGroups"]>;
type OperatorState = NonNullable<OperatorSnapshot["operatorState"]>;

/** By descriptor: groups may be decoded only when they are looked at. */
function groupsWithin(groups: KeyGroups, shard: Shard): KeyGroups {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(groups));
  return Object.defineProperties(
    {},
    Object.fromEntries(descriptors.filter(([group]) => shard.ownsGroup(Number(group)))),
  );
}

function stateWithin(state: OperatorState, shard: Shard): OperatorState {
  const capped = state[CAPPED_GROUPS] as readonly number[] | undefined;
  return capped === undefined ? state : { ...state, [CAPPED_GROUPS]: capped.filter((group) => shard.ownsGroup(group)) };
}

type Branches = Pick<EngineSnapshot, "rules" | "draining">;

function countsOf({ rules, draining }: Branches): ShardNote["counts"] {
  return Object.fromEntries(
    [...rules, ...draining].map(({ branch, counters, faults }) => [branch, { counters, faults }]),
  );
}

function notesOf(operators: Iterable<readonly [name: string, operator: OperatorSnapshot]>): ShardNote["operators"] {
  const notes = [...operators].map(([name, { lateRecordsDropped, operatorState, states }]) => [
    name,
    {
      ...(lateRecordsDropped !== undefined && { lateRecordsDropped }),
      ...(operatorState !== undefined && { operatorState }),
      ...(states !== undefined && { states }),
    },
  ]);
  return Object.fromEntries(notes.filter(([, note]) => Object.keys(note!).length > 0)) as ShardNote["operators"];
}

function notesOn(operator: string, notes: readonly ShardNote[]): readonly OperatorNote[] {
  return notes.flatMap(({ operators }) => operators[operator] ?? []);
}

function counted({ rules, draining }: Branches, notes: readonly ShardNote[]): Branches {
  const sum = <B extends BranchSnapshot>(branch: B): B => {
    const all = [branch, ...notes.flatMap(({ counts }) => counts[branch.branch] ?? [])];
    return {
      ...branch,
      counters: all.map(({ counters }) => counters).reduce(addCounters),
      faults: all.reduce((total, { faults }) => total + faults, 0),
    };
  };
  return { rules: rules.map(sum), draining: draining.map(sum) };
}

function unitedOperator(control: OperatorSnapshot, shards: readonly OperatorNote[]): OperatorSnapshot {
  const late = shards.reduce((sum, { lateRecordsDropped = 0 }) => sum + lateRecordsDropped, 0);
  const capped = shards.flatMap(({ operatorState }) => (operatorState?.[CAPPED_GROUPS] ?? []) as readonly Json[]);
  const { operatorState } = control;
  return {
    ...control,
    ...(late > 0 && { lateRecordsDropped: late }),
    ...(operatorState?.[CAPPED_GROUPS] !== undefined && {
      operatorState: { ...operatorState, [CAPPED_GROUPS]: capped.toSorted((a, b) => Number(a) - Number(b)) },
    }),
    // Only an operator that has seen a state knows what it is.
    ...statesOf(shards),
  };
}

function statesOf(shards: readonly OperatorNote[]): Pick<OperatorSnapshot, "states"> {
  const states: Record<string, NonNullable<OperatorSnapshot["states"]>[string]> = {};
  for (const shard of shards) {
    for (const [table, types] of Object.entries(shard.states ?? {})) states[table] = { ...states[table], ...types };
  }
  return Object.keys(states).length === 0 ? {} : { states };
}
