import { describe, expect, test } from "@jest/globals";

import { generateTraffic } from "../../../src/app/demo/generate.ts";
import { createEngine, parseRules } from "../../../src/index.ts";
import { filesUnder, read } from "../../support/project.ts";

const hour = { from: Date.parse("2026-03-01T09:00:00Z"), to: Date.parse("2026-03-01T10:00:00Z") };
const OUT_OF_ORDERNESS_MS = 10_000;

describe("generateTraffic", () => {
  test("a seed gives the same hour every time, and another seed another", () => {
    expect(generateTraffic({ seed: 7, ...hour })).toEqual(generateTraffic({ seed: 7, ...hour }));
    expect(generateTraffic({ seed: 8, ...hour })).not.toEqual(generateTraffic({ seed: 7, ...hour }));
  });

  test("events arrive in order of arrival, after they happened, and within the streams' out-of-orderness", () => {
    const { arrivals } = generateTraffic({ seed: 7, ...hour });
    const delays = arrivals.map(({ time, arrivesAt }) => arrivesAt - time);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(OUT_OF_ORDERNESS_MS);
    expect(arrivals.map(({ arrivesAt }) => arrivesAt)).toEqual(
      arrivals.map(({ arrivesAt }) => arrivesAt).toSorted((a, b) => a - b),
    );
    expect(arrivals.some(({ time }, index) => time < (arrivals[index - 1]?.time ?? time))).toBe(true);
  });

  test.each([1, 2, 3])("of seed %i, the bundled rules find what is hidden and nothing else", (seed) => {
    const { arrivals, planted } = generateTraffic({ seed, ...hour });
    const rules = ["authentication", "operations", "payments"]
      .flatMap((topic) => filesUnder(`rules/${topic}`, ".rule"))
      .map(read);
    const streams = new Set(arrivals.map(({ stream }) => stream));
    const outputs = rules.flatMap((text) => {
      const engine = createEngine({ rules: text });
      const read = parseRules(text).streams.filter(({ name }) => streams.has(name));
      return read.flatMap(({ name }) => [
        ...arrivals.filter(({ stream }) => stream === name).flatMap(({ document }) => engine.push(name, document)),
        ...engine.watermark(name, "end"),
      ]);
    });
    const found = outputs.map((output) =>
      output.kind === "alert" ? `${output.alert.rule} ${output.alert.key}` : "late",
    );
    expect([...new Set(found)].sort()).toEqual(planted.map(({ rule, key }) => `${rule} ${key}`).sort());
  });
});
