/** A program in a process of its own, killed again and again: what it has written in the end is what a calm one writes (S11.44). */

import { describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../support/project.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** Kills it after each of these times; the last life is as long as it takes. Gives how many lives were cut short. */
async function livesOf(folder: string, lifetimes: readonly number[]): Promise<number> {
  let killed = 0;
  for (const ms of [...lifetimes, Infinity]) {
    const args = ["--import", path.join(root, "test/support/typescript.mjs"), path.join(root, "test/connect/sums.ts")];
    const child = spawn(process.execPath, [...args, folder], { stdio: ["ignore", "pipe", "inherit"] });
    const over = once(child, "exit");
    if (ms !== Infinity) {
      await once(child.stdout, "data"); // it is at work
      await sleep(ms);
      child.kill("SIGKILL");
    }
    const [code, signal] = (await over) as [number | null, string | null];
    if (code === 0) return killed;
    expect(signal).toBe("SIGKILL");
    killed++;
  }
  throw new Error("the last life was not cut short");
}

describe("a process that is killed", () => {
  test("has written each line once in the end", async () => {
    const [calm, interrupted] = [await newFolder(), await newFolder()];
    expect(await livesOf(calm, [])).toBe(0);
    expect(await livesOf(interrupted, [150, 60, 250, 100])).toBeGreaterThan(0);
    const sums = await readFile(path.join(calm, "sums.csv"), "utf8");
    expect(sums.split("\r\n").length).toBe(3002);
    expect(await readFile(path.join(interrupted, "sums.csv"), "utf8")).toBe(sums);
  });
});
