/** Runs an example by its name: `npm run example failed-logins`. */

import { readdirSync } from "node:fs";

const folder = new URL("stream/", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));
const [name = ""] = process.argv.slice(2);
if (names.includes(name)) {
  await import(new URL(`${name}.ts`, folder).href);
} else {
  console.error(`${name === "" ? "which example?" : `there is no example "${name}"`} There are: ${names.join(", ")}`);
  process.exitCode = 2;
}
