/** The commands that ask the running service: status, checkpoint, savepoint, poison. */

import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { rewriteManifest } from "../store/checkpoints/tampering.ts";
import { commandLine, type Ended } from "../support/command-line.ts";
import { httpService, login, TWO_FAILURES } from "../support/http-service.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const tripline = commandLine();
const service = httpService({ token: "sesame" });
const newFolder = temporaryFolders();
let folder: string;
beforeEach(async () => {
  folder = await newFolder();
});

beforeAll(async () => {
  await service.call("POST /v1/rules", { body: TWO_FAILURES, type: "text/plain", headers: TOKEN });
  const body = JSON.stringify([login(1, "ann"), login(2, "bob")]);
  await service.call("POST /v1/streams/logins/events", { body, type: "application/json", headers: TOKEN });
  await service.settled();
});

const TOKEN = { authorization: "Bearer sesame" };

/** `savepoint list`, as somebody asks who has the token. */
function ask(command: string): Promise<Ended> {
  return tripline(command.split(" "), { env: { TRIPLINE_URL: service.url, TRIPLINE_TOKEN: "sesame" } });
}

async function answered(command: string): Promise<string> {
  const { code, stdout, stderr } = await ask(command);
  expect([command, code, stderr]).toEqual([command, 0, ""]);
  return stdout;
}

/** What it says on standard error, and its exit code. */
async function refused(command: string): Promise<[code: number | null, ...lines: string[]]> {
  const { code, stdout, stderr } = await ask(command);
  expect(stdout).toBe("");
  return [code, ...stderr.trimEnd().split(/\n */)];
}

test("status tells how far the service is", async () => {
  const lines = (await answered("status")).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "log          3 records, 3 processed",
    "lag          0 records, 0 ms",
    "state        1 rule, 1 stream, 0 lists; 2 keys with 2 partial matches",
    "watermarks   2026-01-01T00:00:01.999Z  logins (two_failures): 0 events waiting; held back by logins, partition http since " +
      `${lines[3]!.slice(-24)}`,
  ]);
  expect(lines.slice(-3)).toEqual(["restarts     0", "troubles     none", ""]);
  expect(JSON.parse(await answered("status --json"))).toMatchObject({ logEnd: 3, restarts: 0 });
});

test("a checkpoint is taken, and those there are are listed", async () => {
  expect(await answered("checkpoint take")).toMatch(
    /^checkpoint 1 of offset 3, \d+ ms, \d\.\d kB and 2 keys written, is complete\n$/,
  );
  const [head, first] = (await answered("checkpoint list")).split("\n");
  expect(head).toMatch(/^ID +KIND +NAME +OFFSET +TAKEN AT +SIZE +KEYS +RULES$/);
  expect(first).toMatch(/^1 +checkpoint +3 +20\S+Z +\d\.\d kB +2 +two_failures v1$/);
  expect(JSON.parse(await answered("checkpoint list --json"))).toMatchObject([
    { id: 1, kind: "checkpoint", offset: 3 },
  ]);
});

test("a savepoint is made, shown, exported, imported, restored and removed", async () => {
  const file = path.join(folder, "mine.savepoint");
  expect(await answered("savepoint create mine")).toMatch(/^savepoint mine of offset 3, .* is complete\n$/);
  expect(await answered("savepoint show mine")).toMatch(
    /^savepoint +mine\noffset +3\n[^]*\nrules +two_failures v1\n\nPART +SIZE +KEYS\n/,
  );
  expect(await answered(`savepoint export mine ${file}`)).toMatch(/^savepoint mine is in \S+, \d\.\d kB\n$/);
  expect(readdirSync(folder)).toEqual(["mine.savepoint"]);
  expect(await answered("savepoint export mine -")).toBe(readFileSync(file, "utf8"));
  expect(await answered(`savepoint import theirs ${file}`)).toMatch(/^savepoint +theirs\noffset +3\n/);
  expect(await answered("savepoint restore theirs")).toBe("savepoint theirs is restored, at offset 3 of the log\n");
  const names = JSON.parse(await answered("savepoint list --json")) as { name: string }[];
  expect(names.map(({ name }) => name)).toEqual(["theirs", "mine"]);
  expect(await answered("savepoint remove mine")).toBe("savepoint mine is removed\n");
  expect((await answered("savepoint list")).match(/^\S+/gm)).toEqual(["NAME", "theirs"]);
});

test("a savepoint that is damaged is listed as such, and removed", async () => {
  await answered("savepoint create bad");
  const [entry] = await service.stores.checkpoints.list();
  await rewriteManifest(service.checkpointBackend, entry!.id, (text) => text.slice(0, -1));
  expect(await answered("savepoint list")).toContain("its digest differs");
  expect(await refused("savepoint restore bad")).toEqual([
    1,
    "error: the checkpoint's manifest is not what was written: its digest differs",
  ]);
  await answered("savepoint remove bad");
});

