/** Savepoints of a service, over stores in memory. */

import { describe, expect, jest, test } from "@jest/globals";
import { memoryStores } from "../../src/store/memory.ts";
import { PlainCheckpoints } from "../support/plain-checkpoints.ts";
import { alertsOf, event, open, RULES } from "../support/pair-service.ts";
import { settled } from "../support/scheduler.ts";

describe("a savepoint", () => {
  test("restored, the engine is what it was, in every replay; versions and ordinals are not used again (S9.20)", async () => {
    const opened = await open();
    const { service } = opened;
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.create("before");
    await service.ingest("s", [event("b1@2"), event("a2@3")]);
    await service.putRules(RULES.replace('"b"', '"c"'));
    const { offset } = await service.savepoints!.restore("before");
    expect(offset).toBe((await opened.stores.log.end()) - 1);
    expect(service.rule("pair")).toMatchObject({ version: 1 });
    await service.ingest("s", [event("b1@5"), event("b2@6")]);
    expect(await alertsOf(opened)).toEqual(["1@2", "1@5"]); // what was found stays, and nothing knows of a2
    expect((await service.putRules(RULES.replace('"b"', '"d"'))).rules).toMatchObject([{ version: 3 }]);
    for (const { id, kind } of await opened.stores.checkpoints.list()) {
      if (kind === "checkpoint") await opened.stores.checkpoints.remove(id);
    }
    const replayed = await open({ stores: opened.stores, rules: "" });
    expect(replayed.service.rule("pair")).toMatchObject({ version: 3 });
    expect(await alertsOf(replayed)).toEqual(["1@2", "1@5"]);
  });

  test("needs none of the log to be restored (S9.12, S9.20)", async () => {
    const opened = await open();
    const { service, stores } = opened;
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.create("before");
    await service.ingest("s", [event("a2@2"), event("a3@3")]);
    await service.savepoints!.takeCheckpoint();
    await stores.log.truncate({ before: await stores.log.end() });
    await service.savepoints!.restore("before");
    const next = await open({ stores, rules: "" });
    await next.service.ingest("s", [event("b1@4"), event("b2@5")]);
    expect(await alertsOf(next)).toEqual(["1@4"]);
  });

  test("removed, leaves what the next checkpoint builds on", async () => {
    const { service, stores } = await open({ stores: memoryStores({ now: () => 0 }) });
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.create("mine");
    await service.ingest("s", [event("a2@2")]);
    await service.savepoints!.remove("mine");
    const { bytes, bytesWritten } = await service.savepoints!.takeCheckpoint();
    expect(bytesWritten).toBeLessThan(bytes);
    expect(service.status().checkpoints).toMatchObject({ completed: 2, failed: 0 });
    const next = await open({ stores, rules: "" });
    expect(next.notices.told).toEqual(["going on from a checkpoint"]);
    await next.service.ingest("s", [event("b1@3"), event("b2@4")]);
    expect(await alertsOf(next)).toEqual(["1@3", "2@4"]);
  });

  test("is not removed while the next start would have to come by it (S9.20)", async () => {
    const opened = await open();
    const { service, stores } = opened;
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.create("before");
    await service.savepoints!.create("later");
    const save = jest.spyOn(stores.checkpoints, "save").mockRejectedValue(new Error("the disk is full"));
    await service.savepoints!.restore("before");
    await service.savepoints!.restore("later");
    for (const name of ["before", "later"]) {
      await expect(service.savepoints!.remove(name)).rejects.toMatchObject({ code: "savepoint-needed" });
    }
    expect((await open({ stores, rules: "" })).service.rule("pair")).toMatchObject({ version: 1 });
    save.mockRestore();
    await service.savepoints!.takeCheckpoint();
    await service.savepoints!.remove("before");
    const next = await open({ stores, rules: "" });
    await next.service.ingest("s", [event("b1@2")]);
    expect(await alertsOf(next)).toEqual(["1@2"]);
  });

  test("that is being restored is not removed from under it", async () => {
    const { service } = await open({ stores: memoryStores({ now: () => 0 }) });
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.create("before");
    const restored = service.savepoints!.restore("before");
    const removed = service.savepoints!.remove("before");
    expect(await restored).toMatchObject({ name: "before" });
    await removed;
    expect(service.troubles()).toEqual([]);
  });

  test("that is the last is of all that was taken, and nothing is taken behind it (S9.27)", async () => {
    const { service, stores } = await open();
    const early = service.ingest("s", [event("a1@1")]);
    await settled(); // it has its place in the log
    const taken = service.savepoints!.create("last", { isLast: true });
    await early;
    const { offset } = await taken;
    await expect(service.ingest("s", [event("a2@2")])).rejects.toMatchObject({ code: "not-ready" });
    await expect(service.advanceWatermark("s", 5)).rejects.toMatchObject({ code: "not-ready" });
    expect(await stores.log.end()).toBe(offset);
    await service.close();
    const next = await open({ stores, rules: "" });
    await next.service.ingest("s", [event("b1@3")]);
    expect(await alertsOf(next)).toEqual(["1@3"]);
  });

  test("that is the last has what came while it was asked for, or that is refused (S9.27)", async () => {
    const { service, stores } = await open();
    const answers = Array.from({ length: 50 }, async (_, i) => {
      if (i === 25) return await service.savepoints!.create("last", { isLast: true });
      for (let turns = 0; turns < i; turns++) await Promise.resolve();
      return await service.ingest("s", [event(`a${i % 10}@${i}`)]).catch((error: unknown) => error);
    });
    const answered = await Promise.all(answers);
    const accepted = answered.filter((answer) => (answer as { accepted?: number }).accepted === 1);
    const [entry] = await stores.checkpoints.list();
    expect(entry).toMatchObject({ name: "last", summary: { offset: accepted.length + 1 } });
    expect(await stores.log.end()).toBe(accepted.length + 1);
  });

  test("that was to be the last and fails leaves all as it was", async () => {
    const opened = await open();
    const { service, stores } = opened;
    jest.spyOn(stores.checkpoints, "save").mockRejectedValueOnce(new Error("the disk is full"));
    await expect(service.savepoints!.create("last", { isLast: true })).rejects.toThrow("the disk is full");
    await service.ingest("s", [event("a1@1"), event("b1@3")]);
    expect(await alertsOf(opened)).toEqual(["1@3"]);
  });

  test("goes elsewhere in a file", async () => {
    const here = await open({ stores: memoryStores({ now: () => 0 }) });
    await here.service.ingest("s", [event("a1@1")]);
    await here.service.savepoints!.create("before");
    const [entry] = await here.stores.checkpoints.list();
    const there = await open({ stores: memoryStores({ now: () => 0 }), rules: "" });
    await there.service.savepoints!.import("theirs", here.stores.checkpoints.export(entry!.id));
    await there.service.savepoints!.restore("theirs");
    await there.service.ingest("s", [event("b1@2")]);
    expect(await alertsOf(there)).toEqual(["1@2"]);
  });

  test("makes room for nothing: what a start goes on from stays, where the newest checkpoint is damaged (S9.13)", async () => {
    const checkpoints = new PlainCheckpoints();
    const stores = { ...memoryStores({ now: () => 0 }), checkpoints };
    const settings = { retained: 1 };
    const { service } = await open({ stores, settings });
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.takeCheckpoint();
    jest.spyOn(checkpoints, "prune").mockRejectedValueOnce(new Error("the connection is gone"));
    await service.ingest("s", [event("a2@2")]);
    const { offset } = await service.savepoints!.takeCheckpoint();
    await stores.log.truncate({ before: offset - 1 });
    checkpoints.tear();
    const second = await open({ stores, settings, rules: "" });
    await second.service.ingest("s", [event("a3@3")]); // or it would bring back what is missing
    await second.service.savepoints!.create("kept");
    const third = await open({ stores, settings, rules: "" });
    await third.service.ingest("s", [event("b1@4"), event("b3@5")]);
    expect(await alertsOf(third)).toEqual(["1@4", "3@5"]);
  });

  test("that comes slowly holds up no checkpoint", async () => {
    const { service, stores } = await open({ stores: memoryStores({ now: () => 0 }) });
    await service.savepoints!.create("mine");
    let taken = 0;
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for await (const piece of service.savepoints!.export("mine")) {
        taken = (await service.savepoints!.takeCheckpoint()).id;
        yield piece;
      }
    }
    await service.savepoints!.import("copy", slowly());
    expect(taken).toBeGreaterThan(2);
    expect((await stores.checkpoints.list()).map(({ name }) => name)).toEqual(expect.arrayContaining(["copy", "mine"]));
  });

  test("that is not there is told, with the name that was perhaps meant", async () => {
    const { service } = await open();
    await service.savepoints!.create("before");
    await expect(service.savepoints!.get("befor")).rejects.toMatchObject({
      code: "unknown-savepoint",
      hint: "did you mean `before`?",
    });
  });
});
