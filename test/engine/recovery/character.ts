/** What one life of a simulated service is like. */

import type { PartSizes } from "../../../src/engine/checkpoint/checkpoint-writer.ts";
import type { CheckpointSettings } from "../../../src/engine/checkpoint/checkpoint-settings.ts";
import type { RestartStrategy } from "../../../src/core/restart-strategy.ts";
import type { Random } from "../../support/oracle/random.ts";
import type { Fate } from "./life.ts";

export interface Character extends Fate {
  /** After so many sendings it is closed in order. */
  readonly requests: number;
  /** How often a checkpoint is asked for, and the log trimmed, at each sending. */
  readonly checkpoints: number;
  readonly trims: number;
  /** How many share the keyed work. */
  readonly parallelism: number;
  readonly settings: CheckpointSettings;
  readonly partSizes: PartSizes;
  readonly restarts: RestartStrategy;
}

export function randomCharacter(random: Random): Character {
  return {
    steps: random.between(1, random.pick([60, 300, 900])),
    failing: random.pick([0, 0, 0.03]),
    slow: random.pick([null, null, "log.append", "alerts.write", "checkpoints", "turn"]),
    requests: random.chance(0.15) ? random.between(1, 8) : Infinity,
    checkpoints: random.pick([0, 0.3, 0.6]),
    trims: random.pick([0, 0.2]),
    parallelism: random.pick([1, 1, 1, 1, 1, 2, 2, 3]),
    settings: {
      intervalMs: random.pick([null, 30, 100]),
      minPauseMs: random.pick([0, 5]),
      timeoutMs: random.pick([25, 1000, 1000]),
      tolerableFailures: random.pick([null, 0, 2]),
      retained: random.between(1, 3),
      onShutdown: random.chance(0.5),
    },
    partSizes: random.pick(PART_SIZES),
    restarts: random.pick(RESTARTS),
  };
}

/** Worlds have a handful of keys. */
const PART_SIZES: readonly PartSizes[] = [
  { keysInOnePartMax: 1000, keysInGroupsMin: 1000, changesKept: 4, keysAtOnce: 256 },
  { keysInOnePartMax: 1000, keysInGroupsMin: 1000, changesKept: 4, keysAtOnce: 1 },
  { keysInOnePartMax: 0, keysInGroupsMin: 0, changesKept: 2, keysAtOnce: 1 },
  { keysInOnePartMax: 2, keysInGroupsMin: 1, changesKept: 3, keysAtOnce: 2 },
];

const RESTARTS: readonly RestartStrategy[] = [
  { kind: "fixedDelay", attempts: 1, delayMs: 1 },
  { kind: "fixedDelay", attempts: 5, delayMs: 1 },
  { kind: "failureRate", failuresMax: 3, intervalMs: 10, delayMs: 1 },
  { kind: "exponential", initialMs: 1, maxMs: 4, resetMs: 10 },
];

/** One that nothing befalls. */
export const CALM: Character = {
  steps: Infinity,
  failing: 0,
  slow: null,
  requests: Infinity,
  checkpoints: 0.3,
  trims: 0,
  parallelism: 1,
  settings: {
    intervalMs: null,
    minPauseMs: 0,
    timeoutMs: 100_000,
    tolerableFailures: null,
    retained: 3,
    onShutdown: true,
  },
  partSizes: PART_SIZES[0]!,
  restarts: { kind: "fixedDelay", attempts: 10, delayMs: 1 },
};
