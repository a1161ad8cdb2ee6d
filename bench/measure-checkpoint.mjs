/**
 * What a checkpoint costs, by how many keys have changed: how long no record is applied, how long it is written, and how much;
 * and the way back: its restore, and the log read through the engine. For each store.
 */

import { systemClock } from "../dist/app/system-clock.js";
import { CheckpointWriter } from "../dist/engine/checkpoint/checkpoint-writer.js";
import { newMachine, recover } from "../dist/engine/checkpoint/recovery.js";
import { EngineService } from "../dist/engine/service/service.js";
import { inChild } from "./in-child.mjs";
import { stopwatch } from "./stopwatch.mjs";
import { STORES, withStores } from "./stores.mjs";
import { event } from "./workloads/event.mjs";
import { keyedEvents, sequenceRule } from "./workloads/keyed-sequence.mjs";

const RULE = `
  stream events { time at  watermark ascending }
  rule idle {
    from events
    key by key
    pattern {
      begin a where type == "a"
      followedBy b where type == "b"
      within 7d
      skip toNext
    }
  }`;

const SHARES = [0.001, 0.01, 0.1];
const CHUNK_RECORDS = 5000;

export async function* measureCheckpoint({ quick }) {
  const keys = quick ? 100_000 : 1_000_000;
  for (const kind of STORES) {
    const run = (name, count) =>
      inChild({ module: import.meta.url, name, argument: { kind, count }, flags: ["--expose-gc"] });
    const { checkpoints, restore } = await run("takeAndRestore", keys);
    for (const taken of checkpoints) yield takenRow(kind, { keys, taken });
    yield restoreRow(kind, { keys, restore });
    if (kind !== "file") yield replayRow(kind, await run("replay", keys)); // its log is the one in memory
  }
}

function takenRow(kind, { keys, taken: { name, pauseMs, encode, save, bytes, written } }) {
  return {
    kind: "figure",
    name: `Checkpoint of ${keys} keys, ${kind}, ${name}`,
    figures: [
      { label: "pause", value: pauseMs, unit: "ms" },
      { label: "encoded in", value: 1000 * encode.wall, unit: "ms" },
      { label: "saved in", value: 1000 * save.wall, unit: "ms" },
      { label: "CPU", value: 1000 * (encode.user + encode.system + save.user + save.system), unit: "ms" },
      { label: "written", value: bytes / 1e6, unit: "MB" },
      { label: "of keys", value: written, unit: "" },
    ],
    checked: true,
  };
}

function restoreRow(kind, { keys, restore }) {
  const isWhole = keys - restore.keys <= 1; // the last event waits for a later one
  return {
    kind: "figure",
    name: `Restore of ${keys} keys, ${kind}`,
    figures: [
      { label: "in", value: restore.wall, unit: "s" },
      { label: "CPU", value: restore.user + restore.system, unit: "s" },
    ],
    checked: isWhole,
    fault: isWhole ? undefined : `${restore.keys} keys are there`,
  };
}

function replayRow(kind, { records, applied, wall, user, system }) {
  const isWhole = applied === records;
  return {
    kind: "figure",
    name: `Replay of ${records} records, ${kind}`,
    figures: [
      { label: "records/s", value: records / wall, unit: "" },
      { label: "CPU of a record", value: (1e6 * (user + system)) / records, unit: "µs" },
    ],
    checked: isWhole,
    fault: isWhole ? undefined : `${applied} records were applied`,
  };
}

/** In a process of its own. */
export function takeAndRestore({ kind, count }) {
  return withStores(kind, async ({ checkpoints: store }) => {
    const { taken, offset } = await fill(store, count);
    globalThis.gc(); // a start has no other engine beside it
    const elapsed = stopwatch();
    const { machine, from } = await recover({ store, end: Infinity, shards: null });
    const restore = { ...elapsed(), keys: machine.engine.job.heldBy("rule idle v1").keys };

    const writer = new CheckpointWriter(machine, from.parts);
    pushKeys(machine, { offset, keys: Array.from({ length: count }, (_, key) => key) });
    const all = await take("100 % changed", { writer, store, offset: offset + count });
    return { checkpoints: [...taken, all], restore };
  });
}

/** An engine with an event of each key, and its checkpoints, the first and with a share of the keys changed. */
async function fill(store, count) {
  const machine = newMachine();
  machine.engine.apply({ kind: "rules", offset: 0, source: RULE });
  let offset = pushKeys(machine, { offset: 1, keys: Array.from({ length: count }, (_, key) => key) });
  const writer = new CheckpointWriter(machine);
  const taken = [await take("the first one: all", { writer, store, offset })];
  for (const share of SHARES) {
    const keys = Array.from({ length: count * share }, (_, i) => Math.floor(i / share));
    offset = pushKeys(machine, { offset, keys });
    taken.push(await take(`${share * 100} % changed`, { writer, store, offset }));
  }
  return { taken, offset };
}

/** Applies an event of each of the keys; gives the offset after them. */
function pushKeys({ engine }, { offset, keys }) {
  for (const [i, key] of keys.entries()) {
    const data = event(offset + i, { key: `k${key}`, type: "a", amount: key % 1000 });
    engine.apply({ kind: "event", offset: offset + i, stream: "events", time: data.at, at: data.at, data });
  }
  return offset + keys.length;
}

async function take(name, { writer, store, offset }) {
  const began = performance.now();
  const capture = writer.capture();
  const pauseMs = performance.now() - began;
  const sinceCapture = stopwatch();
  const encoded = await writer.encode(capture, async () => undefined);
  const encode = sinceCapture();
  const sinceEncoded = stopwatch();
  const id = (await store.lastId()) + 1;
  const said = { format: 1, id, kind: "checkpoint", name: null, offset, takenAt: 0, durationMs: 0, rules: [] };
  const { parts, chunks } = encoded;
  await store.save({ ...said, parts }, chunks);
  const save = sinceEncoded();
  writer.saved(capture, encoded);
  const sum = (field) => chunks.reduce((total, chunk) => total + chunk[field], 0);
  return { name, pauseMs, encode, save, bytes: sum("bytes"), written: sum("keys") };
}

/** In a process of its own: a service reads its log, with W1's rule in it. */
export function replay({ kind, count }) {
  return withStores(kind, async (stores) => {
    const source = sequenceRule("followedBy", "stream events { time at  watermark ascending }");
    await stores.log.append([{ kind: "rules", offset: 0, source }]);
    const records = keyedEvents({ count, keys: 10_000 }).map((data, i) => {
      return { kind: "event", offset: 1 + i, stream: "events", time: data.at, at: data.at, data };
    });
    for (let from = 0; from < count; from += CHUNK_RECORDS) {
      await stores.log.append(records.slice(from, from + CHUNK_RECORDS));
    }
    const refuse = (error) => {
      throw error;
    };
    const { log, alerts } = stores;
    const patience = { beforeRetry: async (_, error) => refuse(error) };
    const service = new EngineService({ log, alerts, clock: systemClock, patience, failed: refuse });
    const elapsed = stopwatch();
    await service.open();
    const times = elapsed();
    const { applied } = service.status();
    await service.close();
    return { ...times, records: count + 1, applied };
  });
}
