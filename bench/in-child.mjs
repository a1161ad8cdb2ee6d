/** A fresh process for each measurement: no run inherits the heap or the compiled code of another. */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("child.mjs", import.meta.url));

/** Young space as `npm start` has it. */
export const NODE_FLAGS = ["--max-semi-space-size=64", "--max-old-space-size=8192"];

/** What the exported function `name` of `module` (a URL) gives for `argument`, worked out in a process of its own. */
export function inChild({ module, name, argument, flags = [] }) {
  return new Promise((resolve, reject) => {
    const child = fork(ENTRY, [], { execArgv: [...NODE_FLAGS, ...flags], serialization: "advanced" });
    let result;
    child.on("message", (message) => (result = message));
    child.on("error", reject);
    child.on("exit", (code) => {
      if (result === undefined) reject(new Error(`${name} ended with code ${code}`));
      else resolve(result.value);
    });
    child.send({ module, name, argument });
  });
}
