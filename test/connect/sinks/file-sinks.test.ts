import { describe, expect, test } from "@jest/globals";
import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import type { Json } from "../../../src/core/event.ts";
import {
  csvFormat,
  execute,
  fileSink,
  fromArray,
  lineFormat,
  ndjsonFormat,
  rollingFileSink,
  type TextFormat,
} from "../../../src/connect/index.ts";
import { StreamEnvironment, type TwoPhaseSink } from "../../../src/stream/index.ts";
import { runSinkJob, valuesIn } from "../../support/sink-job.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** What a program of `runSinkJob` left in the folder, and its steps. */
interface Outcome {
  readonly steps: number;
  readonly values: readonly number[];
  /** Files that are no result. */
  readonly others: readonly string[];
}

interface Kind<Transaction extends Json> {
  readonly open: (folder: string) => TwoPhaseSink<number, Transaction>;
  readonly isResult: (name: string) => boolean;
}

const APPENDED: Kind<Json> = {
  open: (folder) =>
    fileSink<number>({ path: path.join(folder, "out"), format: ndjsonFormat() }) as TwoPhaseSink<number>,
  isResult: (name) => name === "out",
};
const ROLLED: Kind<Json> = {
  open: (folder) => rollingFileSink<number>({ folder, format: ndjsonFormat() }) as TwoPhaseSink<number>,
  isResult: (name) => !name.endsWith(".staged"),
};

// S11.46
describe.each([
  ["one file", APPENDED],
  ["a folder of files", ROLLED],
])("a sink into %s", (_, { open, isResult }) => {
  async function run(program: string, how: "dies" | "fails", ends: readonly number[] = []): Promise<Outcome> {
    const folder = await newFolder();
    const opened: TwoPhaseSink<number>[] = [];
    const steps = await runSinkJob({
      program,
      how,
      ends,
      open() {
        opened.push(open(folder));
        return opened.at(-1)!;
      },
    });
    for (const sink of opened) await sink.close(); // what died has files open
    const names = (await readdir(folder)).toSorted();
    const texts = await Promise.all(names.filter(isResult).map((name) => readFile(path.join(folder, name), "utf8")));
    const values = texts.flatMap((text) => text.trimEnd().split("\n")).map(Number);
    return { steps, values, others: names.filter((name) => !isResult(name)) };
  }

  const PROGRAMS = ["1|0|2x1~1|", "2x3|1|", "12|3|", "2~1|3|"] as const;

  test.each(["dies", "fails"] as const)("has each value once, whatever %s at any step", async (how) => {
    const [program] = PROGRAMS;
    const calm = await run(program, how);
    expect(calm).toMatchObject({ values: valuesIn(program), others: [] });
    for (let end = 0; end < calm.steps; end++) {
      expect({ end, ...(await run(program, how, [end])) }).toMatchObject({ ...calm, steps: expect.anything() });
    }
  });

  test("has each value once, whatever happens several times", async () => {
    const ends = fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PROGRAMS),
        fc.constantFrom("dies", "fails"),
        ends,
        async (program, how, at) => {
          expect(await run(program, how, at)).toMatchObject({ values: valuesIn(program), others: [] });
        },
      ),
      { numRuns: 40 },
    );
  });
});

interface Person {
  readonly name: string;
  readonly age: number | null;
}

const PEOPLE: readonly Person[] = [
  { name: 'Ann, "A"', age: 30 },
  { name: "Bob", age: null },
];

async function writtenBy(sink: TwoPhaseSink<Person>): Promise<void> {
  const env = new StreamEnvironment();
  env.fromSource("people", fromArray(PEOPLE), { timestamp: () => 0 }).sinkTo(sink);
  await execute(env).finished;
}

