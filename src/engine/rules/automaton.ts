/** The automaton of a rule, for whoever wants to look at it. Rules with a window have none. */

import { UserError } from "../../core/errors.ts";
import { costOf, type Cost } from "../../nfa/cost.ts";
import type { Nfa } from "../../nfa/nfa.ts";
import type { CompiledRule } from "./compiled-rule.ts";

/** UserError `no-automaton`. */
export function automatonOf(rule: CompiledRule): Nfa {
  if (rule.kind === "pattern") return rule.nfa;
  throw new UserError({
    code: "no-automaton",
    message: `rule \`${rule.definition.name}\` looks at a window, and has no automaton`,
    hint: "its text says all that there is to see",
  });
}

/** Null for a rule without partial matches: a window's memory does not depend on how its events follow each other. */
export function costOfRule(rule: CompiledRule): Cost | null {
  return rule.kind === "pattern" ? costOf(rule.nfa) : null;
}
