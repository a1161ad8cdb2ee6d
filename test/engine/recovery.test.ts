/** Whatever dies, each alert comes out once, as if nothing had been (S9.3, S9.19): lives and deaths from seeds. */

import { describe, expect, test } from "@jest/globals";
import { simulate } from "./recovery.simulation.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const SEEDS = Number(process.env["TRIPLINE_SEEDS"] ?? 100);
const AT_ONCE = 50;

describe("a service that dies between any two effects on its stores", () => {
  test.each(Array.from({ length: Math.ceil(SEEDS / AT_ONCE) }, (_, i) => SEED + i * AT_ONCE))(
    "seeds from %d on",
    async (first) => {
      let [fromCheckpoints, passedOver] = [0, 0];
      for (let seed = first; seed < first + AT_ONCE; seed++) {
        const calm = await simulate(seed, { deadly: false });
        const deadly = await simulate(seed, { deadly: true });
        expect({ seed, alerts: deadly.alerts }).toEqual({ seed, alerts: calm.alerts });
        fromCheckpoints += deadly.fromCheckpoints;
        passedOver += deadly.passedOver;
      }
      expect(fromCheckpoints).toBeGreaterThan(0);
      expect(passedOver).toBeGreaterThan(0);
    },
    120_000,
  );
});
