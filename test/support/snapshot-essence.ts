/** What two snapshots of the same state have in common, however they came about. */

import type { EngineSnapshot } from "../../src/engine/checkpoint/snapshot.ts";

/**
 * But for what may be in a checkpoint for longer and does no harm, what is suppressed no more and identities that are too old; and
 * what is empty need not be there.
 */
export function essence(snapshot: EngineSnapshot): unknown {
  const { suppression: _, streams, job, ...rest } = snapshot;
  const operators = Object.entries(job?.operators ?? {}).map(
    ([name, { waiting = [], keyGroups = {}, ...operator }]) => {
      const groups = Object.entries(keyGroups).filter(([, keys]) => keys.length > 0);
      return [name, { ...operator, waiting, keyGroups: Object.fromEntries(groups) }];
    },
  );
  const known = streams.map(({ door: __, ...stream }) => stream);
  return JSON.parse(
    JSON.stringify({ ...rest, known, job: { ...job, operators: Object.fromEntries(operators) as object } }),
  );
}
