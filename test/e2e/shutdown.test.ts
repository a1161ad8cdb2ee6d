/** How a service ends, and what it leaves: stopped in order, told off a folder in use, killed. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import path from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { processCommand } from "../../src/app/process-table.ts";
import { eventually } from "../support/eventually.ts";
import { succeeded } from "../support/http-call.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { tripline } from "./command-line.ts";
import type { ServiceProcess } from "./service-process.ts";
import { testServices } from "./services.ts";

const startService = testServices();
const newFolder = temporaryFolders();

/** One for the suite, service after service. */
let folder: string;
let service: ServiceProcess;
beforeAll(async () => {
  folder = await newFolder();
  service = await start();
  succeeded(await service.postRules("stream logins { time at }"));
});

async function start(): Promise<ServiceProcess> {
  return (await startService({ folder })).ready();
}

/** The database of a running service: the pid file says which process it is, and where its socket lies. */
function database(): { pid: number; socketFolder: string } {
  const lines = readFileSync(path.join(folder, "data", "postgres", "postmaster.pid"), "utf8").split("\n");
  return { pid: Number(lines[0]), socketFolder: lines[4]! };
}

async function events(): Promise<number> {
  return (await service.call("GET /v1/streams/logins")).json<{ events: number }>().events;
}

describe("a service", () => {
  test("refuses a data folder that another one uses, and says which; that one goes on", async () => {
    const second = await startService({ folder });
    expect(await second.ended).toEqual({ code: 70, signal: null });
    const { pid } = service;
    expect(second.log).toMatch(new RegExp(`the data folder \\S+ is in use by process ${pid}\\n +stop that process`));
    succeeded(await service.postEvents("logins", [{ at: 1 }]));
  });

  test("that is told to stop finishes the requests under way, and leaves nothing but its data", async () => {
    const { pid, socketFolder } = database();
    const sending = request(`${service.url}/v1/streams/logins/events`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", expect: "100-continue" },
    });
    sending.flushHeaders();
    await once(sending, "continue"); // so the service has the request
    sending.write('{"at":2}\n');
    const stopped = service.kill("SIGTERM");
    await eventually(async () => service.log.includes("stopping"));
    sending.end('{"at":3}\n');
    const [answer] = (await once(sending, "response")) as [IncomingMessage];
    expect([answer.statusCode, JSON.parse(await text(answer))]).toMatchObject([202, { accepted: 2 }]);
    expect(await stopped).toEqual({ code: 0, signal: null });
    expect(await processCommand(pid)).toBe(null);
    expect(existsSync(socketFolder)).toBe(false);
    expect(readdirSync(path.join(folder, "data"))).toEqual(["postgres"]);
    service = await start();
    expect(await events()).toBe(3);
  });

  test("that is stopped with a savepoint has all that was answered in it, and refuses the rest (S9.27)", async () => {
    succeeded(await service.postEvents("logins", [{ at: 3 }]));
    const { code, stdout } = await tripline(["savepoint", "create", "last", "--stop", "--url", service.url]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^savepoint last of offset 5, .*\nthe service stops\n$/)]);
    expect(await service.ended).toEqual({ code: 0, signal: null });
    service = await start();
    expect((await service.call("GET /v1/savepoints/last")).json()).toMatchObject({ offset: 5 });
    expect((await service.call("GET /v1/status")).json()).toMatchObject({ logEnd: 5 });
  });

  test("that loses its database starts it again, and goes on: what was accepted is there", async () => {
    succeeded(await service.postEvents("logins", [{ at: 4 }]));
    const { pid } = database();
    process.kill(pid, "SIGKILL");
    succeeded(await service.postEvents("logins", [{ at: 5 }]));
    await eventually(async () => (await service.call("GET /readyz")).status === 200);
    expect(await events()).toBe(6);
    expect(database().pid).not.toBe(pid);
    await service.kill("SIGTERM");
    service = await start();
    expect(await events()).toBe(6);
  });

  test("that is killed takes its database with it, and the next one has everything that was accepted", async () => {
    const { pid } = database();
    const before = await events();
    succeeded(await service.postEvents("logins", [{ at: 6 }]));
    expect(await service.kill()).toEqual({ code: null, signal: "SIGKILL" });
    await eventually(async () => (await processCommand(pid)) === null);
    service = await start();
    expect(await events()).toBe(before + 1); // S9.2
  });
});
