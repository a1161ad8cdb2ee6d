/** The last line of .ci/run: what it says, and that it hides nothing. */

import { afterAll, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { root } from "../support/project.ts";

const folder = mkdtempSync(path.join(tmpdir(), "tripline-ci-"));
afterAll(() => rmSync(folder, { recursive: true }));

const allWell = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};

function check(result: string, expected: { said: string; status: number }): void {
  const file = path.join(folder, "result.json");
  writeFileSync(file, result);
  const { stdout, status } = spawnSync(process.execPath, [path.join(root, ".ci/summary.mjs"), file], {
    encoding: "utf8",
  });
  expect({ said: stdout, status }).toEqual(expected);
}

test.each([
  ["all passed", {}, { said: "3 passed, 0 failed\n", status: 0 }],
  ["one failed", { success: false, numFailedTests: 1 }, { said: "3 passed, 1 failed\n", status: 1 }],
  [
    "a suite did not load",
    { success: false, numRuntimeErrorTestSuites: 1 },
    { said: "3 passed, 1 failed\n", status: 1 },
  ],
  ["some were skipped", { numPendingTests: 2 }, { said: "3 passed, 0 failed, 2 skipped\n", status: 0 }],
  ["nothing ran", { numPassedTests: 0 }, { said: "0 passed, 0 failed\n", status: 1 }],
  ["Jest says no for another reason", { success: false }, { said: "3 passed, 0 failed\n", status: 1 }],
])("%s", (_, change, expected) => {
  check(JSON.stringify({ ...allWell, ...change }), expected);
});

test("no result at all is no success", () => {
  check("", { said: "", status: 1 });
});
