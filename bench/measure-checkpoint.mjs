/** What a checkpoint costs: how long no record is applied, and what is written, by how many keys have changed; and the way back. */

import { CheckpointWriter } from "../dist/engine/checkpoint-writer.js";
import { newMachine, savedMachine } from "../dist/engine/recovery.js";
import { inChild } from "./in-child.mjs";
import { event } from "./workloads/event.mjs";

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

export async function* measureCheckpoint({ quick }) {
  const keys = quick ? 100_000 : 1_000_000;
  const flags = ["--max-old-space-size=8192", "--max-semi-space-size=64"];
  const { checkpoints, restore, replay } = await inChild({
    module: import.meta.url,
    name: "measure",
    argument: keys,
    flags,
  });
  for (const { name, pauseMs, encodeMs, megabytes, written } of checkpoints) {
    yield {
      kind: "figure",
      name: `Checkpoint of ${keys} keys, ${name}`,
      figures: [
        { label: "pause", value: pauseMs, unit: "ms" },
        { label: "encoded in", value: encodeMs, unit: "ms" },
        { label: "chunks", value: megabytes, unit: "MB" },
        { label: "keys", value: written, unit: "" },
      ],
      checked: true,
    };
  }
  const isWhole = keys - restore.keys <= 1; // the last event waits for a later one
  yield {
    kind: "figure",
    name: `Restore of ${keys} keys`,
    figures: [
      { label: "in", value: restore.ms, unit: "ms" },
      { label: "then a record", value: 1e6 / replay.perSecond, unit: "µs" },
    ],
    checked: isWhole,
    fault: isWhole ? undefined : `${restore.keys} keys are there`,
  };
}

/** In a process of its own. */
export async function measure(keys) {
  let machine = newMachine();
  let offset = 0;
  machine.engine.apply({ kind: "rules", offset: offset++, source: RULE });
  let tick = 0;
  const push = (key) => {
    const data = event(tick++, { key: `k${key}`, type: "a", amount: key % 1000 });
    machine.engine.apply({ kind: "event", offset: offset++, stream: "events", time: data.at, at: data.at, data });
  };
  for (let key = 0; key < keys; key++) push(key);

  const chunks = new Map();
  let writer = new CheckpointWriter(machine);
  let parts = [];
  const take = async (name) => {
    const began = performance.now();
    const capture = writer.capture();
    const pauseMs = performance.now() - began;
    const encoded = await writer.encode(capture, async () => undefined);
    const encodeMs = performance.now() - began - pauseMs;
    writer.saved(capture, encoded);
    for (const { id, body } of encoded.chunks) chunks.set(id, body);
    parts = encoded.parts;
    const bytes = encoded.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
    const written = encoded.chunks.reduce((sum, chunk) => sum + chunk.keys, 0);
    return { name, pauseMs, encodeMs, megabytes: bytes / 1e6, written };
  };

  const checkpoints = [await take("the first one: all")];
  for (const share of SHARES) {
    for (let i = 0; i < keys * share; i++) push(Math.floor(i / share));
    checkpoints.push(await take(`${share * 100} % changed`));
  }

  const began = performance.now();
  const manifest = { offset, parts };
  async function* read() {
    for (const part of parts) for (const chunk of part.chunks) yield { part, chunk, body: chunks.get(chunk.id) };
  }
  machine = await savedMachine({ load: async () => ({ manifest, read }) }, 1);
  const restoredMs = performance.now() - began;
  const restored = machine.engine.job.status().operators["rule idle v1"].keys;
  const from = performance.now();
  const records = Math.min(keys, 200_000);
  for (let i = 0; i < records; i++) push(i);
  const seconds = (performance.now() - from) / 1000;
  return { checkpoints, restore: { ms: restoredMs, keys: restored }, replay: { perSecond: records / seconds } };
}
