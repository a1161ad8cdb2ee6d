import { afterEach, describe, expect, test } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import path from "node:path";

import { root } from "../../support/project.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGINT"); // nothing to a process that has ended
});

interface Played {
  readonly shown: string;
  readonly code: number | null;
  /** What it and its service left in the temporary folder. */
  readonly left: readonly string[];
}

/** The built command line, as `npm run demo` starts it; `interruptAt`: Ctrl-C when this text is shown. */
async function play(interruptAt?: string): Promise<Played> {
  const folder = await newFolder();
  const child = spawn(process.execPath, [path.join(root, "dist", "cli", "main.js"), "demo", "--seconds", "1"], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  let shown = "";
  const listen = (): void => {
    if (interruptAt !== undefined && shown.includes(interruptAt)) child.kill("SIGINT");
  };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    listen();
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return { shown, code, left: await readdir(folder) };
}

describe("the demo", () => {
  test("finds all that is hidden, delivers every alert with a right signature, and leaves nothing behind", async () => {
    const { shown, code, left } = await play();
    expect(shown).toMatch(/^planted {5}(\d+) of \1 found$/m);
    expect(shown).toMatch(/^deliveries {2}(\d+) of \1/m);
    expect(shown).toMatch(/^signatures {2}(\d+) of \1 verified$/m);
    expect({ code, left }).toEqual({ code: 0, left: [] });
  });

  test.each(["service ", "critical"])("leaves nothing behind when it is interrupted at `%s`", async (text) => {
    const { code, left } = await play(text);
    expect({ code, left }).toEqual({ code: 130, left: [] });
  });
});
