/** The snapshots of tasks that run a graph together, each a piece of it, as the one that a single task would have taken. */

import { marked, unitedTypes } from "./mixed-versions.ts";
import type { OperatorSnapshot, TaskSnapshot } from "./snapshot.ts";

/** Of all pieces, at one moment, with nothing on its way between them. */
export function uniteSnapshots(pieces: readonly [TaskSnapshot, ...TaskSnapshot[]]): TaskSnapshot {
  const names = new Set(pieces.flatMap(({ operators }) => Object.keys(operators)));
  const operators = Object.fromEntries(
    [...names].map((name) => {
      const having = pieces.filter(({ operators: of }) => Object.hasOwn(of, name));
      return [
        name,
        uniteOperator(
          name,
          having.map(({ operators: of }) => of[name]!),
        ),
      ];
    }),
  );
  return { ...pieces[0], operators };
}

/** What the pieces do not have each for themselves, they have alike. */
function uniteOperator(name: string, pieces: readonly OperatorSnapshot[]): OperatorSnapshot {
  const first = pieces[0]!;
  const states = unitedTypes(pieces, name);
  const lateRecordsDropped = pieces.reduce((sum, { lateRecordsDropped: own = 0 }) => sum + own, 0);
  return {
    ...first,
    ...(first.keyGroups === undefined ? {} : { keyGroups: merged(pieces.map((piece) => marked(piece, states))) }),
    ...(lateRecordsDropped === 0 ? {} : { lateRecordsDropped }),
    ...(first.subtasks === undefined ? {} : { subtasks: uniteSubtasks(pieces.map(({ subtasks = [] }) => subtasks)) }),
    ...(Object.keys(states).length === 0 ? {} : { states }),
    ...(first.routes === undefined ? {} : { routes: uniteRoutes(pieces.map(({ routes = [] }) => routes)) }),
  };
}

/** Each subtask runs in one piece, and the others have nothing to tell of it. */
function uniteSubtasks(pieces: readonly (readonly OperatorSnapshot[])[]): readonly OperatorSnapshot[] {
  return pieces[0]!.map((_, subtask) => merged(pieces.map((piece) => piece[subtask] ?? {})));
}

/** Who hands records on counts them, and nobody else gets ahead of what was restored. */
function uniteRoutes(pieces: readonly (readonly (readonly number[])[])[]): readonly (readonly number[])[] {
  return pieces[0]!.map((counts, edge) =>
    counts.map((_, from) => Math.max(...pieces.map((piece) => piece[edge]![from]!))),
  );
}

function merged<T extends object>(parts: readonly T[]): T {
  return Object.assign({}, ...parts) as T;
}
