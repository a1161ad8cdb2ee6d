import { describe, expect, test } from "@jest/globals";

import { generateTraffic } from "../../../src/app/demo/generate.ts";
import { createEngine, type Output, parseRules } from "../../../src/index.ts";
import { filesUnder, read } from "../../support/project.ts";

const hour = { from: Date.parse("2026-03-01T09:00:00Z"), to: Date.parse("2026-03-01T10:00:00Z") };
const OUT_OF_ORDERNESS_MS = 10_000;

const shopRules = ["authentication", "operations", "payments"]
  .flatMap((topic) => filesUnder(`rules/${topic}`, ".rule"))
  .map(read);

function nameOf(output: Output): string {
  return output.kind === "alert" ? `${output.alert.rule} ${JSON.stringify(output.alert.key)}` : "a late event";
}

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
    const found = new Set<string>();
    for (const rules of shopRules) {
      const engine = createEngine({ rules });
      const [stream] = parseRules(rules).streams;
      const own = arrivals.filter((arrival) => arrival.stream === stream!.name);
      const outputs = own.flatMap(({ document }) => engine.push(stream!.name, document));
      for (const output of [...outputs, ...engine.watermark(stream!.name, "end")]) found.add(nameOf(output));
    }
    const hidden = planted.map(({ rule, key }) => `${rule} ${JSON.stringify(key)}`);
    expect([...found].sort()).toEqual(hidden.sort());
  });
});
