/**
 * What the chunks of a checkpoint say, and how they become a snapshot of the engine again. A part is an owner's state; its chunks
 * are JSON, read in their order: of what is large each changes what those before it said, of the rest they are pieces of one text.
 */

import { canonicalJson } from "../../core/canonical-json.ts";
import type { Json } from "../../core/event.ts";
import { keyGroup } from "../../core/key-group.ts";
import type { KeySnapshot, OperatorSnapshot, TaskSnapshot } from "../../stream/task/snapshot.ts";
import type { CheckpointPart } from "./checkpoint-port.ts";
import type { BranchSnapshot, DoorSnapshot, EngineSnapshot, StreamSnapshot } from "./snapshot.ts";
import type { SuppressionChanges, SuppressionSnapshot } from "../rules/suppression.ts";

/** Names of parts that there are one of. */
export const PART = {
  /** Streams, rules and their versions: what people have put. */
  definitions: "definitions",
  /** What rules have counted. */
  counts: "counts",
  lists: "lists",
  suppression: "suppression",
  /** Time, and what operators keep beside keys and waiting records. */
  job: "job",
} as const;

/** The identities that a stream has taken. */
export const doorPart = (stream: string): string => `door ${stream}`;
/** The records that wait in an operator. */
export const waitingPart = (operator: string): string => `waiting ${operator}`;
/** What an operator keeps by key: in one part, or in one for each key group. */
export const keysPart = (operator: string): string => `keys ${operator}`;

export function isOfKeys({ name }: Pick<CheckpointPart, "name">): boolean {
  return name.startsWith(keysPart(""));
}

/** What was said of keys since the chunk before: first those that went, then those that are as they are now, new ones in the order in which they came. */
export interface KeysChunk {
  readonly gone: readonly Json[];
  readonly keys: readonly KeySnapshot[];
}

/** Identities taken since the chunk before; the rest counts as it is in the last one. */
export type DoorChunk = DoorSnapshot;

/** What was sent and held since the chunk before. */
export type SuppressionChunk = Omit<SuppressionChanges, "isWhole">;

type Counts = Pick<BranchSnapshot, "counters" | "faults">;

export interface DefinitionsChunk extends Pick<EngineSnapshot, "format" | "versions" | "origins"> {
  readonly rules: readonly Omit<EngineSnapshot["rules"][number], keyof Counts>[];
  readonly draining: readonly Omit<EngineSnapshot["draining"][number], keyof Counts>[];
}

export interface CountsChunk {
  readonly streams: readonly Omit<StreamSnapshot, "door">[];
  readonly branches: Readonly<Record<string, Counts>>;
}

export type JobChunk = TaskSnapshot | null;

export interface ReadPart {
  readonly part: CheckpointPart;
  /** Of its chunks, in their order. */
  readonly bodies: readonly Uint8Array[];
}

/** Keys are decoded group by group, when they are looked at: together, and as objects, they may be more than there is memory for. */
export function snapshotOf(nextOffset: number, parts: readonly ReadPart[]): EngineSnapshot {
  const byName = partsByName(parts);
  const whole = <T>(name: string): T => decoded<T>(...byName.get(name)![0]!.bodies);
  const { rules, draining, ...definitions } = whole<DefinitionsChunk>(PART.definitions);
  const { streams, branches } = whole<CountsChunk>(PART.counts);
  const counted = <B extends { readonly branch: string }>(branch: B): B & Counts => ({
    ...branch,
    ...branches[branch.branch]!,
  });
  return {
    ...definitions,
    nextOffset,
    streams: streams.map((stream) => ({ ...stream, door: doorIn(byName.get(doorPart(stream.name))) })),
    rules: rules.map(counted),
    draining: draining.map(counted),
    lists: whole(PART.lists),
    suppression: suppressionIn(byName.get(PART.suppression)?.[0]?.bodies ?? []),
    job: jobIn(whole<JobChunk>(PART.job), byName),
  };
}

