/**
 * A job with state that writes files, interrupted at any of its steps in the world: a batch that is read, a call of its sink, a
 * checkpoint that is written. What it has written in the end is what a calm one writes; fast-check prints
 * the seed of what fails (S11.44).
 */

import { expect, test } from "@jest/globals";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import {
  execute,
  fileSink,
  folderSnapshots,
  ndjsonFormat,
  rollingFileSink,
  type ExecuteOptions,
} from "../../src/connect/index.ts";
import { ascendingTimestamps, StreamEnvironment, tumblingWindows, type TwoPhaseSink } from "../../src/stream/index.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { batched } from "./batched.ts";

const newFolder = temporaryFolders();
const NUMBERS = 60;

class Interruption extends Error {}

/** The world's steps, counted over all lives. Where a process dies, nothing that it still wants to do is done. */
class World {
  readonly folder: string;
  readonly #ends: Set<number>;
  readonly #how: "dies" | "fails";
  #isDead = false;
  #steps = 0;

  constructor({ folder, ends, how }: { folder: string; ends: readonly number[]; how: "dies" | "fails" }) {
    this.folder = folder;
    this.#ends = new Set(ends);
    this.#how = how;
  }

  revive(): void {
    this.#isDead = false;
  }

  step(): void {
    if (this.#isDead) throw new Interruption("a dead process does nothing");
    if (!this.#ends.delete(this.#steps++)) return;
    this.#isDead = this.#how === "dies";
    throw new Interruption(`${this.#how} at step ${this.#steps - 1}`);
  }

  /** A step before each call, and after it; what a dead process has open is closed by the system. */
  stepping<S extends object>(port: S): S {
    return new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          if (name !== "close") this.step();
          const answer = await method.apply(target, args);
          if (name !== "close") this.step();
          return answer;
        };
      },
    });
  }
}

type Kind = "one file" | "a folder of files";

function sinkOf(kind: Kind, folder: string): TwoPhaseSink<number> {
  const format = ndjsonFormat();
  return kind === "one file"
    ? (fileSink({ path: path.join(folder, "out", "sums"), format }) as TwoPhaseSink<number>)
    : (rollingFileSink({ folder: path.join(folder, "out"), format }) as TwoPhaseSink<number>);
}

/** Sums so far by key, and sums of windows, out of batches of three. */
function program(kind: Kind, world: World): StreamEnvironment {
  const env = new StreamEnvironment();
  const batches = Array.from({ length: NUMBERS / 3 }, (_, i) => [3 * i, 3 * i + 1, 3 * i + 2]);
  const source = batched({
    splits: { a: batches },
    before: async () => {
      world.step();
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  const byKey = env
    .fromSource("numbers", source, { timestamp: (n) => n, watermarks: ascendingTimestamps() })
    .keyBy((n) => n % 4);
  const windows = byKey.window(tumblingWindows({ size: 16 })).reduce((a, b) => a + b);
  byKey
    .reduce((a, b) => a + b)
    .union(windows)
    .sinkTo(world.stepping(sinkOf(kind, world.folder)));
  return env;
}

async function run(kind: Kind, world: World): Promise<string> {
  const options: ExecuteOptions = {
    checkpoints: {
      store: world.stepping(folderSnapshots({ folder: path.join(world.folder, "checkpoints") })),
      intervalMs: 1,
    },
    restart: { kind: "none" },
  };
  let isOver = false;
  while (!isOver) {
    world.revive();
    isOver = await execute(program(kind, world), options).finished.then(
      () => true,
      (error: Error) => {
        if (!(error.cause instanceof Interruption)) throw error;
        return false;
      },
    );
  }
  const folder = path.join(world.folder, "out");
  const names = (await readdir(folder)).toSorted();
  expect(names.filter((name) => name.endsWith(".staged"))).toEqual([]);
  return (await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf8")))).join("");
}

test.each<Kind>(["one file", "a folder of files"])("%s: what is written is what a calm job writes", async (kind) => {
  const calm = await run(kind, new World({ folder: await newFolder(), ends: [], how: "dies" }));
  expect(calm.split("\n").length - 1).toBe(NUMBERS + 16);
  const ends = fc.uniqueArray(fc.nat(130), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(ends, fc.constantFrom("dies", "fails"), async (at, how) => {
      expect(await run(kind, new World({ folder: await newFolder(), ends: at, how }))).toBe(calm);
    }),
    { numRuns: 25 },
  );
});
