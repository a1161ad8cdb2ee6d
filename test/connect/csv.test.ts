import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { csvRecord, parseCsvRecord } from "../../src/connect/csv.ts";

function check(record: string, expected: readonly string[]): void {
  expect(parseCsvRecord(record)).toEqual(expected);
}

describe("a CSV record", () => {
  test("has fields divided by commas, empty ones too", () => {
    check("a,b,c", ["a", "b", "c"]);
    check("", [""]);
    check(",a,", ["", "a", ""]);
    check(" a , b ", [" a ", " b "]);
  });

  test("has anything inside of quotes, and a quote twice", () => {
    check('"a,b","c\r\nd","e ""f"""', ["a,b", "c\r\nd", 'e "f"']);
    check('"",""""', ["", '"']);
  });

  test("may be divided by something else", () => {
    expect(parseCsvRecord("a;b,c", { delimiter: ";" })).toEqual(["a", "b,c"]);
  });

  test("is refused with a quote out of place", () => {
    expect(() => parseCsvRecord('a"b')).toThrow('found a quote inside of "a\\"b"');
    expect(() => parseCsvRecord('"a"b,c')).toThrow('found "b" behind the quotes of field 1; expected the next field');
    expect(() => parseCsvRecord('a,"b')).toThrow("found no end of a field that begins with a quote");
  });

  test("is read as it was written", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", ";", '"', "\n", "\r", "é") });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), fc.constantFrom(",", ";", "\t"), (fields, delimiter) => {
        const line = csvRecord(fields, { delimiter });
        expect(parseCsvRecord(line.slice(0, -2), { delimiter })).toEqual(fields);
      }),
    );
  });
});
