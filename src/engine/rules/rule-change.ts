/** What becomes of a rule's state when it is put: kept, dropped or let finish; and which rules cannot be let finish. */

import type { RuleDefinition } from "../../lang/definition.ts";
import type { Diagnostic } from "../../lang/diagnostic.ts";
import { diagnosticAt } from "../../lang/report.ts";
import { matchesAlike } from "./compiled-rule.ts";
import { drainMs } from "./drain.ts";
import type { OnChange } from "../log/log-record.ts";
import type { RulesPlan } from "./rule-registry.ts";

/** `draining`: the old version finishes what it has begun, under its own number. */
export type StateChange = "new" | "kept" | "dropped" | "draining";

export function stateChange(
  before: RuleDefinition | undefined,
  { definition, onChange }: { readonly definition: RuleDefinition; readonly onChange: OnChange },
): StateChange {
  if (before === undefined) return "new";
  if (matchesAlike(before, definition)) return "kept";
  return onChange === "drain" ? "draining" : "dropped";
}

/** An error for each rule whose old version might never be done. */
export function undrainable(
  { rules }: RulesPlan,
  activeOf: (name: string) => RuleDefinition | undefined,
): readonly Diagnostic[] {
  return rules.flatMap(({ definition }) => {
    const before = activeOf(definition.name);
    if (before === undefined || matchesAlike(before, definition) || drainMs(before) !== null) return [];
    const why =
      before.kind === "pattern" ? "its pattern has no `within`" : "its window has no end that time could bring about";
    return diagnosticAt(definition.span, {
      code: "E402",
      message: `\`${definition.name}\` cannot drain: ${why}, so what its active version has begun may never be done`,
      hint: "leave `on_change=drain` away to drop it, or put the new rule under another name beside it",
    });
  });
}
