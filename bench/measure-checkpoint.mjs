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

const SHARES = [0.001, 0.01, 0.1, 1];
const CHUNK_RECORDS = 5000;

export async function* measureCheckpoint({ quick }) {
  const keys = quick ? 100_000 : 1_000_000;
  for (const kind of STORES) {
    const run = (name, count) => inChild({ module: import.meta.url, name, argument: { kind, count } });
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
    const machine = newMachine();
    const push = pusher(machine);
    for (let key = 0; key < count; key++) push(key);

    const writer = new CheckpointWriter(machine);
    const checkpoints = [await take("the first one: all", { id: 1, writer, store })];
    for (const [i, share] of SHARES.entries()) {
      for (let j = 0; j < count * share; j++) push(Math.floor(j / share));
      checkpoints.push(await take(`${share * 100} % changed`, { id: i + 2, writer, store }));
    }
    const elapsed = stopwatch();
    const recovered = await recover({ store, end: Infinity, shards: null });
    const times = elapsed();
    const { keys } = recovered.machine.engine.job.heldBy("rule idle v1");
    return { checkpoints, restore: { ...times, keys } };
  });
}

/** Applies the next event of a key. */
function pusher({ engine }) {
  let offset = 0;
  engine.apply({ kind: "rules", offset: offset++, source: RULE });
  return (key) => {
    const data = event(offset, { key: `k${key}`, type: "a", amount: key % 1000 });
    engine.apply({ kind: "event", offset: offset++, stream: "events", time: data.at, at: data.at, data });
  };
}

async function take(name, { id, writer, store }) {
  const began = performance.now();
  const capture = writer.capture();
  const pauseMs = performance.now() - began;
  const sinceCapture = stopwatch();
  const { parts, chunks } = await writer.encode(capture, async () => undefined);
  const encode = sinceCapture();
  const sinceEncoded = stopwatch();
  const said = { format: 1, id, kind: "checkpoint", name: null, offset: id, takenAt: 0, durationMs: 0, rules: [] };
  await store.save({ ...said, parts }, chunks);
  const save = sinceEncoded();
  writer.saved(capture, { parts, chunks });
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
