/** Jobs on real worker threads: a program in a process of its own, in several ways, and what each came to. */

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { root } from "../../support/project.ts";

interface Line {
  readonly end: string;
  readonly sums: Readonly<Record<string, number>>;
  readonly links: readonly string[];
  readonly failed: string;
}

let lines: readonly Line[] = [];

beforeAll(async () => {
  const program = path.join(root, "test/connect/workers/shop.ts");
  const args = ["--import", path.join(root, "test/support/typescript.mjs"), program, "the owner"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
});

// S11.48
describe("keyed work on worker threads", () => {
  test.each([
    ["one", 1],
    ["two", 2],
    ["two, with five subtasks and checkpoints", 3],
    ["two, stopped with a savepoint, and three from there", 4],
  ])("%s: the same as in one thread", (_, index) => {
    expect(lines[index]).toMatchObject({ end: "finished", sums: lines[0]!.sums });
  });

  test("each thread has its own keys, and is sent those only", () => {
    const records = lines[2]!.links.map((link) => Number(link.split(": ")[1]));
    expect(lines[2]!.links.map((link) => link.split(": ")[0])).toEqual(["window-1, thread 1", "window-1, thread 2"]);
    expect(records[0]! + records[1]!).toBe(20_000);
    expect(Math.min(...records)).toBeGreaterThan(0);
  });

  test.each([
    ["a module that is not there", 5, /a worker thread: Cannot find module '.*no-such-program.ts'/],
    ["a module that makes other streams", 6, /its default export makes other streams in a worker thread/],
    ["a function that throws, of what the command line says", 7, /a worker thread: shop \d+ is closed, says the owner/],
  ])("the job fails by %s", (_, index, message) => {
    expect(lines[index]!.failed).toMatch(message);
  });
});
