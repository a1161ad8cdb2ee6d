import { describe, expect, test } from "@jest/globals";
import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../../src/core/errors.ts";
import {
  csvBoolean,
  csvFile,
  csvNumber,
  csvOptional,
  csvText,
  csvTime,
  ndjsonFile,
  type CsvFileOptions,
} from "../../../src/connect/index.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { readAll, readsOnFromAnywhere } from "./reading.ts";

const newFolder = temporaryFolders();

async function fileOf(text: string): Promise<string> {
  const file = path.join(await newFolder(), "input");
  await writeFile(file, text);
  return file;
}

// S11.46
describe("an NDJSON file", () => {
  async function check(text: string, expected: readonly unknown[]): Promise<void> {
    const source = ndjsonFile({ paths: await fileOf(text) });
    expect((await readAll(source)).values).toEqual(expected);
    expect(await readsOnFromAnywhere(source)).toBe(true);
  }

  test("is read a value a line", () => check('{"a":1}\n\n[2]\r\n"three"', [{ a: 1 }, [2], "three"]));

  test("may be empty", () => check("", []));

  test("may begin with a byte order mark, and hold any letter", () => check('\ufeff"é"\n"🦊"\n', ["é", "🦊"]));

  test("may be long, and is read from any position", async () => {
    const values = Array.from({ length: 3000 }, (_, i) => ({ i, text: "é".repeat(i % 50) }));
    await check(values.map((value) => JSON.stringify(value)).join("\n"), values);
  });

  test("several are a split each", async () => {
    const [first, second] = [await fileOf("1\n2\n"), await fileOf("3\n")];
    const source = ndjsonFile({ paths: [first, second] });
    expect(await source.splits()).toEqual([first, second]);
    expect((await readAll(source, { split: second })).values).toEqual([3]);
  });

  test("a value may become what it is wanted as", async () => {
    const source = ndjsonFile({ paths: await fileOf("1\n2\n"), decode: (json) => `n${Number(json)}` });
    expect((await readAll(source)).values).toEqual(["n1", "n2"]);
  });

  test("a malformed line is told with its place, or left out", async () => {
    const file = await fileOf('1\n{"a":}\n2\n');
    await expect(readAll(ndjsonFile({ paths: file }))).rejects.toThrow(
      `${file}, at byte 2: not JSON at line 1, column 6: found "}", expected a value`,
    );
    const told: UserError[] = [];
    const { values } = await readAll(ndjsonFile({ paths: file, onMalformed: (error) => void told.push(error) }));
    expect(values).toEqual([1, 2]);
    expect(told.map(({ code }) => code)).toEqual(["malformed-line"]);
  });

  test("a line that is too long is never held", async () => {
    const file = await fileOf(`1\n"${"x".repeat(2 ** 20)}"\n2\n`);
    await expect(readAll(ndjsonFile({ paths: file }))).rejects.toThrow("the line has 1048578 bytes; expected 1048576");
    const { values } = await readAll(ndjsonFile({ paths: file, onMalformed: () => undefined }));
    expect(values).toEqual([1, 2]);
  });

  test("one that has become shorter is not read on", async () => {
    const file = await fileOf("1\n2\n3\n");
    await truncate(file, 2);
    await expect(readAll(ndjsonFile({ paths: file }), { from: 4 })).rejects.toThrow(
      `${file} has 2 bytes, and was read up to byte 4 before`,
    );
  });

  test("there has to be one", async () => {
    expect(() => ndjsonFile({ paths: [] })).toThrow("a source of NDJSON files has no file");
    await expect(readAll(ndjsonFile({ paths: "/nowhere/at/all" }))).rejects.toThrow("ENOENT");
  });
});

describe("a CSV file", () => {
  interface Payment {
    readonly name: string;
    readonly amount: number;
  }
  const columns = { name: csvText, amount: csvNumber };

  async function check(
    text: string,
    options: Partial<CsvFileOptions<Payment>>,
    expected: readonly Payment[],
  ): Promise<void> {
    const source = csvFile<Payment>({ paths: await fileOf(text), columns, ...options });
    expect((await readAll(source)).values).toEqual(expected);
    expect(await readsOnFromAnywhere(source)).toBe(true);
  }

  const payments = [
    { name: "Ann", amount: 1 },
    { name: "Bob", amount: -2.5 },
  ];

  test("is read by the names in its header, in whatever order they come", async () => {
    await check("name,amount\nAnn,1\nBob,-2.5\n", {}, payments);
    await check("amount,other,name\r\n1,x,Ann\r\n-2.5,y,Bob", {}, payments);
  });

  test("is read by the order of its columns without a header", () =>
    check("Ann,1\nBob,-2.5", { header: false }, payments));

  test("may have quotes, commas and line ends inside of quotes", () =>
    check('name,amount\n"Ann, ""A""\nof B","1e3"\n', {}, [{ name: 'Ann, "A"\nof B', amount: 1000 }]));

  test("may be long, with quoted line ends where chunks are cut, and is read from any position", async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ name: "x\n".repeat(i % 40), amount: i }));
    const text = rows.map(({ name, amount }) => `"${name}",${amount}\n`).join("");
    await check(`name,amount\n${text}`, {}, rows);
  });

  test("has types of columns", async () => {
    const file = await fileOf("at,ok,note\n1970-01-01T00:00:01Z,true,\n5,false,x\n");
    const source = csvFile({ paths: file, columns: { at: csvTime, ok: csvBoolean, note: csvOptional(csvText) } });
    expect((await readAll(source)).values).toEqual([
      { at: 1000, ok: true, note: null },
      { at: 5, ok: false, note: "x" },
    ]);
  });

  test.each([
    ["name,amount\nAnn,one\n", 'at byte 12: column "amount": found "one"; expected a number'],
    ["name,amount\nAnn,\n", 'at byte 12: column "amount": found ""; expected a number'],
    ["name,amount\nAnn,1\nBob\n", "at byte 18: found 1 fields; expected 2"],
    ['name,amount\n"Ann,1\n', "at byte 12: found no end of a field that begins with a quote"],
    ["name,amont\nAnn,1\n", 'has the columns name, amont, and no "amount"; did you mean "amont"?'],
    ["", "has no header"],
  ])("what is wrong is told with its place: %j", async (text, message) => {
    const file = await fileOf(text);
    await expect(readAll(csvFile({ paths: file, columns }))).rejects.toThrow(message);
  });

  test("its delimiter is one character", () => {
    expect(() => csvFile({ paths: "x", columns, delimiter: "" })).toThrow('the delimiter of CSV is ""');
  });
});