test("records that were set aside are listed, shown, and logged once more", async () => {
  expect(await answered("poison list")).toBe("");
  await service.stores.poison.put({
    record: { kind: "event", offset: 1, stream: "logins", time: 1, at: 2, data: login(1, "ann") },
    error: "a bug of ours\nin two lines",
    at: 0,
    replayedAs: null,
  });
  expect((await answered("poison list")).split("\n")[1]).toMatch(/^1 +event +1970-01-01T00:00:00.000Z +a bug of ours$/);
  expect(await answered("poison show 1")).toMatch(/^error +a bug of ours\n +in two lines\nrecord +\{"kind":"event"/m);
  expect(await answered("poison retry 1")).toMatch(/^record 1 is logged once more, at offset \d+\n$/);
  expect(JSON.parse(await answered("poison list --json"))).toMatchObject([
    { offset: 1, replayedAs: expect.any(Number) },
  ]);
});

describe("what is refused", () => {
  test.each<[command: string, code: number, ...lines: string[]]>([
    ["savepoint show thiers", 1, "error: there is no savepoint `thiers`", "did you mean `theirs`?"],
    [
      "savepoint create theirs",
      1,
      'error: there is a savepoint "theirs" already',
      "give this one another name, or remove the other first",
    ],
    ["poison retry 99", 1, "error: no record of offset 99 has been set aside"],
    [
      "savepoint",
      2,
      "error: `tripline savepoint` needs to know what to do",
      "one of create, list, show, restore, export, import, remove",
    ],
    ["savepoint crate x", 2, "error: there is no `tripline savepoint crate`", "did you mean `create`?"],
    ["savepoint create", 2, "error: `tripline savepoint create` takes NAME", "tripline savepoint create NAME [--stop]"],
    ["status now", 2, "error: `tripline status` takes nothing more", "tripline status"],
    ["status --all", 2, "error: Unknown option '--all'", "`tripline help` lists the commands and their options"],
    [
      "savepoint import x /nowhere",
      2,
      "error: cannot read /nowhere: there is no such file",
      "`tripline help` lists the commands and their options",
    ],
    [
      "savepoint import x /",
      2,
      "error: cannot read /: it is a folder",
      "`tripline help` lists the commands and their options",
    ],
    [
      "savepoint export theirs /nowhere/x",
      2,
      "error: cannot write /nowhere/x: there is no such folder",
      "`tripline help` lists the commands and their options",
    ],
    [
      "status --url here",
      2,
      'error: "here" is no address of a service',
      "expected one such as http://127.0.0.1:8080 in --url or TRIPLINE_URL",
    ],
    [
      "status --url http://127.0.0.1:1",
      70,
      "error: http://127.0.0.1:1 does not answer: nothing listens there",
      "`tripline serve` starts the service; --url or TRIPLINE_URL says where it is",
    ],
  ])("%s", async (command, ...expected) => {
    expect(await refused(command)).toEqual(expected);
  });

  test("a file that is no savepoint", async () => {
    const file = path.join(folder, "x");
    writeFileSync(file, "hello");
    expect(await refused(`savepoint import x ${file}`)).toEqual([
      1,
      "error: the savepoint's file ends too early",
      "export it again, and compare the sizes",
    ]);
  });

  test("a wrong token, and none", async () => {
    const hint = "       set TRIPLINE_TOKEN to the token that the service was started with\n";
    for (const [token, said] of [
      ["open", "the bearer token is not the right one"],
      ["", "a bearer token is needed, and none was given"],
    ] as const) {
      const { code, stderr } = await tripline(["status", "--url", service.url], { env: { TRIPLINE_TOKEN: token } });
      expect([code, stderr]).toEqual([1, `error: ${said}\n${hint}`]);
    }
  });
});

describe("what is no Tripline", () => {
  async function asked(listener: RequestListener, command: readonly string[]): Promise<Ended> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      return await tripline([...command, "--url", `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    } finally {
      server.close();
    }
  }

  test.each<[what: string, status: number, body: string]>([
    ["says something else", 200, "<html>"],
    ["refuses in its own way", 404, "not found"],
    ["fails in its own way", 502, "{}"],
  ])("is told where it %s", async (_, status, body) => {
    const { code, stderr } = await asked((_request, answer) => answer.writeHead(status).end(body), ["status"]);
    expect([code, stderr]).toEqual([70, expect.stringMatching(/^error: what answers at \S+ is no Tripline/)]);
  });

  test("and breaks off, leaves no half of a file", async () => {
    const file = path.join(folder, "half.savepoint");
    const { code, stderr } = await asked(
      (_request, answer) => {
        answer.write("tripline-savepoint 1\n");
        setTimeout(() => answer.destroy(), 50);
      },
      ["savepoint", "export", "mine", file],
    );
    expect([code, stderr]).toEqual([70, expect.stringMatching(/^error: the answer of \S+ broke off/)]);
    expect([existsSync(file), readdirSync(folder)]).toEqual([false, []]);
  });
});
