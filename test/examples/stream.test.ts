/** The examples of the stream library, each run as a reader runs it; what it prints stands beside it. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { filesUnder, root } from "../support/project.ts";

/** As `npm run example` does it, without the build. */
const run = (name: string): Promise<{ stdout: string }> => {
  const args = ["--import", "./test/support/typescript.mjs", "examples/run.mjs", name];
  return promisify(execFile)(process.execPath, args, { cwd: root });
};

const names = filesUnder("examples/stream", ".ts").map((file) => path.basename(file, ".ts"));

describe("examples of the stream library", () => {
  test.each(names)("%s", async (name) => {
    const { stdout } = await run(name);
    expect(stdout).toBe(await readFile(path.join(root, `examples/stream/${name}.txt`), "utf8"));
  });

  test("a name that there is none of is told with those that there are", async () => {
    await expect(run("no-such")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no-such.*failed-logins/),
    });
  });
});
