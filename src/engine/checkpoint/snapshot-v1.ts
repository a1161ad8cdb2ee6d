/**
 * Snapshots of format 1, from before the job was a graph, as the next format has them. There were no windows and no pauses then,
 * keyed state lay by rule, and partial matches of all rules pointed into one table of events.
 */

import type { Event, Json } from "../../core/event.ts";
import { keyGroup } from "../../core/key-group.ts";
import type { TimeSnapshot } from "../../core/time.ts";
import type { KeyStateSnapshot } from "../../nfa/snapshot.ts";
import type { KeySnapshot, OperatorSnapshot, TaskSnapshot, ValveInputSnapshot } from "../../stream/task/snapshot.ts";
import { emptyRuleCounters } from "../rules/rule-counters.ts";
import { branchName } from "../rules/rule-branch.ts";
import { inputName, sourceName } from "../rules/rule-input.ts";
import type { EngineSnapshot, RuleSnapshot, StreamSnapshot } from "./snapshot.ts";

export interface EngineSnapshotV1 extends Pick<EngineSnapshot, "nextOffset" | "origins" | "lists" | "suppression"> {
  readonly format: 1;
  readonly streams: readonly StreamV1[];
  readonly inputs: readonly {
    readonly streams: readonly string[];
    readonly watermark: TimeSnapshot;
    readonly waiting: readonly number[];
  }[];
  readonly rules: readonly RuleV1[];
  readonly versions: readonly (readonly [rule: string, version: number])[];
  readonly matches: { readonly events: readonly Event[]; readonly nodes: KeyStateSnapshot["nodes"] };
}

interface StreamV1 extends Omit<StreamSnapshot, "newest" | "partitions"> {
  readonly watermark: TimeSnapshot;
  readonly partitions: readonly (readonly [partition: string, watermark: TimeSnapshot])[];
}

interface RuleV1 extends Omit<RuleSnapshot, "branch" | "isPaused"> {
  readonly cappedGroups: readonly number[];
  readonly keys: readonly {
    readonly key: Json;
    readonly state: Pick<KeyStateSnapshot, "partials" | "held"> & { readonly capped?: true };
  }[];
}

/** When its events had arrived was not kept: it is silent from when it goes on. */
export function upgradedStream({
  watermark: _watermark,
  partitions: _partitions,
  ...stream
}: StreamV1): StreamSnapshot {
  return stream;
}

export function upgraded(
  snapshot: EngineSnapshotV1,
  definitionOf: (source: string) => { readonly streams: readonly string[] },
): EngineSnapshot {
  const { nextOffset, origins, lists, suppression, rules } = snapshot;
  return {
    format: 2,
    nextOffset,
    streams: snapshot.streams.map(upgradedStream),
    rules: rules.map(({ name, source, version, activeFrom, counters, faults }) => ({
      name,
      branch: branchName(name, version),
      source,
      version,
      activeFrom,
      isPaused: false,
      counters: { ...emptyRuleCounters(), ...counters },
      faults,
    })),
    draining: [],
    versions: snapshot.versions.map(([name, version]) => {
      const active = rules.find((rule) => rule.name === name);
      // Of rules that had been removed, only the number was kept.
      const { source = "", activeFrom = -1 } = active ?? {};
      return [name, [{ version, source, activeFrom, activeTo: active === undefined ? -1 : null }]];
    }),
    origins,
    lists,
    suppression,
    job: snapshot.streams.length === 0 ? null : jobOf(snapshot, definitionOf),
  };
}

function jobOf(snapshot: EngineSnapshotV1, definitionOf: Parameters<typeof upgraded>[1]): TaskSnapshot {
  const { streams, inputs, rules, matches } = snapshot;
  const operators: Record<string, OperatorSnapshot> = {};
  for (const { name, watermark, partitions } of streams) {
    operators[sourceName(name)] = {
      inputs: {
        watermark,
        idle: partitions.length === 0,
        inputs: partitions.map(([partition, time]) => inputOf(partition, time)),
      },
      source: {
        floor: partitions.length === 0 ? watermark : "beginning",
        partitions: partitions.map(([partition]) => ({ name: partition, generator: null })),
      },
    };
  }
  for (const { streams: unsorted, watermark, waiting } of inputs) {
    const names = [...unsorted].sort();
    const events = waiting.map((index) => matches.events[index]!).sort((a, b) => a.offset - b.offset);
    const of = (name: string): TimeSnapshot => streams.find((stream) => stream.name === name)!.watermark;
    operators[inputName(names)] = {
      watermark,
      waiting: events.map((event) => ({ timestamp: event.time, value: event as unknown as Json })),
      ...(names.length === 1
        ? {}
        : {
            inputs: { watermark, idle: false, inputs: names.map((name) => inputOf(sourceName(name), of(name))) },
          }),
    };
  }
  for (const { name, version, source, keys, cappedGroups } of rules) {
    const { watermark = "beginning" } = operators[inputName([...definitionOf(source).streams].sort())]!;
    const branch = branchName(name, version);
    const keyGroups: Record<string, KeySnapshot[]> = {};
    for (const { key, state } of keys) {
      const own = { capped: false, ...state, ...tableOf(state, matches) } as unknown as Json;
      (keyGroups[keyGroup(key)] ??= []).push({ key, state: {}, timers: { event: [], processing: [] }, own });
    }
    operators[`${branch}: gate`] = { watermark, passed: watermark };
    operators[branch] = { watermark, keyGroups, operatorState: { cappedGroups } };
  }
  return { format: 1, processingTime: 0, operators };
}

/** A stream or partition that had told no time held none back. */
function inputOf(name: string, watermark: TimeSnapshot): ValveInputSnapshot {
  return { name, watermark, idle: watermark === "beginning" };
}

/** The part of the one table that a key's state points into, and the state pointing into that. */
function tableOf(
  { partials, held }: Pick<KeyStateSnapshot, "partials" | "held">,
  matches: EngineSnapshotV1["matches"],
): Pick<KeyStateSnapshot, "events" | "nodes" | "partials" | "held"> {
  const events = new Map<number, number>();
  const nodes = new Map<number, number>();
  const rows: KeyStateSnapshot["nodes"][number][] = [];
  const place = (node: number): number => {
    if (node === -1) return -1;
    const known = nodes.get(node);
    if (known !== undefined) return known;
    const [stage, event, previous] = matches.nodes[node]!;
    const before = place(previous);
    if (!events.has(event)) events.set(event, events.size);
    nodes.set(node, rows.push([stage, events.get(event)!, before]) - 1);
    return rows.length - 1;
  };
  return {
    partials: partials.map(([state, node]) => [state, place(node)]),
    held: held.map(([node, time, offset]) => [place(node), time, offset]),
    events: [...events.keys()].map((index) => matches.events[index]!),
    nodes: rows,
  };
}
