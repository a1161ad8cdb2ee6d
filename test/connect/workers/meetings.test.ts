/** Streams that meet and are divided, on real worker threads: a program in a process of its own, in several ways. */

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { root } from "../../support/project.ts";

let runs: readonly Readonly<Record<string, readonly string[]>>[] = [];

beforeAll(async () => {
  const program = path.join(root, "test/connect/workers/meetings.ts");
  const args = ["--import", path.join(root, "test/support/typescript.mjs"), program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  runs = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as (typeof runs)[number]);
});

describe("joins, connected and divided streams", () => {
  test("give something each", () => {
    expect(Object.keys(runs[0]!)).toEqual(["all", "co-group", "connect", "interval join", "join", "shuffle"]);
  });

  test.each([
    ["three subtasks", 1],
    ["two threads", 2],
    ["two threads, five subtasks", 3],
  ])("come to the same as in one place: %s", (_, index) => {
    expect(runs[index]).toEqual(runs[0]);
  });
});
