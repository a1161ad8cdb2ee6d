/** Rule T: the order of matches that may be released at one moment, ties included. */

import type { Completion } from "./reading.ts";

/**
 * By first event; by completion; more events first; earlier events first; events in earlier stages of the text first.
 * `stages` are the stages in the text's order.
 */
export function ruleT(stages: readonly string[]): (a: Completion, b: Completion) => number {
  return (a, b) =>
    a.takes[0]!.event - b.takes[0]!.event ||
    a.at - b.at ||
    b.takes.length - a.takes.length ||
    lexicographic(a.takes.map((take, i) => take.event - b.takes[i]!.event)) ||
    lexicographic(a.takes.map((take, i) => stages.indexOf(take.stage) - stages.indexOf(b.takes[i]!.stage)));
}

function lexicographic(differences: readonly number[]): number {
  return differences.find((difference) => difference !== 0) ?? 0;
}
