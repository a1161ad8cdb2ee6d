/** Checkpoints in memory: a job goes on from them after a failure, as long as the process lives. */

import { assert } from "../../core/assert.ts";
import { checkCount } from "../../stream/checks.ts";
import type { JobSnapshot } from "./job-snapshot.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

/** Text by id: what is read is a copy. `retained` is how many are kept; default 1, since memory is not damaged. */
export function memorySnapshots({ retained = 1 }: { readonly retained?: number } = {}): SnapshotStore {
  checkCount({ what: "the `retained` of checkpoints in memory", value: retained });
  const texts = new Map<number, string>();
  return {
    list: async () => [...texts.keys()],
    async read(id) {
      const text = texts.get(id);
      assert(text !== undefined, `there is no checkpoint ${id}`);
      return JSON.parse(text) as JobSnapshot;
    },
    async write(snapshot) {
      texts.set(snapshot.id, JSON.stringify(snapshot));
      for (const id of [...texts.keys()].slice(0, -retained)) texts.delete(id);
    },
  };
}
