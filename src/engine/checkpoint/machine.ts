/** What the log has made so far, and what checkpoints are of: the engine behind its door, and the shards that work for it. */

import type { CapturePlan } from "./capture-plan.ts";
import type { Door, DoorChanges } from "../log/door.ts";
import type { Engine } from "../engine.ts";
import type { EngineCapture } from "./engine-capture.ts";
import type { ShardTeam } from "../shards/shard-team.ts";

export interface Machine {
  readonly engine: Engine;
  readonly door: Door;
  /** Those that do the engine's keyed work; null where it does it itself. */
  readonly shards: ShardTeam | null;
}

/** As it was at a barrier, but for the keys that are with shards: those have captured them. */
export interface MachineCapture {
  readonly engine: EngineCapture;
  readonly doors: readonly (readonly [stream: string, changes: DoorChanges])[];
  readonly plan: CapturePlan;
  readonly listsAt: number;
}
