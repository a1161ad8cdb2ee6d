/** The folder of rule files that the service loads when it starts; one that is refused is told of, and passed by. */

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { RuleError } from "../engine/rule-error.ts";
import type { EngineService } from "../engine/service.ts";
import { renderDiagnostic } from "../lang/render.ts";
import type { Logger } from "./logger.ts";

export interface LoadOptions {
  readonly folder: string;
  readonly service: Pick<EngineService, "putRules" | "wasLoaded">;
  readonly log: Logger;
}

/**
 * Puts every `.rule` file below the folder, in the order of their names. One that was loaded before as it stands is left
 * alone, so that what was changed over the API since then stays changed.
 */
export async function loadRuleFolder({ folder, service, log }: LoadOptions): Promise<void> {
  const names = await ruleFiles(folder);
  if (names === null) return log.info({ folder }, "there is no folder of rules to load");
  for (const name of names) {
    const fileName = path.join(folder, name);
    const source = await readFile(fileName, "utf8");
    if (service.wasLoaded(source, name)) continue;
    try {
      const { rules } = await service.putRules(source, name);
      log.info({ file: fileName, rules: rules.map((rule) => rule.name) }, "rules loaded");
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      const rendered = error.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { source, fileName }));
      log.error({ file: fileName, diagnostics: error.diagnostics }, `rules refused\n${rendered.join("\n")}`);
    }
  }
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
