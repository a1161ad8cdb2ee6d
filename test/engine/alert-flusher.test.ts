/** The flusher: alerts behind the engine, in order, several records' worth at once, and a store that fails. */

import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { AlertFlusher } from "../../src/engine/log/alert-flusher.ts";
import type { AlertOutput } from "../../src/engine/output.ts";
import { memoryStores } from "../../src/store/memory.ts";
import { output } from "../store/samples.ts";
import { Impatience, UnreliableAlerts, type Fate } from "../support/unreliable.ts";

interface Opened {
  readonly flusher: AlertFlusher;
  readonly alerts: UnreliableAlerts;
  readonly patience: Impatience;
  /** Ids told to be new, by commit. */
  readonly told: string[][];
}

function open(fates: readonly Fate[] = []): Opened {
  const alerts = new UnreliableAlerts(memoryStores({ now: () => 0 }).alerts, fates);
  const patience = new Impatience();
  const told: string[][] = [];
  const written = (stored: readonly { readonly alert: { readonly id: string } }[]): void =>
    void told.push(stored.map(({ alert }) => alert.id));
  return { flusher: new AlertFlusher({ alerts, patience, written }), alerts, patience, told };
}

function outputs(...ids: readonly string[]): AlertOutput[] {
  return ids.map((id) => output(id));
}

describe("alerts", () => {
  test("are written in order, those that come meanwhile in one go", async () => {
    const { flusher, alerts, told } = open();
    alerts.gate.close();
    await flusher.add(outputs("a"), 1);
    await flusher.add(outputs("b", "c"), 2);
    await flusher.add([], 3);
    await flusher.add(outputs("d"), 4);
    expect([alerts.sent, told, flusher.writtenThrough]).toEqual([["1 through 1"], [], 0]);
    alerts.gate.open();
    await flusher.drained();
    expect(alerts.sent).toEqual(["1 through 1", "3 through 4"]);
    expect(told).toEqual([["a"], ["b", "c", "d"]]);
    expect(flusher.writtenThrough).toBe(4);
  });

  test("that are there already are not told again", async () => {
    const { flusher, told } = open();
    await flusher.add(outputs("a"), 1);
    await flusher.drained();
    await flusher.add(outputs("a", "b"), 2);
    await flusher.drained();
    expect(told).toEqual([["a"], ["b"]]);
  });

  test("hold the engine when too many wait, until they are written", async () => {
    const { flusher, alerts } = open();
    alerts.gate.close();
    await flusher.add(outputs("first"), 1);
    const many = Array.from({ length: limits.unwrittenAlertsMax }, (_, i) => output(`many ${i}`));
    await flusher.add(many, 2);
    let added = false;
    const adding = flusher.add(outputs("too many"), 3).then(() => (added = true));
    await turn();
    expect(added).toBe(false);
    alerts.gate.open();
    await adding;
    await flusher.drained();
    expect(alerts.sent).toEqual(["1 through 1", `${limits.unwrittenAlertsMax + 1} through 3`]);
  });
});

describe("records without alerts", () => {
  test("cost no write, and count as written once those before them are", async () => {
    const { flusher, alerts } = open();
    await flusher.add([], 5);
    expect(flusher.writtenThrough).toBe(5);
    alerts.gate.close();
    await flusher.add(outputs("a"), 6);
    await flusher.add([], 7);
    expect(flusher.writtenThrough).toBe(5);
    alerts.gate.open();
    await flusher.drained();
    expect(flusher.writtenThrough).toBe(7);
    expect(alerts.sent).toEqual(["1 through 6"]);
  });
});

describe("a store that fails", () => {
  test("is given the same alerts again, and those after them in their turn", async () => {
    const { flusher, alerts, patience, told } = open(["refused", "refused"]);
    await flusher.add(outputs("a"), 1);
    await flusher.add(outputs("b"), 2);
    await flusher.drained();
    expect(alerts.sent).toEqual(["1 through 1", "1 through 1", "1 through 1", "1 through 2"]);
    expect(patience.met).toEqual(["1: refused", "2: refused"]);
    expect(told).toEqual([["a"], ["b"]]);
  });

  test("and had taken them all the same, has them once", async () => {
    const { flusher, told } = open(["answer lost"]);
    await flusher.add(outputs("a"), 1);
    await flusher.drained();
    expect(told).toEqual([[]]);
  });
});
