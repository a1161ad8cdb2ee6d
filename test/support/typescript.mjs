/** Lets Node 20 run the tests' TypeScript outside of Jest: `node --import ./test/support/typescript.mjs FILE.ts`. */

import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { transform } from "@swc/core";

// Node runs the hooks below on a thread of their own, and there it loads this very file.
if (isMainThread) register(import.meta.url);

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), "utf8"), OPTIONS);
  return { format: "module", source: code, shortCircuit: true };
}

const OPTIONS = {
  swcrc: false,
  sourceMaps: "inline",
  module: { type: "es6" },
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
};
