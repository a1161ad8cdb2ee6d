/** `tripline check FILES`: the diagnostics of rule files, and what their rules may cost; exits with 1 if there is an error. */

import { parseArgs } from "node:util";
import { costOfRule } from "../engine/rules/automaton.ts";
import { isRefused } from "../engine/rules/check-rules.ts";
import { Engine } from "../engine/engine.ts";
import type { Cost } from "../nfa/cost.ts";
import { count } from "./count.ts";
import { EXIT } from "./exit-code.ts";
import { loadFiles, readRuleFiles, renderFile } from "./rule-files.ts";
import { asUsageError } from "./usage.ts";

export async function check(args: string[]): Promise<number> {
  const { positionals } = parsed(args);
  const engine = new Engine();
  const files = loadFiles(engine, await readRuleFiles(positionals));
  for (const file of files) process.stdout.write(renderFile(file));
  for (const { name, runtime } of engine.rules.all()) {
    const cost = costOfRule(runtime.rule);
    if (cost !== null) process.stdout.write(`${costLine(name, cost)}\n`);
  }
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

function costLine(rule: string, { states, by, cap, reason }: Cost): string {
  const bound = cap === null ? `are bounded by ${BOUNDS[by]}` : `may come to ${cap} for a key, the most there may be`;
  return `${rule}: ${count(states, "state")}; partial matches ${bound}: ${reason}`;
}

const BOUNDS: Readonly<Record<Cost["by"], string>> = {
  "strict sequence": "strict contiguity",
  within: "`within`",
  gap: "`gap`",
  cap: "the cap",
};

function parsed(args: string[]): { readonly positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: {} });
  } catch (error) {
    throw asUsageError(error);
  }
}
