import { describe, expect, test } from "@jest/globals";
import { Writable } from "node:stream";
import { callbackSink, consoleSink, csvFormat, execute, sequence } from "../../../src/connect/index.ts";
import { StreamEnvironment, type IdempotentSink } from "../../../src/stream/index.ts";

async function numbersInto(sink: IdempotentSink<number>, to: number): Promise<void> {
  const env = new StreamEnvironment();
  env.fromSource("numbers", sequence({ from: 1, to }), { timestamp: (n) => n }).sinkTo(sink);
  await execute(env).finished;
}

/** Takes a few bytes at a time, so that whoever writes has to wait. */
class SlowTerminal extends Writable {
  text = "";
  pending = 0;

  constructor() {
    super({ highWaterMark: 8, decodeStrings: false });
  }

  override _write(text: string, _: BufferEncoding, done: () => void): void {
    this.text += text;
    this.pending = Math.max(this.pending, this.writableLength);
    setImmediate(done);
  }
}

describe("a console sink", () => {
  test("writes a line for each value, and waits for a slow terminal", async () => {
    const terminal = new SlowTerminal();
    await numbersInto(consoleSink({ to: terminal }), 2500);
    expect(terminal.text).toBe(Array.from({ length: 2500 }, (_, i) => `${i + 1}\n`).join(""));
    expect(terminal.pending).toBeLessThan(10_000);
    expect(terminal.destroyed).toBe(false);
  });

  test("writes texts as they are, and what a format makes of a value", async () => {
    const terminal = new SlowTerminal();
    await consoleSink<unknown>({ to: terminal }).write(["a", { b: 1 }, [2]]);
    const format = csvFormat<number>({ columns: { n: (n) => n } });
    await numbersInto(consoleSink({ format, to: terminal }), 2);
    expect(terminal.text).toBe('a\n{"b":1}\n[2]\nn\r\n1\r\n2\r\n');
  });
});

describe("a callback sink", () => {
  test("is called with all values in order, one call after the other", async () => {
    const seen: number[] = [];
    let underWay = 0;
    const sink = callbackSink<number>(async (values) => {
      expect(underWay++).toBe(0);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(...values);
      underWay--;
    });
    await numbersInto(sink, 5000);
    expect(seen).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });

  test("makes the job fail as it does", async () => {
    const sink = callbackSink<number>(() => {
      throw new Error("not today");
    });
    await expect(numbersInto(sink, 5)).rejects.toThrow("sink sink-1: not today");
  });
});
