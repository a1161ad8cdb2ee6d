/** Logs from a seed over rules of every kind, with many keys: what one engine makes of them, and what shards do together. */

import type { JsonObject } from "../../src/core/event.ts";
import type { CapOptions } from "../../src/engine/rules/caps.ts";
import { Door } from "../../src/engine/log/door.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { LogRecord, UnloggedRecord } from "../../src/engine/log/log-record.ts";
import type { Output } from "../../src/engine/output.ts";
import { NONE, shardOf } from "../../src/engine/shards/shard.ts";
import { shareOf, unitedSnapshot } from "../../src/engine/shards/shard-snapshot.ts";
import type { EngineSnapshot } from "../../src/engine/checkpoint/snapshot.ts";
import { Random } from "./oracle/random.ts";
import { randomLog, type Act } from "./random-log.ts";

const MORE_RULES = `
  rule pane { from s  key by k  window { sliding 6ms every 2ms  trigger every 2 events }  emit { n = count(), all = count_distinct(id) }  suppress 3ms by k }
  rule visits { from s  key by k, t  window { session gap 3ms  allow lateness 4ms  having count() > 1 }  emit { n = count() } }
  rule daily { from s, r  key by k  window { tumbling 5ms }  emit { least = min(id) }  suppress 20ms }
  rule third { from s  window { count 3 }  emit { n = count() } }
  rule faulty { from s where t < k or t == "a"  key by k  pattern { begin a where id > 3 } emit { x = t + k } suppress 4ms by k }
  rule wide { from s  key by k  pattern { begin a followedByAny b where t == a.t  followedByAny c  within 40ms  skip none } }`;

/** Small, so that both are hit. */
export const CAPS = { partialMatchesPerKeyMax: 6, partialMatchesPerRuleMax: 512 };

const HELD = ["absent", "held", "visits", "pane", "changing"];

function acts(seed: number, length: number): readonly Act[] {
  const random = new Random(seed);
  const paused = new Set<string>();
  const [streams, rules, ...rest] = randomLog(seed, length);
  const more = rest.flatMap((act): Act[] => {
    const spread = act.kind === "push" ? [{ ...act, event: withKey(act.event, random) }] : [act];
    if (!random.chance(0.06)) return spread;
    const name = random.pick(HELD);
    return [...spread, hold(name, paused)];
  });
  const put: Act = { kind: "log", record: { kind: "rules", source: MORE_RULES } };
  const drain = more.map((act): Act =>
    act.kind === "log" && act.record.kind === "rules" && random.chance(0.6)
      ? { kind: "log", record: { ...act.record, onChange: "drain" } }
      : act,
  );
  return [streams!, rules!, put, ...drain];
}

function withKey(event: JsonObject, random: Random): JsonObject {
  return random.chance(0.05)
    ? { ...event, k: null }
    : { ...event, k: random.pick([1, 2, 3, "1", "x", "yy", 40, 501, 6002, "zebra", true]) };
}

function hold(name: string, paused: Set<string>): Act {
  const kind = paused.delete(name) ? "ruleResumed" : "rulePaused";
  if (kind === "rulePaused") paused.add(name);
  return { kind: "log", record: { kind, name } };
}

export interface RunOnce {
  readonly records: readonly LogRecord[];
  /** By record. */
  readonly outputs: readonly (readonly Output[])[];
  /** After each record. */
  readonly snapshots: readonly EngineSnapshot[];
}

/** By one engine. */
export function runOfOne(seed: number, length: number, caps: CapOptions = CAPS): RunOnce {
  const engine = new Engine({ caps });
  const door = new Door();
  const records: LogRecord[] = [];
  const outputs: Output[][] = [];
  const snapshots: EngineSnapshot[] = [];
  for (const act of acts(seed, length)) {
    const record = recordOf(act, { engine, door, offset: records.length });
    if (record === null) continue;
    records.push(record);
    outputs.push(engine.apply(record));
    snapshots.push(snapshotOf(engine, records.length));
  }
  return { records, outputs, snapshots };
}

/** Null for what no log takes. */
function recordOf(
  act: Act,
  { engine, door, offset }: { readonly engine: Engine; readonly door: Door; readonly offset: number },
): LogRecord | null {
  if (act.kind === "log") return isApplicable(act.record, engine) ? { ...act.record, offset } : null;
  const { stream, event, partition } = act;
  const { definition } = engine.stream(stream)!;
  const admission = door.admit(definition, event, { at: event["at"] as number, partition, offset });
  if (admission.kind !== "accepted") return null;
  door.applied(admission.record);
  return admission.record;
}

function isApplicable(record: UnloggedRecord, engine: Engine): boolean {
  switch (record.kind) {
    case "rulePaused":
    case "ruleResumed": {
      const rule = engine.rules.get(record.name);
      return rule !== undefined && rule.runtime.isPaused === (record.kind === "ruleResumed");
    }
    case "ruleRemoved":
      return engine.rules.get(record.name) !== undefined;
    case "event":
    case "watermark":
    case "tick":
    case "rules":
    case "restored":
    case "list":
      return true;
  }
}

function snapshotOf(engine: Engine, nextOffset: number): EngineSnapshot {
  return JSON.parse(JSON.stringify(engine.snapshot(nextOffset, () => null))) as EngineSnapshot;
}

/** Engines that share the keyed work, and one that does none of it and settles. */
export class ShardTeam {
  readonly #control = new Engine({ caps: CAPS, shard: NONE });
  readonly #shards: readonly Engine[];

  constructor(count: number, snapshot?: EngineSnapshot) {
    this.#shards = Array.from({ length: count }, (_, index) => {
      const shard = shardOf(index, count);
      const engine = new Engine({ caps: CAPS, shard });
      if (snapshot !== undefined) engine.restore(shareOf(snapshot, shard));
      return engine;
    });
    if (snapshot !== undefined) this.#control.restore(shareOf(snapshot, NONE));
  }

  apply(record: LogRecord): Output[] {
    // As between threads.
    const answers = structuredClone(this.#shards.map((shard) => shard.advance(record)));
    return this.#control.settle(record, [...answers, this.#control.advance(record)]);
  }

  snapshot(nextOffset: number): EngineSnapshot {
    const shards = this.#shards.map((shard) => snapshotOf(shard, nextOffset));
    return unitedSnapshot(snapshotOf(this.#control, nextOffset), shards);
  }
}
