/**
 * Where the engine begins: at the newest checkpoint that can be read, or at the beginning of the log. One that is torn, foreign or
 * of another log is told of, and the one before it is tried (S9.19).
 */

import { UserError } from "../../core/errors.ts";
import { isOfKeys, snapshotOf, type ReadPart } from "./checkpoint-parts.ts";
import type {
  CheckpointFault,
  CheckpointManifest,
  CheckpointPart,
  CheckpointStore,
  StoredCheckpoint,
} from "./checkpoint-port.ts";
import type { SinkPosition } from "../log/alert-sink.ts";
import type { RestoredRecord } from "../log/log-record.ts";
import type { Machine } from "./machine.ts";
import { Door } from "../log/door.ts";
import { Engine } from "../engine.ts";
import { NONE } from "../shards/shard.ts";
import { shareOf, unitedSnapshot } from "../shards/shard-snapshot.ts";
import { ShardTeam, type ShardOptions } from "../shards/shard-team.ts";
import type { ShardStart } from "../shards/shard-messages.ts";
import type { Notices } from "../ports.ts";

export interface Recovered {
  readonly machine: Machine;
  /** The next record to apply. */
  readonly offset: number;
  /** Null when there was none. */
  readonly from: CheckpointManifest | null;
  /** By the newest checkpoint whose manifest can be read, also when the rest of it cannot. */
  readonly sink: SinkPosition;
}

export interface RecoverySource {
  /** Absent where no checkpoints are taken. */
  readonly store?: CheckpointStore;
  /** Of the log. */
  readonly end: number;
  readonly notices?: Notices;
  readonly shards: ShardOptions | null;
}

/** One that has applied nothing. */
export function newMachine(): Machine {
  return { engine: new Engine(), door: new Door(), shards: null };
}

/** The same, where shards may do the keyed work. */
async function newSharedMachine(shards: ShardOptions | null): Promise<Machine> {
  if (shards === null) return newMachine();
  const engine = new Engine({ shard: NONE });
  return { engine, door: new Door(), shards: await openTeam(engine, shards, null) };
}

export async function recover({ store, end, notices, shards }: RecoverySource): Promise<Recovered> {
  let sink: SinkPosition | null = null;
  for (const entry of (await store?.list()) ?? []) {
    if (entry.kind !== "checkpoint") continue; // a savepoint is restored when somebody says so
    const { id } = entry;
    try {
      if ("fault" in entry) throw entry.fault;
      if (entry.summary.offset > end) throw aheadOfLog(entry.summary.offset, end);
      sink ??= { offset: entry.summary.offset, transactions: entry.summary.sinkTransactions ?? [] };
      const stored = await store!.load(id);
      const machine = await machineOf(stored, { shards });
      const { offset } = stored.manifest;
      notices?.info({ checkpoint: id, offset, logEnd: end }, "going on from a checkpoint");
      return { machine, offset, from: stored.manifest, sink };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notices?.warn(
        { checkpoint: id, place: store!.place, code: error.code, reason: error.message },
        "a checkpoint cannot be used; the one before it is tried",
      );
    }
  }
  if (store !== undefined && end > 0) {
    notices?.warn({ logEnd: end }, `no checkpoint in ${store.place} to go on from; the log is read from its beginning`);
  }
  return {
    machine: await newSharedMachine(shards),
    offset: 0,
    from: null,
    sink: sink ?? { offset: 0, transactions: [] },
  };
}

/** CheckpointFault, or UserError `foreign-snapshot`. */
export async function savedMachine(store: CheckpointStore, id: number, how: RestoreOptions): Promise<Machine> {
  return await machineOf(await store.load(id), how);
}

export interface RestoreOptions {
  readonly shards: ShardOptions | null;
  /** In place of which engine; absent where there was none. */
  readonly before?: Engine;
}

/** As it was. CheckpointFault, or UserError `foreign-snapshot`. */
async function machineOf(stored: StoredCheckpoint, { shards, before }: RestoreOptions): Promise<Machine> {
  const { offset } = stored.manifest;
  const parts = await partsOf(stored);
  const keys = shards === null ? [] : parts.filter(({ part }) => isOfKeys(part)); // shards decode them
  const snapshot = snapshotOf(offset, shards === null ? parts : parts.filter(({ part }) => !isOfKeys(part)));
  const engine = new Engine(shards === null ? {} : { shard: NONE });
  const door = new Door();
  engine.restore(shards === null ? snapshot : shareOf(snapshot, NONE));
  for (const stream of snapshot.streams) {
    if (stream.door !== null) door.restore(engine.stream(stream.name)!.definition, stream.door);
  }
  if (before !== undefined) engine.replace(before);
  if (shards === null) return { engine, door, shards };
  const control = engine.snapshot(offset, () => null);
  const start = { snapshot: unitedSnapshot(control, [snapshot]), keys };
  return { engine, door, shards: await openTeam(engine, shards, start) };
}

async function openTeam(engine: Engine, shards: ShardOptions, start: ShardStart | null): Promise<ShardTeam> {
  const team = await ShardTeam.open(shards, start);
  try {
    engine.elsewhere.heard(await team.figures());
    return team;
  } catch (error) {
    await team.close();
    throw error;
  }
}

async function partsOf(stored: StoredCheckpoint): Promise<readonly ReadPart[]> {
  const bodies = new Map<CheckpointPart, Uint8Array[]>(stored.manifest.parts.map((part) => [part, []]));
  for await (const { part, body } of stored.read()) bodies.get(part)!.push(body);
  return [...bodies].map(([part, read]) => ({ part, bodies: read }));
}

function aheadOfLog(offset: number, end: number): UserError {
  return new UserError({
    code: "checkpoint-foreign",
    message: `it is of offset ${offset}, and the log ends at ${end}: it belongs to another log`,
  });
}

/** For a log that begins anew at a savepoint that is gone. */
export function cannotPass(
  { name, offset }: Pick<RestoredRecord, "name" | "offset">,
  fault: CheckpointFault,
): UserError {
  return new UserError({
    code: "savepoint-missing",
    message: `at offset ${offset} of the log the savepoint \`${name}\` was restored, and it cannot be read any more: ${fault.message}`,
    hint: "bring the checkpoints from after that offset back, or the savepoint",
  });
}

/** For a log that does not reach back to its beginning any more, or to the newest checkpoint that can be used. */
export function noWayBack({ message }: UserError, from: CheckpointManifest | null): UserError {
  const why =
    from === null
      ? "no checkpoint can be used, and without one the log is read from its beginning"
      : `the newest checkpoint that can be used is of offset ${from.offset}, and the log is read from there`;
  return new UserError({
    code: "no-checkpoint",
    message: `${why}: ${message}`,
    hint: "bring a checkpoint back that is as old as the log's beginning or newer; the service's log says why those that are there cannot be used",
  });
}
