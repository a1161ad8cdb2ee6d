/** What several subtasks without keys have become, and how any number of others share in it (S11.25, S11.31). */

import { unreachable } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import type { Json, JsonObject } from "../../core/event.ts";
import { ownProperty } from "../../core/own-property.ts";
import { timeFromSnapshot } from "../../core/time.ts";
import type { OperatorSnapshot, StateTypes } from "./snapshot.ts";
import { behindAllValves } from "../time/valve-snapshot.ts";

/** As many shares as there are subtasks. Equally many go on as they were. UserError `state-of-subtasks`. */
export function sharesOf(
  snapshot: OperatorSnapshot,
  { operator, parallelism }: { operator: string; parallelism: number },
): readonly OperatorSnapshot[] {
  const { subtasks: parts = [snapshot], states } = snapshot;
  const types = states === undefined ? {} : { states };
  const common = parts.length === parallelism ? null : behindAll(parts);
  const operatorStates = operatorStatesOf(parts, { operator, parallelism, types: states?.["operator"] ?? {} });
  return operatorStates.map((operatorState, subtask) => {
    const { operatorState: _, ...rest } = common ?? parts[subtask]!;
    return { ...rest, ...types, ...(Object.keys(operatorState).length === 0 ? {} : { operatorState }) };
  });
}

/** What each goes by that was none of them: a time to which all had come. */
function behindAll(parts: readonly OperatorSnapshot[]): OperatorSnapshot {
  const time = ({ watermark = "beginning" }: OperatorSnapshot): number => timeFromSnapshot(watermark);
  const slowest = parts.reduce((a, b) => (time(b) < time(a) ? b : a));
  const valves = parts.flatMap(({ inputs }) => inputs ?? []);
  return valves.length === 0 ? slowest : { ...slowest, inputs: behindAllValves(valves) };
}

interface Sharing {
  readonly operator: string;
  readonly parallelism: number;
  readonly types: StateTypes;
}

function operatorStatesOf(parts: readonly OperatorSnapshot[], sharing: Sharing): readonly JsonObject[] {
  const names = new Set(parts.flatMap(({ operatorState = {} }) => Object.keys(operatorState)));
  const shares: Record<string, Json>[] = Array.from({ length: sharing.parallelism }, () => ({}));
  for (const name of names) {
    const owned = parts.map(({ operatorState = {} }) => ownProperty(operatorState, name));
    for (const [subtask, share] of shared(name, { owned, sharing }).entries()) {
      if (share !== undefined) shares[subtask]![name] = share;
    }
  }
  return shares;
}

type Owned = readonly (Json | undefined)[];

function shared(name: string, { owned, sharing }: { owned: Owned; sharing: Sharing }): Owned {
  const { parallelism, types } = sharing;
  const hasSameNumber = owned.length === parallelism;
  const kind = types[name]?.kind;
  switch (kind) {
    case "split list":
      return hasSameNumber ? owned : inPieces(joined(owned), parallelism);
    case "union list":
      return Array.from({ length: parallelism }, () => joined(owned));
    case "broadcast map":
      return hasSameNumber ? owned : Array.from({ length: parallelism }, () => owned[0]);
    case undefined:
    case "value":
    case "list":
    case "map":
    case "reducing":
    case "aggregating":
      if (owned.slice(parallelism).some((own) => own !== undefined)) throw notDivisible(name, { owned, sharing });
      return owned.slice(0, parallelism);
    default:
      return unreachable(kind);
  }
}

function joined(owned: Owned): readonly Json[] {
  return owned.flatMap((list) => (list as readonly Json[] | undefined) ?? []);
}

/** In their order, the longer ones first; their lengths differ by at most one. */
function inPieces(items: readonly Json[], count: number): Owned {
  const [length, longer] = [Math.floor(items.length / count), items.length % count];
  const startOf = (piece: number): number => piece * length + Math.min(piece, longer);
  const pieces = Array.from({ length: count }, (_, piece) => items.slice(startOf(piece), startOf(piece + 1)));
  return pieces.map((piece) => (piece.length === 0 ? undefined : piece));
}

function notDivisible(name: string, { owned, sharing }: { owned: Owned; sharing: Sharing }): UserError {
  return new UserError({
    code: "state-of-subtasks",
    message: `${sharing.operator}: the state \`${name}\` in the snapshot is of ${owned.length} subtasks, and cannot be divided among ${sharing.parallelism}`,
    hint: `give it \`setParallelism(${owned.length})\`, or more; \`splitListState\` and \`unionListState\` can be divided`,
  });
}
