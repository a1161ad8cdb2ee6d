/** What `tripline --version` prints. */

import { createRequire } from "node:module";

export function versionLine(): string {
  const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
  return `tripline ${version}\n`;
}
