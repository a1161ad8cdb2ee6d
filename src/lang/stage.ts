/** What a stage's modifiers say, taken together. */

import type { Modifier, Stage } from "./ast.ts";

export type Quantifier = Extract<Modifier, { kind: "times" | "timesOrMore" | "oneOrMore" }>;

export function modifierOf<Kind extends Modifier["kind"]>(
  { modifiers }: Stage,
  kind: Kind,
): Extract<Modifier, { kind: Kind }> | undefined {
  return modifiers.find((modifier): modifier is Extract<Modifier, { kind: Kind }> => modifier.kind === kind);
}

export function isQuantifier(modifier: Modifier): modifier is Quantifier {
  return modifier.kind === "times" || modifier.kind === "timesOrMore" || modifier.kind === "oneOrMore";
}

/** Null: exactly one. */
export function quantifierOf({ modifiers }: Stage): Quantifier | null {
  return modifiers.find(isQuantifier) ?? null;
}

export interface Occurrence {
  readonly from: number;
  /** Null: open-ended. */
  readonly to: number | null;
  readonly optional: boolean;
}

/** How often the stage occurs. `times(0, n)` is `times(1, n) optional`. */
export function occurs(stage: Stage): Occurrence {
  const quantifier = quantifierOf(stage);
  const optional = modifierOf(stage, "optional") !== undefined;
  switch (quantifier?.kind) {
    case undefined:
      return { from: 1, to: 1, optional };
    case "oneOrMore":
      return { from: 1, to: null, optional };
    case "timesOrMore":
      return { from: quantifier.from, to: null, optional };
    case "times": {
      const { from, to } = quantifier;
      return { from: Math.max(1, from), to: to ?? from, optional: optional || from === 0 };
    }
  }
}

export function innerContiguity(stage: Stage): "relaxed" | "strict" | "any" {
  if (modifierOf(stage, "consecutive") !== undefined) return "strict";
  return modifierOf(stage, "allowCombinations") !== undefined ? "any" : "relaxed";
}

export function isNegative({ contiguity }: Stage): boolean {
  return contiguity === "notNext" || contiguity === "notFollowedBy";
}

/** Whether the stage takes no event in some match. */
export function mayBeAbsent(stage: Stage): boolean {
  return isNegative(stage) || occurs(stage).optional || (stage.group !== null && stage.group.every(mayBeAbsent));
}

/** As a message names it. */
export function title({ name, group }: Stage): string {
  if (group === null) return `\`${name?.text ?? ""}\``;
  return name === null ? "the group" : `the group \`${name.text}\``;
}
