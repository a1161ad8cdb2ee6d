/** When checkpoints are taken, and what becomes of those that fail; the words are Flink's. */

export interface CheckpointSettings {
  /** From the beginning of one to that of the next; null: none is taken by itself. */
  readonly intervalMs: number | null;
  /** At least so long after the end of one. */
  readonly minPauseMs: number;
  /** One that takes longer has failed. */
  readonly timeoutMs: number;
  /** In a row; after more of them the engine has failed. Null: any number, which is told. */
  readonly tolerableFailures: number | null;
  /** The newest so many are kept. */
  readonly retained: number;
  /** One more when the service is stopped in order. */
  readonly onShutdown: boolean;
}
