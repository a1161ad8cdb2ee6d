/** The folder of rule files that the service loads when it starts; one that is refused is told of, and passed by. */

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { RuleError } from "../engine/rules/rule-error.ts";
import type { EngineService } from "../engine/service/service.ts";
import { parseFile } from "../lang/parse.ts";
import { renderDiagnostic } from "../lang/render.ts";
import type { Logger } from "./logger.ts";

export interface LoadOptions {
  readonly folder: string;
  readonly service: Pick<EngineService, "putRules" | "wasLoaded">;
  readonly log: Logger;
}

interface RuleSource {
  /** Below the folder. */
  readonly name: string;
  readonly fileName: string;
  readonly source: string;
  /** Names of its rules; none of a text that cannot be parsed, which is refused as it is. */
  readonly rules: readonly string[];
}

/**
 * Puts every `.rule` file below the folder, in the order of their names. One that was loaded before as it stands is left
 * alone, so that what was changed over the API since then stays changed. One with a rule of another's name is refused: the
 * last would win, and take the other's place without a word.
 */
export async function loadRuleFolder({ folder, service, log }: LoadOptions): Promise<void> {
  const names = await ruleFiles(folder);
  if (names === null) return log.info({ folder }, "there is no folder of rules to load");
  const files = await Promise.all(names.map((name) => readSource(folder, name)));
  const isLoaded = ({ source, name }: RuleSource): boolean => service.wasLoaded(source, name);
  const owners = ownersOf([...files.filter(isLoaded), ...files.filter((file) => !isLoaded(file))]);
  for (const file of files) {
    if (isLoaded(file)) continue;
    const twice = file.rules.find((rule) => owners.get(rule) !== file.fileName);
    if (twice === undefined) await load(file, { service, log });
    else {
      const message = `rules refused: the rule \`${twice}\` of ${file.fileName} stands in ${owners.get(twice)}, too`;
      log.error({ file: file.fileName, rule: twice, other: owners.get(twice) }, `${message}; rename one of them`);
    }
  }
}

async function load(
  { name, fileName, source }: RuleSource,
  { service, log }: Omit<LoadOptions, "folder">,
): Promise<void> {
  try {
    const { rules } = await service.putRules(source, { origin: name });
    log.info({ file: fileName, rules: rules.map((rule) => rule.name) }, "rules loaded");
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const rendered = error.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { source, fileName }));
    log.error({ file: fileName, diagnostics: error.diagnostics }, `rules refused\n${rendered.join("\n")}`);
  }
}

/** Rule → the first file that it stands in. */
function ownersOf(files: readonly RuleSource[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const file of files) {
    for (const rule of file.rules) if (!owners.has(rule)) owners.set(rule, file.fileName);
  }
  return owners;
}

async function readSource(folder: string, name: string): Promise<RuleSource> {
  const fileName = path.join(folder, name);
  const source = await readFile(fileName, "utf8");
  const blocks = parseFile(source).file?.blocks ?? [];
  const rules = blocks.filter(({ kind }) => kind === "rule").map((block) => block.name.text);
  return { name, fileName, source, rules };
}

/** Null when there is no such folder. */
async function ruleFiles(folder: string): Promise<readonly string[] | null> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return entries.filter((name) => name.endsWith(".rule")).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
