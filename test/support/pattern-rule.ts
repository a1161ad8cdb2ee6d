/** The first rule of a text, which looks for a pattern. */

import { assert } from "../../src/core/assert.ts";
import { isRefused } from "../../src/engine/rules/check-rules.ts";
import { parseRules } from "../../src/index.ts";
import type { PatternRuleDefinition } from "../../src/lang/definition.ts";

export function patternRule(source: string): PatternRuleDefinition {
  const { rules, diagnostics } = parseRules(source);
  const [rule] = rules;
  assert(rule?.kind === "pattern" && !isRefused(diagnostics), `refused: ${JSON.stringify(diagnostics)}\n${source}`);
  return rule;
}