/** A snapshot that was put together without them gets what operators keep by key. */
export function withKeys(snapshot: EngineSnapshot, parts: readonly ReadPart[]): EngineSnapshot {
  const { job } = snapshot;
  return { ...snapshot, job: job === null ? null : jobIn(job, partsByName(parts)) };
}

function partsByName(parts: readonly ReadPart[]): ReadonlyMap<string, readonly ReadPart[]> {
  const byName = new Map<string, ReadPart[]>();
  for (const read of parts) {
    const known = byName.get(read.part.name);
    if (known === undefined) byName.set(read.part.name, [read]);
    else known.push(read);
  }
  return byName;
}

function decoded<T>(...bodies: readonly Uint8Array[]): T {
  return JSON.parse(Buffer.concat(bodies).toString()) as T;
}

function doorIn(parts: readonly ReadPart[] | undefined): DoorSnapshot | null {
  if (parts === undefined) return null;
  const chunks = parts[0]!.bodies.map((body) => decoded<DoorChunk>(body));
  return { ...chunks.at(-1)!, identities: chunks.flatMap(({ identities }) => identities) };
}

function suppressionIn(bodies: readonly Uint8Array[]): SuppressionSnapshot {
  const all = new Map<string, { readonly sent: Map<string, unknown>; readonly held: Map<string, number> }>();
  for (const body of bodies) {
    const { removed, rules } = decoded<SuppressionChunk>(body);
    for (const rule of removed) all.delete(rule);
    for (const [rule, { sent, held }] of rules) {
      const known = all.get(rule) ?? { sent: new Map<string, unknown>(), held: new Map<string, number>() };
      all.set(rule, known);
      for (const [scope, what] of sent) {
        known.sent.delete(scope); // sent again, it goes to the end
        known.sent.set(scope, what);
      }
      for (const [scope, count] of held) {
        if (count === 0) known.held.delete(scope);
        else known.held.set(scope, count);
      }
    }
  }
  return [...all].map(([rule, { sent, held }]) => [rule, { sent: [...sent], held: [...held] }]) as SuppressionSnapshot;
}

function jobIn(job: JobChunk, parts: ReadonlyMap<string, readonly ReadPart[]>): TaskSnapshot | null {
  if (job === null) return null;
  const operators = Object.entries(job.operators).map(([name, operator]): [string, OperatorSnapshot] => {
    const waiting = parts.get(waitingPart(name))?.[0];
    const keys = parts.get(keysPart(name));
    return [
      name,
      {
        ...operator,
        ...(waiting === undefined
          ? {}
          : { waiting: decoded<NonNullable<OperatorSnapshot["waiting"]>>(...waiting.bodies) }),
        ...(keys === undefined ? {} : { keyGroups: keyGroupsIn(keys) }),
      },
    ];
  });
  return { ...job, operators: Object.fromEntries(operators) };
}

function keyGroupsIn(parts: readonly ReadPart[]): NonNullable<OperatorSnapshot["keyGroups"]> {
  const groups: Record<string, readonly KeySnapshot[]> = {};
  for (const { part, bodies } of parts) {
    if (part.keyGroup === null) Object.assign(groups, byGroup(keysIn(bodies)));
    else Object.defineProperty(groups, part.keyGroup, { enumerable: true, get: () => keysIn(bodies) });
  }
  return groups;
}

function keysIn(bodies: readonly Uint8Array[]): readonly KeySnapshot[] {
  const [base, ...deltas] = bodies;
  const first = base === undefined ? [] : decoded<KeysChunk>(base).keys;
  if (deltas.length === 0) return first;
  const all = new Map(first.map((key) => [canonicalJson(key.key), key]));
  for (const body of deltas) {
    const { gone, keys } = decoded<KeysChunk>(body);
    for (const key of gone) all.delete(canonicalJson(key));
    for (const key of keys) all.set(canonicalJson(key.key), key);
  }
  return [...all.values()];
}

function byGroup(keys: readonly KeySnapshot[]): Record<string, KeySnapshot[]> {
  const groups: Record<string, KeySnapshot[]> = {};
  for (const key of keys) (groups[keyGroup(key.key)] ??= []).push(key);
  return groups;
}
