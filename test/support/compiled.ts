/**
 * The sources as JavaScript, for tests that need a process of their own, to kill it for instance: Node 20 does not run
 * TypeScript. They lie inside of the project, so that packages are found.
 */

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "@jest/globals";
import { transformSync } from "@swc/core";
import { filesUnder, read, root } from "./project.ts";

/** Gives the URL of a compiled source by its path under `src`. Call it where `describe` is called. */
export function compiledSources(): (file: string) => string {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "tripline-test-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (const file of [...filesUnder("src", ".ts"), ...GENERATED]) {
    const { code } = transformSync(read(file), OPTIONS);
    const target = join(folder, file.replace(/\.ts$/, ".js"));
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(target, code);
  }
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  return (file) => pathToFileURL(join(folder, "src", file.replace(/\.ts$/, ".js"))).href;
}

/** Not among our own files, and needed all the same. */
const GENERATED = ["src/lang/grammar.generated.ts"];

const OPTIONS = {
  swcrc: false,
  module: { type: "es6" },
  jsc: { target: "es2022", parser: { syntax: "typescript" }, rewriteRelativeImportExtensions: true },
} as const;
