/** Patterns that are allowed, and probably not meant. */

import type { Pattern, Stage } from "./ast.ts";
import { clauseOf } from "./clauses.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";
import { isNegative, mayBeAbsent, modifierOf, occurs, quantifierOf, title } from "./stage.ts";

export function* patternWarnings(pattern: Pattern): Iterable<Diagnostic> {
  yield* matchesNothing(pattern);
  yield* heldBack(pattern);
  yield* tooLateToMatter(pattern);
  yield* greedyWithoutEffect(pattern.stages, { atEnd: true });
  yield* gapWithoutEffect(pattern.stages);
}

function* matchesNothing({ stages }: Pattern): Iterable<Diagnostic> {
  if (!stages.every(mayBeAbsent)) return;
  yield report(stages[0]!.span, {
    code: "W101",
    message: "every stage may be absent, so this pattern can match nothing at all, for which there is no alert",
    hint: "make one stage not optional",
  });
}

function* heldBack({ stages, clauses }: Pattern): Iterable<Diagnostic> {
  const skip = clauseOf(clauses, "skip");
  const loop = openLoop(stages);
  if (loop === null || skip?.strategy.kind === "none" || clauseOf(clauses, "within") !== undefined) return;
  yield report(loop.span, {
    code: "W102",
    message: `without \`within\` this loop may never end, and \`skip ${skip?.strategy.kind ?? "pastLastEvent"}\` holds later matches back until it does`,
    hint: "add `within`, or `skip none`",
  });
}

function openLoop(stages: readonly Stage[]): Stage | null {
  for (const stage of stages) {
    const loop = occurs(stage).to === null ? stage : openLoop(stage.group ?? []);
    if (loop !== null) return loop;
  }
  return null;
}

function* tooLateToMatter({ stages }: Pattern): Iterable<Diagnostic> {
  for (const [index, stage] of stages.entries()) {
    const after = stages.slice(index + 1);
    if (stage.contiguity !== "notFollowedBy" || after.length === 0) continue;
    if (!after.every((later) => !isNegative(later) && mayBeAbsent(later))) continue;
    yield report(stage.span, {
      code: "W103",
      message: `the match is out before ${title(stage)} can matter, since all that follows may be absent`,
      hint: "make a stage after it not optional",
    });
  }
}

function* greedyWithoutEffect(stages: readonly Stage[], { atEnd }: { readonly atEnd: boolean }): Iterable<Diagnostic> {
  for (const [index, stage] of stages.entries()) {
    const isEnd = atEnd && index === stages.length - 1;
    const { from, to } = occurs(stage);
    const greedy = modifierOf(stage, "greedy");
    if (greedy !== undefined && quantifierOf(stage) !== null && (isEnd || from === to)) {
      yield report(greedy.span, {
        code: "W104",
        message:
          from === to
            ? `${title(stage)} takes exactly ${from}, greedy or not`
            : `\`greedy\` decides between a loop and what follows it, and nothing follows ${title(stage)}`,
        hint: "take it away",
      });
    }
    if (stage.group !== null) yield* greedyWithoutEffect(stage.group, { atEnd: isEnd && to === 1 });
  }
}

/** The first event of a match has none before it. */
function* gapWithoutEffect([first]: readonly Stage[]): Iterable<Diagnostic> {
  if (first === undefined || occurs(first).to !== 1) return;
  const gap = modifierOf(first, "gap");
  if (gap !== undefined) {
    yield report(gap.span, {
      code: "W105",
      message: `no event comes before ${title(first)}, so there is no gap to limit`,
      hint: "take it away, or limit the whole pattern by `within`",
    });
  }
  if (first.group !== null) yield* gapWithoutEffect(first.group);
}
