/** Where checkpoints are kept: a port, and the way back to the newest one that is whole. */

import { UserError } from "../../core/errors.ts";
import { checkJobSnapshot, type JobSnapshot } from "./job-snapshot.ts";

export interface SnapshotStore {
  /** All that there are, damaged ones too, in ascending order. */
  list(): Promise<readonly number[]>;
  /** UserError for one that is not to the byte what was written; anything else is the store's own failure, which may pass. */
  read(id: number): Promise<JobSnapshot>;
  /** All of it is durable when the promise resolves, or nothing ever is. What is beyond the number retained goes, the oldest first. */
  write(snapshot: JobSnapshot): Promise<void>;
}

/** Told of each checkpoint that was passed over, and why. */
export type PassedOver = (id: number, error: UserError) => void;

/** Null when there is none at all. UserError `no-whole-checkpoint` when there are some, and none can be read. */
export async function newestWhole(store: SnapshotStore, passedOver: PassedOver): Promise<JobSnapshot | null> {
  const ids = await store.list();
  for (const id of ids.toReversed()) {
    try {
      const snapshot = await store.read(id);
      checkJobSnapshot(snapshot);
      return snapshot;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      passedOver(id, error);
    }
  }
  if (ids.length === 0) return null;
  throw new UserError({
    code: "no-whole-checkpoint",
    message: `none of the ${ids.length} checkpoints that are there can be read`,
    hint: "begin anew with another store, and mind that sinks have what was written before",
  });
}
