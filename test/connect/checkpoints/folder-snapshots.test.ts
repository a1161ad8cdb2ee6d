import { describe, expect, test } from "@jest/globals";
import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { callbackSink, execute, folderSnapshots, sequence } from "../../../src/connect/index.ts";
import { StreamEnvironment } from "../../../src/stream/index.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { snapshotOf } from "./snapshot-of.ts";

const newFolder = temporaryFolders();

test("in a folder, anything but what was written is refused", async () => {
  const folder = await newFolder();
  const store = folderSnapshots({ folder });
  await store.write(snapshotOf(1));
  const file = path.join(folder, "checkpoint-1.json");
  const text = await readFile(file, "utf8");
  expect(JSON.parse(text)).toMatchObject({ snapshot: { id: 1 } });
  for (const damaged of ["", text.slice(0, -3), text.slice(0, 60), text.replace('"id":1', '"id":2'), `${text} `]) {
    await writeFile(file, damaged);
    await expect(store.read(1)).rejects.toMatchObject({ code: "damaged-checkpoint" });
  }
});

// S11.43
describe("a job whose newest checkpoint is damaged", () => {
  interface Run {
    readonly seen: number[];
    readonly warnings: string[];
    readonly finished: Promise<unknown>;
  }

  function run(folder: string, to: number): Run {
    const env = new StreamEnvironment();
    const seen: number[] = [];
    const warnings: string[] = [];
    env
      .fromSource("numbers", sequence({ from: 1, to }), { timestamp: (n) => n })
      .sinkTo(callbackSink((values) => void seen.push(...values)));
    const { finished } = execute(env, {
      checkpoints: { store: folderSnapshots({ folder }) },
      warn: (message) => void warnings.push(message),
    });
    return { seen, warnings, finished };
  }

  test("goes on from the one before it, and says so", async () => {
    const folder = await newFolder();
    await run(folder, 10).finished;
    const newest = (await folderSnapshots({ folder }).list()).at(-1)!;
    await truncate(path.join(folder, `checkpoint-${newest}.json`), 100);
    const again = run(folder, 10);
    await again.finished;
    expect(again.seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(again.warnings).toEqual([
      expect.stringContaining(
        `checkpoint ${newest} is passed over, for the one before it: checkpoint ${newest} is not what was`,
      ),
    ]);
    const last = run(folder, 10);
    await last.finished;
    expect(last.seen).toEqual([]);
  });

  test("is refused where none can be read, rather than begun anew", async () => {
    const folder = await newFolder();
    await run(folder, 10).finished;
    for (const name of await readdir(folder)) await truncate(path.join(folder, name), 100);
    await expect(run(folder, 10).finished).rejects.toMatchObject({ code: "no-whole-checkpoint" });
  });
});
