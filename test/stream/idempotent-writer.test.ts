import { describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { IdempotentWriter } from "../../src/stream/sinks/idempotent-writer.ts";
import { settled } from "../support/scheduler.ts";

/** A sink whose writes come to an end one by one, when the test says so; null is a success. */
class ManualSink {
  readonly written: number[] = [];
  readonly #waiting: ((error: Error | null) => void)[] = [];
  isClosed = false;

  write(values: readonly number[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((error) => {
        if (error !== null) return reject(error);
        this.written.push(...values);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  async end(error: Error | null = null): Promise<void> {
    this.#waiting.shift()!(error);
    await settled();
  }

  get underWay(): number {
    return this.#waiting.length;
  }
}

function opened() {
  const sink = new ManualSink();
  const failures: string[] = [];
  const writer = new IdempotentWriter({ sink, failed: (error) => void failures.push((error as Error).message) });
  return { sink, writer, failures };
}

/** Whether it has been resolved by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  await settled();
  return over;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("an idempotent writer", () => {
  test("writes in order, one call at a time, in batches", async () => {
    const { sink, writer } = opened();
    await writer.add(numbers(2500));
    await settled();
    expect(sink.underWay).toBe(1);
    for (let calls = 0; calls < 3; calls++) await sink.end();
    expect(sink.written).toEqual(numbers(2500));
    expect(sink.underWay).toBe(0);
  });

  test("takes so many without waiting, and then says when there is room", async () => {
    const { sink, writer } = opened();
    expect(await isOver(writer.add(numbers(limits.sinkWaitingValuesMax)))).toBe(true);
    const more = writer.add([1]);
    expect(await isOver(more)).toBe(false);
    expect(writer.status().waiting).toBe(limits.sinkWaitingValuesMax + 1);
    while (sink.underWay > 0) await sink.end();
    expect(await isOver(more)).toBe(true);
    expect(writer.status().waiting).toBe(0);
  });

  test("is ready for a checkpoint when all before it is durable, and does not wait for what comes behind", async () => {
    const { sink, writer } = opened();
    await writer.add([1]);
    await settled();
    await writer.add([2]);
    const cut = writer.cut();
    await writer.add([3]);
    expect(await isOver(cut.preCommitted)).toBe(false);
    await sink.end();
    expect(await isOver(cut.preCommitted)).toBe(false);
    await sink.end();
    expect(await cut.preCommitted).toEqual([]);
    expect(sink.written).toEqual([1, 2]);
    await cut.complete();
  });

  test("does nothing more after a failure, until it begins anew", async () => {
    const { sink, writer, failures } = opened();
    await writer.add(numbers(1500));
    const cut = writer.cut();
    await settled();
    await sink.end(new Error("full"));
    expect(failures).toEqual(["full"]);
    await expect(cut.preCommitted).rejects.toThrow("full");
    await expect(writer.add([1])).rejects.toThrow("full");
    expect(() => writer.cut()).toThrow("full");
    expect(writer.status().failure).toEqual(new Error("full"));
    await writer.recover();
    await writer.add([7]);
    await settled();
    await sink.end();
    expect(sink.written).toEqual([7]);
    expect(writer.status()).toMatchObject({ failure: null, waiting: 0 });
  });

  test("gives up what waits when it is closed", async () => {
    const { sink, writer } = opened();
    await writer.add(numbers(1500));
    await settled();
    const closed = writer.close();
    await sink.end();
    await closed;
    expect(sink).toMatchObject({ isClosed: true, underWay: 0 });
    expect(sink.written).toHaveLength(1000);
  });
});
