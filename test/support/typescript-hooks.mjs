/** The module hooks behind typescript.mjs; Node runs them on a thread of their own. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "@swc/core";

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