describe("a file that is written", () => {
  async function check(format: TextFormat<Person>, expected: string): Promise<void> {
    const file = path.join(await newFolder(), "new", "out");
    await writtenBy(fileSink({ path: file, format }));
    await writtenBy(fileSink({ path: file, format }));
    expect(await readFile(file, "utf8")).toBe(expected);
  }

  test("is NDJSON, and goes on behind what it has", () => {
    const text = '{"name":"Ann, \\"A\\"","age":30}\n{"name":"Bob","age":null}\n';
    return check(ndjsonFormat(), text + text);
  });

  test("is CSV, with one header", () => {
    const columns = { name: ({ name }: Person) => name, age: ({ age }: Person) => age };
    const rows = '"Ann, ""A""",30\r\nBob,\r\n';
    return check(csvFormat({ columns }), `name,age\r\n${rows}${rows}`);
  });

  test("has no word for what is not there", () => {
    const height = (person: Person) => (person as { readonly height?: number }).height as never;
    expect(csvFormat({ columns: { height, name: ({ name }: Person) => name } }).record({ name: "Ann", age: 30 })).toBe(
      ",Ann\r\n",
    );
    expect(ndjsonFormat().record(undefined)).toBe("null\n");
  });

  test("is plain text", () =>
    check(
      lineFormat(({ name }) => name),
      'Ann, "A"\nBob\nAnn, "A"\nBob\n',
    ));
});

describe("a folder that is written", () => {
  test("gets files whose names go on, each with its header", async () => {
    const folder = path.join(await newFolder(), "new");
    const format = csvFormat<Person>({ columns: { name: ({ name }) => name } });
    await writtenBy(rollingFileSink({ folder, format, prefix: "people", suffix: ".csv" }));
    await writtenBy(rollingFileSink({ folder, format, prefix: "people", suffix: ".csv" }));
    const names = (await readdir(folder)).toSorted();
    expect(names).toEqual([
      expect.stringMatching(/^people-00000001-[\da-f]{8}\.csv$/),
      expect.stringMatching(/^people-00000002-[\da-f]{8}\.csv$/),
    ]);
    for (const name of names) {
      expect(await readFile(path.join(folder, name), "utf8")).toBe('name\r\n"Ann, ""A"""\r\nBob\r\n');
    }
  });
});

test("sinks of one folder let each other's files alone", async () => {
  const folder = await newFolder();
  const open = (prefix: string): TwoPhaseSink<string, string> =>
    rollingFileSink({ folder, format: lineFormat(), prefix, suffix: ".txt" });
  const [long, short] = [open("part-a"), open("part")];
  await long.recover([]);
  const transaction = await long.begin();
  await long.write(transaction, ["a"]);
  await long.preCommit(transaction);
  await expect(short.recover([])).resolves.toEqual({ committed: 0, aborted: 0 });
  await expect(open("part-a").recover([transaction])).resolves.toEqual({ committed: 1, aborted: 0 });
});

describe("what somebody else has done to the files is told", () => {
  test("a file that has become shorter", async () => {
    const file = path.join(await newFolder(), "out");
    const sink = fileSink<string>({ path: file, format: lineFormat() });
    await writeFile(file, "before\n");
    await sink.recover([]);
    const transaction = await sink.begin();
    await sink.write(transaction, ["a"]);
    await sink.preCommit(transaction);
    await truncate(file, 3);
    await expect(sink.commit(transaction)).rejects.toThrow(`${file} has 3 bytes; expected at least the 7`);
  });

  test("staged files that are gone", async () => {
    const folder = await newFolder();
    for (const sink of [
      fileSink<string>({ path: path.join(folder, "out"), format: lineFormat() }) as TwoPhaseSink<string>,
      rollingFileSink<string>({ folder, format: lineFormat() }) as TwoPhaseSink<string>,
    ]) {
      await sink.recover([]);
      const transaction = await sink.begin();
      await sink.write(transaction, ["a"]);
      await sink.preCommit(transaction);
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await expect(sink.recover([transaction])).rejects.toThrow("expected the one or the other");
    }
  });

  test("half of what was being appended is taken back", async () => {
    const file = path.join(await newFolder(), "out");
    const dead = fileSink<string>({ path: file, format: lineFormat() });
    await dead.recover([]);
    const transaction = await dead.begin();
    await dead.write(transaction, ["one", "two"]);
    await dead.preCommit(transaction);
    await appendFile(file, "on");
    const heir = fileSink<string>({ path: file, format: lineFormat() });
    await expect(heir.recover([transaction])).resolves.toEqual({ committed: 1, aborted: 0 });
    expect(await readFile(file, "utf8")).toBe("one\ntwo\n");
  });
});
