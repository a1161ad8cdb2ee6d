/** What several subtasks without keys have become, and how any number of others share in it. */

import { UserError } from "../core/errors.ts";
import { timeFromSnapshot } from "../core/time.ts";
import type { OperatorSnapshot } from "./snapshot.ts";
import { behindAllValves } from "./valve-snapshot.ts";

/** As many shares as there are subtasks. Equally many go on as they were. UserError `state-of-subtasks`. */
export function sharesOf(
  snapshot: OperatorSnapshot,
  { operator, parallelism }: { operator: string; parallelism: number },
): readonly OperatorSnapshot[] {
  const { subtasks: parts = [snapshot], states } = snapshot;
  const types = states === undefined ? {} : { states };
  if (parts.length === parallelism) return parts.map((part) => ({ ...part, ...types }));
  if (parts.slice(parallelism).some(({ operatorState }) => operatorState !== undefined)) {
    throw new UserError({
      code: "state-of-subtasks",
      message: `${operator}: the snapshot has state of ${parts.length} subtasks, which cannot be divided among ${parallelism}`,
      hint: `give it \`setParallelism(${parts.length})\`, or more`,
    });
  }
  const { operatorState: _, ...common } = behindAll(parts);
  return Array.from({ length: parallelism }, (_, subtask) => {
    const operatorState = parts[subtask]?.operatorState;
    return { ...common, ...types, ...(operatorState === undefined ? {} : { operatorState }) };
  });
}

/** What each goes by that was none of them: a time to which all had come. */
function behindAll(parts: readonly OperatorSnapshot[]): OperatorSnapshot {
  const time = ({ watermark = "beginning" }: OperatorSnapshot): number => timeFromSnapshot(watermark);
  const slowest = parts.reduce((a, b) => (time(b) < time(a) ? b : a));
  const valves = parts.flatMap(({ inputs }) => inputs ?? []);
  return valves.length === 0 ? slowest : { ...slowest, inputs: behindAllValves(valves) };
}
