import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Json } from "../../src/core/event.ts";
import { jsonLengthAtMost } from "../../src/core/json-length.ts";

describe("how long JSON can be", () => {
  test.each<Json>([
    "\u0000\ud800",
    -1.2345678901234567e-308,
    false,
    null,
    [],
    {},
    [[1], "a"],
    JSON.parse('{"__proto__":{"a":1}}'),
  ])("%j is not longer", (value) => {
    expect(jsonLengthAtMost(value)).toBeGreaterThanOrEqual(JSON.stringify(value).length);
  });

  test("nothing is longer", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(jsonLengthAtMost(value as Json)).toBeGreaterThanOrEqual(JSON.stringify(value).length);
      }),
    );
  });

  test("a short text is known to be short", () => {
    expect(jsonLengthAtMost({ user: "ann" })).toBeLessThan(100);
  });
});
