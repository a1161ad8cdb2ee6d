/** `tripline run` over windows: a line for each alert, as every other face shows it. */

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { commandLine } from "../support/command-line.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const tripline = commandLine();
const newFolder = temporaryFolders();

const STREAM = "stream s { time at }";

async function ruleFile(window: string): Promise<string> {
  const file = path.join(await newFolder(), "my.rule");
  await writeFile(file, `${STREAM}\nrule r {\n  from s\n  window { ${window} }\n  emit { n = count() }\n}\n`);
  return file;
}

// S10.15
test("the end of the input closes every window", async () => {
  const rules = await ruleFile("tumbling 1m  allow lateness 1h");
  const lines = [1000, 61_000, 2000].map((at) => `${JSON.stringify({ at })}\n`);
  const { code, stdout, stderr } = await tripline(["run", rules, "--events", "-"], { stdin: lines.join("") });
  expect([code, stderr]).toEqual([0, "3 events, 3 alerts\n"]);
  const windows = stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { at, window, emit } = JSON.parse(line) as Readonly<Record<"at" | "window" | "emit", unknown>>;
      return { at, window, emit };
    });
  const [first, second] = ["00:00", "00:01"].map((minute) => `1970-01-01T${minute}:00.000Z`) as [string, string];
  const third = "1970-01-01T00:02:00.000Z";
  expect(windows).toEqual([
    { at: second, window: { start: first, end: second, firing: 1 }, emit: { n: 1 } },
    { at: second, window: { start: first, end: second, firing: 2 }, emit: { n: 2 } },
    { at: third, window: { start: second, end: third, firing: 1 }, emit: { n: 1 } },
  ]);
});

test.each([["check"], ["run", "--events", "-"]])(
  "a window that cannot be is refused where it stands: %s",
  async (command, ...options) => {
    const rules = await ruleFile("sliding 1m every 2m");
    const { code, stdout, stderr } = await tripline([command, rules, ...options]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(`my.rule:4:29
  |
4 |   window { sliding 1m every 2m }
  |                             ^^ make \`every\` at most 1m, or write \`tumbling 2m\``);
  },
);
