import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AssertionError } from "../../src/core/assert.ts";
import type { JsonObject } from "../../src/core/event.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { decodeChunk, encodeChunk } from "../../src/store/chunk-codec.ts";
import { chunkText } from "../../src/store/chunk-text.ts";
import { event } from "./samples.ts";

const VECTORS = new URL("../vectors/log/", import.meta.url);

describe("the encoding of chunks", () => {
  test.each([1, 2])("format %i is read as it was written (vectors are added and never edited)", async (format) => {
    const body = await readFile(new URL(`format-${format}.deflate`, VECTORS));
    const records = JSON.parse(await readFile(new URL(`format-${format}.json`, VECTORS), "utf8")) as LogRecord[];
    expect(await decodeChunk({ format, body })).toEqual(records);
  });

  test("gives back any record", async () => {
    // -0 is not JSON's to keep: what arrives as -0 is logged as 0.
    const data = fc
      .dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ noUnicodeString: false }))
      .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
    await fc.assert(
      fc.asyncProperty(fc.array(data, { minLength: 1 }), async (events) => {
        const records = events.map((one, offset) => event(offset, { data: one }));
        const encoded = await encodeChunk(records);
        expect(JSON.stringify(await decodeChunk(encoded))).toBe(JSON.stringify(records));
      }),
    );
  });

  test("gives back a chunk that is too big for one thread", async () => {
    const records = Array.from({ length: 2000 }, (_, offset) =>
      event(offset, { data: { n: offset, text: "é".repeat(offset % 50) } }),
    );
    expect(await decodeChunk(await encodeChunk(records))).toEqual(records);
  });

  test("says how big it is before compression", async () => {
    const records = [event(0)];
    expect((await encodeChunk(records)).rawBytes).toBe(chunkText(records, []).length);
  });

  test("does not read a later format, nor bytes that are damaged", async () => {
    const { format, body } = await encodeChunk([event(0)]);
    await expect(decodeChunk({ format: format + 1, body })).rejects.toThrow(AssertionError);
    body[body.length - 1]! ^= 1;
    await expect(decodeChunk({ format, body })).rejects.toThrow("incorrect data check");
  });
});
