/**
 * Pieces of a job that run apart need not all have asked for a state since it was restored, and then some have it in an earlier
 * version. In the snapshot of all, each key's state says of which version it is.
 */

import { UserError } from "../../core/errors.ts";
import type { Json, JsonObject } from "../../core/event.ts";
import type { KeySnapshot, OperatorSnapshot, StateType, StateTypes, WindowSnapshot } from "./snapshot.ts";

/** State of one key, or of one of its windows, as a snapshot of mixed versions has it. */
export interface OfVersion {
  readonly type: StateType;
  readonly json: Json;
}

type Tables = NonNullable<OperatorSnapshot["states"]>;

/** What the pieces' states are together. UserError `state-versions-differ` for those that lie with no key. */
export function unitedTypes(pieces: readonly OperatorSnapshot[], operator: string): Tables {
  const tables = new Set(pieces.flatMap(({ states = {} }) => Object.keys(states)));
  const united: Record<string, StateTypes> = {};
  for (const table of tables) {
    const own = pieces.map(({ states }): StateTypes => states?.[table] ?? {});
    // Broadcast state is the first piece's, since all have it alike.
    united[table] = table === "broadcast" ? own[0]! : unitedTable(own, { operator, mayMix: table !== "operator" });
  }
  return united;
}

/** The piece's keys, with word of the version of each state that is mixed. */
export function marked(
  { keyGroups = {}, states = {} }: OperatorSnapshot,
  united: Tables,
): NonNullable<OperatorSnapshot["keyGroups"]> {
  const hasMixed = Object.values(united).some((types) => Object.values(types).some(({ isMixed }) => isMixed));
  if (!hasMixed) return keyGroups;
  const mark = (table: string, state: JsonObject): JsonObject =>
    markedState(state, { own: states[table] ?? {}, united: united[table] ?? {} });
  return Object.fromEntries(
    Object.entries(keyGroups).map(([group, keys]) => [group, keys.map((key) => markedKey(key, mark))]),
  );
}

function unitedTable(
  own: readonly StateTypes[],
  { operator, mayMix }: { operator: string; mayMix: boolean },
): StateTypes {
  const united: Record<string, StateType> = {};
  for (const [name, type] of own.flatMap((types) => Object.entries(types))) {
    const known = Object.hasOwn(united, name) ? united[name]! : type;
    const isMixed = known.isMixed === true || type.isMixed === true || !isAlike(known, type);
    if (isMixed && !mayMix) throw versionsDiffer({ operator, name, versions: [known.version, type.version] });
    united[name] = isMixed ? { ...type, isMixed } : type;
  }
  return united;
}

function isAlike(a: StateType, b: StateType): boolean {
  return a.kind === b.kind && a.version === b.version && a.ttl === b.ttl;
}

function markedKey(key: KeySnapshot, mark: (table: string, state: JsonObject) => JsonObject): KeySnapshot {
  const { state, windows, sliding } = key;
  const markedWindow = (window: WindowSnapshot): WindowSnapshot => ({
    ...window,
    triggerState: mark("trigger", window.triggerState),
    windowState: mark("window", window.windowState),
  });
  return {
    ...key,
    state: mark("key", state),
    ...(windows === undefined ? {} : { windows: windows.map(markedWindow) }),
    ...(sliding === undefined
      ? {}
      : {
          sliding: {
            ...sliding,
            windowStates: sliding.windowStates.map((of) => ({ ...of, state: mark("window", of.state) })),
          },
        }),
  };
}

function markedState(state: JsonObject, { own, united }: { own: StateTypes; united: StateTypes }): JsonObject {
  const isToMark = (name: string): boolean => united[name]?.isMixed === true && own[name]?.isMixed !== true;
  return Object.fromEntries(
    Object.entries(state).map(([name, json]) => [name, isToMark(name) ? { type: { ...own[name]! }, json } : json]),
  );
}

function versionsDiffer({
  operator,
  name,
  versions,
}: {
  operator: string;
  name: string;
  versions: readonly [number, number];
}): UserError {
  return new UserError({
    code: "state-versions-differ",
    message: `${operator}: some subtasks have the state \`${name}\` in version ${versions[0]}, and others in ${versions[1]}`,
    hint: "ask for it when the function is opened: then all subtasks have it in the version of the job",
  });
}
