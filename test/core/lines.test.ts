import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { splitLines, type LineOptions } from "../../src/core/lines.ts";

async function lines(chunks: readonly string[], bytesMax = 10): Promise<string[]> {
  const seen: string[] = [];
  const body = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })();
  for await (const completed of splitLines(body, { bytesMax })) {
    for (const line of completed) seen.push(line.kind === "line" ? line.bytes.toString() : `<${line.length} bytes>`);
  }
  return seen;
}

async function check(chunks: readonly string[], expected: readonly string[]): Promise<void> {
  expect(await lines(chunks)).toEqual(expected);
}

test("a line may come in many chunks, and a chunk may hold many lines", async () => {
  await check(["a", "b", "\nc\nd", "\n"], ["ab", "c", "d"]);
});

test("the last line needs no end", () => check(["a\nb"], ["a", "b"]));

test("an empty body has no lines, an empty line is one", async () => {
  await check([], []);
  await check([""], []);
  await check(["\n\na"], ["", "", "a"]);
});

test("CRLF ends a line too", () => check(["a\r", "\nb\r\n"], ["a", "b"]));

test("a line of just the limit is taken, one byte more is counted and let go", async () => {
  await check(["0123456789\n"], ["0123456789"]);
  await check(["01234567", "89a\nb\n"], ["<11 bytes>", "b"]);
  await check(["x".repeat(40), "x".repeat(40)], ["<80 bytes>"]);
});

test("where the chunks are cut does not matter", async () => {
  const text = fc.array(fc.constantFrom("\n", "\r\n", "a", "bc", "0123456789abc")).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (body, size) => {
      const cut = body.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      expect(await lines(cut)).toEqual(await lines([body]));
    }),
  );
});

async function ends(chunks: readonly string[], options: Partial<LineOptions>): Promise<number[]> {
  const seen: number[] = [];
  const body = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })();
  for await (const completed of splitLines(body, { bytesMax: 10, ...options }))
    seen.push(...completed.map(({ end }) => end));
  return seen;
}

test("a line says where it ends in the body", async () => {
  expect(await ends(["a\r\nb", "c\n\nlast"], {})).toEqual([3, 6, 7, 11]);
  expect(await ends(["b\n", "c"], { from: 100 })).toEqual([102, 103]);
  expect(await ends(["x".repeat(20), "\ny"], {})).toEqual([21, 22]);
});

test("inside of quotes a line goes on, however the chunks are cut, where that is asked for", async () => {
  const text = 'a,"b\nc"\n"d ""e\n"" f"\n"';
  for (let size = 1; size <= text.length; size++) {
    const cut = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
    expect(await ends(cut, { mayQuote: true })).toEqual([8, 21, 22]);
  }
  expect(await ends([text], {})).toEqual([5, 8, 15, 21, 22]);
});
