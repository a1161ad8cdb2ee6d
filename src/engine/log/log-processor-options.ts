/** What the way from the log through the engine is made with. */

import type { RestartStrategy } from "../../core/restart-strategy.ts";
import type { AlertSinkOptions } from "./alert-sink.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-port.ts";
import type { CheckpointSettings } from "../checkpoint/checkpoint-settings.ts";
import type { PartSizes } from "../checkpoint/checkpoint-writer.ts";
import type { PoisonStore } from "../checkpoint/poison.ts";
import type { AlertWriter, Clock, EventLog, Notices, Patience, Scheduler } from "../ports.ts";
import type { ShardOptions } from "../shards/shard-team.ts";

export interface LogProcessorOptions {
  readonly log: EventLog;
  readonly alerts: AlertWriter;
  readonly clock: Clock;
  readonly patience: Patience;
  /** A record that the engine could not take: a bug of ours. Processing stops there; nothing after it is applied. */
  readonly failed: (error: unknown) => void;
  /** Without it, each start reads the whole log, and the first failure is the last. */
  readonly recovery?: RecoveryOptions | undefined;
  /** Where alerts go beside the alert store; without it, nowhere. */
  readonly sink?: AlertSinkOptions | undefined;
  /** Who does the keyed work; without it, the engine does all of it. */
  readonly shards?: ShardOptions | undefined;
}

export interface RecoveryOptions {
  readonly store: CheckpointStore;
  readonly settings: CheckpointSettings;
  /** How the state is cut up in checkpoints; by default, as is good for much of it. */
  readonly partSizes?: PartSizes;
  readonly restarts: RestartStrategy;
  /** Records that were set aside, and whether more are; null: there are none, and will be none. */
  readonly poison: { readonly store: PoisonStore; readonly setsAside: boolean } | null;
  readonly scheduler: Scheduler;
  readonly notices: Notices;
}

/** How far the log has come; each offset is that after the last record. */
export interface LogProgress {
  /** Durable. */
  readonly end: number;
  /** Through the engine. */
  readonly applied: number;
  /** What came of them is stored. */
  readonly written: number;
  readonly isReplaying: boolean;
  /** When the oldest record became durable whose outputs are not stored, epoch milliseconds; null when all are. */
  readonly waitingSince: number | null;
}
