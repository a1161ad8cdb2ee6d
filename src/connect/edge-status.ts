/** An edge of a job over which work is handed on asynchronously: from a source's split into the task, and from the task to a sink. */

export interface EdgeStatus {
  /** A split, as `source/split`, or `task`. */
  readonly from: string;
  /** `task`, or a sink. */
  readonly to: string;
  /** That have been handed on since the job began, or was restarted last. */
  readonly records: number;
  /** What waits to be taken: batches of a split, values for a sink. */
  readonly queued: number;
  /** How much more may be sent before the sender must wait, in the same unit. */
  readonly credits: number;
  /** How long the sender has had to wait for credit since then. */
  readonly backpressuredMs: number;
}
