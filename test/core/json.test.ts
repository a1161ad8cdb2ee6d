import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { findJsonFault } from "../../src/core/json-fault.ts";
import { parseJson } from "../../src/core/json.ts";

function refusal(bytes: Buffer): unknown {
  try {
    return parseJson(bytes);
  } catch (error) {
    return error;
  }
}

function check(text: string, message: string): void {
  expect(refusal(Buffer.from(text))).toMatchObject({ code: "bad-json", message });
}

describe("a text that is not JSON is told with its place, what was found and what was expected", () => {
  test.each([
    ["", "line 1, column 1: found the end of the text, expected a value"],
    ["abc", 'line 1, column 1: found "abc", expected a value'],
    ["{", "line 1, column 2: found the end of the text, expected a field name in double quotes or `}`"],
    ['{"a" 1}', 'line 1, column 6: found "1", expected `:` after the field name'],
    ['{"a":1,}', 'line 1, column 8: found "}", expected a field name in double quotes'],
    ['{"a":1 "b":2}', 'line 1, column 8: found "\\"", expected `,` or `}`'],
    ["{'a':1}", 'line 1, column 2: found "\'", expected a field name in double quotes or `}`'],
    ["[1,]", 'line 1, column 4: found "]", expected a value'],
    ["[1 2]", 'line 1, column 4: found "2", expected `,` or `]`'],
    ["[}", 'line 1, column 2: found "}", expected a value or `]`'],
    ['{"a":\n  tru}', 'line 2, column 3: found "tru", expected a value'],
    ['{"a":1} {"b":2}', 'line 1, column 9: found "{", expected the end of the text'],
    ["01", 'line 1, column 2: found "1", expected the end of the text'],
    ['"\\x"', 'line 1, column 2: found "\\\\", expected an escape that JSON knows'],
    ['"a\nb"', 'line 1, column 3: found "\\n", expected the closing `"` (control characters are written as escapes)'],
    ["NaN", 'line 1, column 1: found "NaN", expected a value'],
  ])("%j", (text, message) => check(text, `not JSON at ${message}`));
});

test("what JSON.parse takes is taken", () => {
  expect(parseJson(Buffer.from('\ufeff{"a":[1,-2.5e3,"\\u00e9"],"a":null}'))).toEqual({ a: null });
});

test("bytes that are not UTF-8 are refused", () => {
  expect(refusal(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ code: "bad-encoding" });
});

test("the scanner and JSON.parse agree on every text", () => {
  const nearly = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", "}", "]", ",", '"', "1", "\\", "\u0001", "e", "-"))
    .map(
      ([json, at, noise]) => json.slice(0, at % (json.length + 1)) + noise + json.slice((at + 1) % (json.length + 1)),
    );
  fc.assert(
    fc.property(nearly, (text) => {
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      expect(findJsonFault(text) === null).toBe(parses);
    }),
    { numRuns: 500 },
  );
});
