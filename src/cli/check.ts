/** `tripline check FILES`: the diagnostics of rule files; exits with 1 if there is an error among them. */

import { parseArgs } from "node:util";
import { isRefused } from "../engine/check-rules.ts";
import { Engine } from "../engine/engine.ts";
import { count } from "./count.ts";
import { EXIT } from "./exit-code.ts";
import { loadFiles, readRuleFiles, renderFile } from "./rule-files.ts";
import { asUsageError } from "./usage.ts";

export async function check(args: string[]): Promise<number> {
  const { positionals } = parsed(args);
  const files = loadFiles(new Engine(), await readRuleFiles(positionals));
  for (const file of files) process.stdout.write(renderFile(file));
  const refused = files.filter(({ diagnostics }) => isRefused(diagnostics));
  const warnings = files.flatMap(({ diagnostics }) => diagnostics).filter(({ severity }) => severity === "warning");
  const rules = files.reduce((sum, file) => sum + file.rules.length, 0);
  process.stderr.write(
    refused.length > 0
      ? `refused: ${refused.map(({ fileName }) => fileName).join(", ")}\n`
      : `${count(files.length, "file")}, ${count(rules, "rule")}, ${count(warnings.length, "warning")}\n`,
  );
  return refused.length > 0 ? EXIT.refused : EXIT.ok;
}

function parsed(args: string[]): { readonly positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: {} });
  } catch (error) {
    throw asUsageError(error);
  }
}
