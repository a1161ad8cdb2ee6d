/** Rule files named on the command line: read, and checked one after the other, each against those before it. */

import { isUtf8 } from "node:buffer";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { isRefused } from "../engine/rules/check-rules.ts";
import type { Engine } from "../engine/engine.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import { renderDiagnostic } from "../lang/render.ts";
import { cannotRead, UsageError } from "./usage.ts";

export interface SourceFile {
  readonly fileName: string;
  readonly source: string;
}

/** Files as named; a folder stands for the `.rule` files below it, in the order of their names. */
export async function readRuleFiles(names: readonly string[]): Promise<readonly SourceFile[]> {
  if (names.length === 0) throw new UsageError("no rule file is named", "name one or more `.rule` files or folders");
  const files = (await Promise.all(names.map(expand))).flat();
  return Promise.all(files.map(async (fileName) => ({ fileName, source: await readText(fileName) })));
}

async function readText(fileName: string): Promise<string> {
  const bytes = await readFile(fileName).catch(cannotRead(fileName));
  // Read all the same, what is not UTF-8 would be lost when the file is written back.
  if (!isUtf8(bytes)) throw new UsageError(`cannot read ${fileName}: it is not UTF-8`, "rule files are UTF-8 text");
  return bytes.toString();
}

async function expand(name: string): Promise<string[]> {
  const found = await stat(name).catch(cannotRead(name));
  if (!found.isDirectory()) return [name];
  const entries = await readdir(name, { recursive: true });
  const rules = entries.filter((entry) => entry.endsWith(".rule")).sort();
  if (rules.length === 0) throw new UsageError(`no \`.rule\` file below ${name}`);
  return rules.map((entry) => path.join(name, entry));
}

export interface CheckedFile extends SourceFile {
  readonly diagnostics: readonly Diagnostic[];
  readonly rules: readonly string[];
}

/** Checks the files in turn and puts each into the engine that is not refused, as if they were posted one after the other. */
export function loadFiles(engine: Engine, files: readonly SourceFile[]): readonly CheckedFile[] {
  const origin = new Map<string, string>();
  return files.map((file) => {
    const checked = engine.check(file.source);
    const rules = checked.rules.map(({ name }) => name);
    const twice = checked.rules.find(({ name }) => origin.has(name));
    if (twice !== undefined) {
      throw new UsageError(
        `the rule \`${twice.name}\` stands in ${origin.get(twice.name)} and again in ${file.fileName}`,
        "rename one of them, or leave one file out",
      );
    }
    for (const name of rules) origin.set(name, file.fileName);
    if (!isRefused(checked.diagnostics)) engine.apply({ kind: "rules", offset: -1, source: file.source });
    return { ...file, diagnostics: checked.diagnostics, rules };
  });
}

/** As a person sees them. */
export function renderFile({
  diagnostics,
  source,
  fileName,
}: SourceFile & { readonly diagnostics: readonly Diagnostic[] }): string {
  return diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic, { source, fileName })}\n`).join("\n");
}
