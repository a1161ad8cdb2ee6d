/** The service of one life, over stores that are mortal as it is. */

import { EngineService } from "../../../src/engine/service/service.ts";
import type { Clock } from "../../../src/engine/ports.ts";
import type { LogProcessorOptions } from "../../../src/engine/log/log-processor-options.ts";
import type { ShardOptions } from "../../../src/engine/shards/shard-team.ts";
import { TwoPhaseWriter } from "../../../src/stream/sinks/two-phase-writer.ts";
import { memoryShards } from "../../support/memory-shards.ts";
import type { Random } from "../../support/oracle/random.ts";
import type { Character } from "./character.ts";
import { StoreFailure, type Life } from "./life.ts";
import type { MortalStores } from "./mortal-stores.ts";
import type { Tally } from "./tally.ts";

export interface MortalServiceOptions {
  readonly life: Life;
  readonly stores: MortalStores;
  readonly character: Character;
  /** Whether alerts go to a sink outside, too. */
  readonly hasSink: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly tally: Tally;
  readonly failed: (error: unknown) => void;
}

export function mortalService(options: MortalServiceOptions): EngineService {
  const { life, stores, character, hasSink, clock, tally, failed } = options;
  const tell = (_: object, message: string): void => tally.count(`told: ${message}`);
  const notices = { info: tell, warn: tell };
  if (character.parallelism > 1) tally.count("lives of several workers");
  return new EngineService({
    log: stores.log,
    alerts: stores.alerts,
    clock,
    patience: life,
    failed,
    sink: hasSink ? sinkOf(options, notices) : undefined,
    shards: character.parallelism > 1 ? shardsOf(options) : undefined,
    recovery: {
      store: stores.checkpoints,
      settings: character.settings,
      partSizes: character.partSizes,
      restarts: character.restarts,
      poison: { store: stores.poison, setsAside: true },
      scheduler: life,
      notices,
    },
  });
}

type SinkOptions = NonNullable<LogProcessorOptions["sink"]>;

function sinkOf({ life, stores }: MortalServiceOptions, notices: SinkOptions["notices"]): SinkOptions {
  return {
    mode: "two-phase",
    writer: (failed) => new TwoPhaseWriter({ sink: stores.sink, failed }),
    check: () => life.call("sink.check", () => undefined),
    patience: life,
    rest: life,
    notices,
  };
}

/** One dies now and then. */
function shardsOf({ life, character: { parallelism, failing }, random, tally }: MortalServiceOptions): ShardOptions {
  const before = (): void => {
    if (!random.chance(failing / 4)) return;
    tally.count("failed: shard");
    throw new StoreFailure("shard");
  };
  return memoryShards(parallelism, { wait: () => life.pass("shard"), before });
}
