/** What an event costs on its way through the service, stage by stage, in one process and without waiting for anybody. */

import { splitLines } from "../dist/core/lines.js";
import { parseJsonText } from "../dist/core/json.js";
import { admitAll } from "../dist/engine/log/admission.js";
import { Door } from "../dist/engine/log/door.js";
import { Engine } from "../dist/engine/engine.js";
import { decodeChunk, encodeChunk } from "../dist/store/chunk-codec.js";
import { chunkText } from "../dist/store/chunk-text.js";
import { textArray } from "../dist/store/text-array.js";
import { inChild } from "./in-child.mjs";
import { batches, busyRule, rareRules } from "./service/events.mjs";
import { percentile } from "./statistics.mjs";

const SIZE = 1000;
const COUNT = 400_000;
const RULES = [rareRules(1), rareRules(10), rareRules(100), busyRule()];
/** Batches that warm up. */
const WARM_UP = 50;
/** What the machine's other work has least part in. */
const QUIET_SHARE = 0.25;

export async function* measureStages({ quick }) {
  for (const { name, text, starts } of RULES) {
    const argument = { text, count: quick || starts.length > 10 ? COUNT / 4 : COUNT };
    const stages = await inChild({ module: import.meta.url, name: "measure", argument });
    yield {
      kind: "figure",
      name: `Stages of an event, ${name}`,
      figures: Object.entries(stages).map(([label, value]) => ({ label, value, unit: "µs" })),
      checked: true,
    };
  }
}

/** In a process of its own: microseconds per event of each stage, in a quiet batch. */
export async function measure({ text: source, count }) {
  const { bodies } = batches({ count, size: SIZE, rules: busyRule() });
  const engine = new Engine();
  const door = new Door();
  let offset = 0;
  engine.apply({ kind: "rules", offset: offset++, source });
  const { definition } = engine.stream("events");
  const times = {
    lines: [],
    parse: [],
    door: [],
    "chunk text": [],
    "deflate (aside)": [],
    engine: [],
    "alerts as rows": [],
    "read again": [],
  };
  const timed = async (stage, work) => {
    const began = process.hrtime.bigint();
    const result = await work();
    times[stage].push(Number(process.hrtime.bigint() - began) / 1000 / SIZE);
    return result;
  };
  for (const body of bodies) {
    const lines = await timed("lines", () => linesOf(body));
    const parsed = await timed("parse", () => lines.map(({ bytes }) => parseJsonText(bytes)));
    const run = { documents: parsed.map(({ value }) => value), texts: parsed.map(({ text }) => text) };
    const { events, texts } = await timed("door", () => admitAll(door, run, { definition, at: Date.now(), offset }));
    offset += events.length;
    const text = await timed("chunk text", () => Buffer.from(chunkText(events, texts)));
    const encoded = await timed("deflate (aside)", () => encodeChunk(events, texts));
    times["deflate (aside)"].push(Math.max(0, times["deflate (aside)"].pop() - times["chunk text"].at(-1)));
    const outputs = await timed("engine", () => {
      const all = [];
      for (const event of events) {
        door.applied(event);
        for (const output of engine.apply(event)) all.push(output);
      }
      return all;
    });
    await timed("alerts as rows", () => textArray(outputs.map(({ alert }) => JSON.stringify(alert))));
    await timed("read again", () => decodeChunk(encoded));
    if (text.length === 0) throw new Error("a chunk is not empty");
  }
  return Object.fromEntries(
    Object.entries(times).map(([stage, all]) => [stage, percentile(all.slice(WARM_UP), QUIET_SHARE)]),
  );
}

async function linesOf(body) {
  const all = [];
  for await (const lines of splitLines([body], 1 << 20)) all.push(...lines);
  return all;
}
