/**
 * A snapshot is of all keyed work, whoever has done it: shards' parts are united into it, and each shard takes its own part of it,
 * so that any number of them goes on from what any other number has become (S11.21).
 */

import type { Json } from "../core/event.ts";
import type { OperatorSnapshot, TaskSnapshot } from "../stream/snapshot.ts";
import { CAPPED_GROUPS } from "./cep-operator.ts";
import { addCounters, emptyRuleCounters } from "./rule-counters.ts";
import type { Shard } from "./shard.ts";
import type { BranchSnapshot, EngineSnapshot } from "./snapshot.ts";

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

/** `control` is of the engine that settles, and does no keyed work of its own. */
export function unitedSnapshot(control: EngineSnapshot, shards: readonly EngineSnapshot[]): EngineSnapshot {
  const all = [control, ...shards];
  const counted =
    (part: "rules" | "draining") =>
    <B extends BranchSnapshot>(branch: B, index: number): B => ({
      ...branch,
      counters: all.map((each) => each[part][index]!.counters).reduce(addCounters),
      faults: all.reduce((sum, each) => sum + each[part][index]!.faults, 0),
    });
  return {
    ...control,
    rules: control.rules.map(counted("rules")),
    draining: control.draining.map(counted("draining")),
    job:
      control.job === null
        ? null
        : withOperators(control.job, (operator, name) =>
            unitedOperator(
              operator,
              shards.flatMap(({ job }) => job?.operators[name] ?? []),
            ),
          ),
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

function unitedOperator(control: OperatorSnapshot, shards: readonly OperatorSnapshot[]): OperatorSnapshot {
  const late = shards.reduce((sum, { lateRecordsDropped = 0 }) => sum + lateRecordsDropped, 0);
  const capped = shards.flatMap(({ operatorState }) => (operatorState?.[CAPPED_GROUPS] ?? []) as readonly Json[]);
  const { operatorState } = control;
  return {
    ...control,
    ...(late > 0 && { lateRecordsDropped: late }),
    ...(operatorState?.[CAPPED_GROUPS] !== undefined && {
      operatorState: { ...operatorState, [CAPPED_GROUPS]: capped.toSorted((a, b) => Number(a) - Number(b)) },
    }),
    ...(control.keyGroups !== undefined && {
      keyGroups: Object.assign({}, ...shards.map(({ keyGroups }) => keyGroups)) as KeyGroups,
      // Only an operator that has seen a state knows what it is.
      ...statesOf(shards),
    }),
  };
}

function statesOf(shards: readonly OperatorSnapshot[]): Pick<OperatorSnapshot, "states"> {
  const states: Record<string, NonNullable<OperatorSnapshot["states"]>[string]> = {};
  for (const shard of shards) {
    for (const [table, types] of Object.entries(shard.states ?? {})) states[table] = { ...states[table], ...types };
  }
  return Object.keys(states).length === 0 ? {} : { states };
}
