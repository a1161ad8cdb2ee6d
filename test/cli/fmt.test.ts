import { beforeEach, describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { commandLine } from "../support/command-line.ts";
import { root } from "../support/project.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const tripline = commandLine();

const UNTIDY = "stream s {time ts}";
const TIDY = "stream s {\n  time ts\n}\n";
const BROKEN = "rule r {";

describe("tripline fmt", () => {
  const makeFolder = temporaryFolders();
  let folder = "";
  beforeEach(async () => {
    folder = await makeFolder();
  });

  function file(name: string, content: string | Buffer): string {
    const where = path.join(folder, name);
    writeFileSync(where, content);
    return where;
  }

  test("writes files back, and names those that changed", async () => {
    const [untidy, tidy] = [file("a.rule", UNTIDY), file("b.rule", TIDY)];
    expect(await tripline(["fmt", folder])).toEqual({ code: 0, stdout: `${untidy}\n`, stderr: "" });
    expect([readFileSync(untidy, "utf8"), readFileSync(tidy, "utf8")]).toEqual([TIDY, TIDY]);
    expect(await tripline(["fmt", folder])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("with --check only tells", async () => {
    const [untidy, tidy] = [file("a.rule", UNTIDY), file("b.rule", TIDY)];
    expect(await tripline(["fmt", "--check", folder])).toEqual({ code: 1, stdout: `${untidy}\n`, stderr: "" });
    expect(readFileSync(untidy, "utf8")).toBe(UNTIDY);
    expect((await tripline(["fmt", "--check", tidy])).code).toBe(0);
  });

  test("finds the bundled rules as they should be", async () => {
    expect(await tripline(["fmt", "--check", path.join(root, "rules")])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("reads standard input for `-`", async () => {
    expect(await tripline(["fmt", "-"], { stdin: UNTIDY })).toEqual({ code: 0, stdout: TIDY, stderr: "" });
    expect((await tripline(["fmt", "-", "--check"], { stdin: UNTIDY })).code).toBe(1);
    expect((await tripline(["fmt", "-", "--check"], { stdin: TIDY })).code).toBe(0);
    expect((await tripline(["fmt", "-", folder])).code).toBe(2);
  });

  test("leaves alone what does not parse, and formats the rest", async () => {
    const [broken, untidy] = [file("a.rule", BROKEN), file("b.rule", UNTIDY)];
    const { code, stderr } = await tripline(["fmt", folder]);
    expect(code).toBe(1);
    expect(stderr).toContain(`--> ${broken}:1:`);
    expect([readFileSync(broken, "utf8"), readFileSync(untidy, "utf8")]).toEqual([BROKEN, TIDY]);
  });

  test("formats what parses, whether it makes sense or not", async () => {
    const senseless = 'rule r { from s pattern { begin a greedy } emit { m = "x" } }';
    expect((await tripline(["fmt", "-"], { stdin: senseless })).code).toBe(0);
  });

  test("does not touch what is not UTF-8", async () => {
    const latin = Buffer.from("# caf\xe9\nstream s {time ts}", "latin1");
    const where = file("a.rule", latin);
    const { code, stderr } = await tripline(["fmt", where]);
    expect(code).toBe(2);
    expect(stderr).toContain("not UTF-8");
    expect(readFileSync(where)).toEqual(latin);
  });
});
