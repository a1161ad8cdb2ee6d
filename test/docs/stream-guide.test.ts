/** The guide's programs, each in a folder of its own as a reader has it, and what they print. */

import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { read, root } from "../support/project.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

interface Block {
  readonly language: string;
  readonly body: string;
}

/** A file of the reader's, named in its first line; for a program, what the block behind it says that it prints. */
interface GuideFile {
  readonly name: string;
  readonly text: string;
  readonly printed: string | null;
}

function blocksOf(markdown: string): Block[] {
  const found = markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm);
  return [...found].map(([, language, body]) => ({ language: language!, body: body! }));
}

function filesOf(blocks: readonly Block[]): GuideFile[] {
  return blocks.flatMap(({ language, body }, index) => {
    const [, name, text] = /^\/\/ (\S+)\n([^]*)$/.exec(body) ?? [];
    if (name === undefined || text === undefined) return [];
    const next = blocks[index + 1];
    return [{ name, text, printed: language === "js" && next?.language === "text" ? next.body : null }];
  });
}

const blocks = blocksOf(read("docs/stream-guide.md"));
const files = filesOf(blocks);
const programs = files.filter(({ name }) => name.endsWith(".mjs"));

describe("the guide to streams", () => {
  const newFolder = temporaryFolders();
  let folder = "";

  beforeAll(async () => {
    folder = await newFolder();
    await mkdir(path.join(folder, "node_modules"));
    await symlink(root, path.join(folder, "node_modules/tripline"));
    await Promise.all(files.map(({ name, text }) => writeFile(path.join(folder, name), text)));
  });

  test("every block of JavaScript is a program, with what it prints", () => {
    expect(programs.length).toBe(blocks.filter(({ language }) => language === "js").length);
    expect(programs.filter(({ printed }) => printed === null)).toEqual([]);
  });

  test.each(programs)("$name", async ({ name, printed }) => {
    const { stdout } = await promisify(execFile)(process.execPath, [name], { cwd: folder });
    expect(stdout).toBe(printed);
  });
});
