/** Checkpoints as a service of the tests takes them, where the test says nothing else: as the service does by itself. */

import type { CheckpointSettings } from "../../src/engine/checkpoint/checkpoint-settings.ts";

export const DEFAULT_CHECKPOINT_SETTINGS: CheckpointSettings = {
  intervalMs: 10_000,
  minPauseMs: 1_000,
  timeoutMs: 600_000,
  tolerableFailures: null,
  retained: 3,
  onShutdown: true,
};
