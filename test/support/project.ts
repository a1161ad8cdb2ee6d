/** The project's own files, as the tidy tests read them. Paths are relative to the project's root. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Every file under a folder whose name ends in one of the given ways; what is generated or installed is not ours. */
export function filesUnder(folder: string, ...endings: readonly string[]): string[] {
  if (!exists(folder)) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes("node_modules") && !file.includes(".generated."))
    .sort();
}

export function exists(file: string): boolean {
  return existsSync(path.join(root, file));
}

export function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

/** The lines of a fenced block of Markdown, by the word after its fence: ```` ```layers ````. */
export function fencedBlock(file: string, word: string): string[] {
  const block = new RegExp(`^\`\`\`${word}\\n([^]*?)\\n\`\`\`$`, "m").exec(read(file));
  if (block === null) throw new Error(`${file} has no \`\`\`${word} block`);
  return block[1]!.split("\n").filter((line) => line.trim() !== "");
}

/** A table of `name -> name name`, as in ARCHITECTURE.md. */
export function arrowTable(file: string, word: string): Map<string, readonly string[]> {
  return new Map(
    fencedBlock(file, word).map((line) => {
      const [name, targets] = line.split("->").map((side) => side.trim());
      return [name!, targets!.split(/\s+/).filter((target) => target !== "")];
    }),
  );
}
