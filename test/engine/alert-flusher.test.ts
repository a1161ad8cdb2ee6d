import { describe, expect, test } from "@jest/globals";
import { AlertFlusher } from "../../src/engine/alert-flusher.ts";
import type { AlertOutput } from "../../src/engine/output.ts";

const NONE = { beforeRetry: (_attempt: number, error: unknown) => Promise.reject(error as Error) };

/** A flusher whose writes wait until they are let go, one by one. */
function open(): { flusher: AlertFlusher; letGo: () => Promise<void> } {
  const held: (() => void)[] = [];
  const flusher = new AlertFlusher({
    alerts: {
      writtenThrough: () => Promise.resolve(0),
      write: () => new Promise((resolve) => held.push(() => resolve([]))),
    },
    patience: NONE,
    written: () => undefined,
  });
  const letGo = async (): Promise<void> => {
    held.shift()!();
    await new Promise(setImmediate);
  };
  return { flusher, letGo };
}

const ALERT = { kind: "alert", deliver: [] } as unknown as AlertOutput;

describe("how far the outputs are written", () => {
  test("is as far as the engine came while there are none", async () => {
    const { flusher } = open();
    await flusher.add([], 7);
    expect(flusher.writtenThrough).toBe(7);
  });

  test("does not go past an alert that is not written yet", async () => {
    const { flusher, letGo } = open();
    await flusher.add([], 7);
    await flusher.add([ALERT], 8);
    await flusher.add([ALERT], 9);
    await flusher.add([], 10);
    expect(flusher.writtenThrough).toBe(7);
    await letGo();
    expect(flusher.writtenThrough).toBe(8);
    await letGo();
    expect(flusher.writtenThrough).toBe(10);
  });
});
