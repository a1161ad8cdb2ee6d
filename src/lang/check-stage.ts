/** What can be wrong with one stage by itself: modifiers that do not fit it or each other. */

import type { Modifier, Stage } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";
import { isNegative, isQuantifier, modifierOf, occurs, quantifierOf, title } from "./stage.ts";

type Kind = Modifier["kind"];

/** What shapes a loop, and says nothing about a single event. */
const OF_LOOPS: readonly Kind[] = ["greedy", "consecutive", "allowCombinations"];

/** Why a `not` stage and a group cannot have them. */
const OF_NOT_STAGES: readonly Kind[] = ["where", "gap"];

export function* checkStage(stage: Stage): Iterable<Diagnostic> {
  if (isNegative(stage)) yield* checkNegative(stage);
  else {
    yield* checkRepeated(stage);
    yield* checkExclusive(stage);
    yield* checkLoop(stage);
    yield* checkCounts(stage);
    if (stage.group !== null) yield* checkGroup(stage);
  }
  const gap = modifierOf(stage, "gap");
  if (gap?.duration.ms === 0) {
    yield report(gap.duration.span, { code: "E133", message: "nothing comes within `0s`", hint: "give a duration" });
  }
}

function* checkNegative(stage: Stage): Iterable<Diagnostic> {
  if (stage.group !== null) {
    yield report(stage.contiguitySpan, {
      code: "E110",
      message: `\`${stage.contiguity}\` keeps one kind of event away, not a group`,
      hint: "name a stage, and say with `or` what must not come",
    });
  }
  for (const { kind, span } of stage.modifiers) {
    if (OF_NOT_STAGES.includes(kind)) continue;
    yield report(span, {
      code: "E109",
      message: `\`${kind}\` says how events are taken, and \`${stage.contiguity}\` takes none`,
      hint: "take it away",
    });
  }
  yield* checkRepeated(stage);
}

function* checkRepeated(stage: Stage): Iterable<Diagnostic> {
  const seen = new Set<Kind>();
  let quantifier: Kind | null = null;
  for (const modifier of stage.modifiers) {
    const { kind, span } = modifier;
    if (seen.has(kind)) {
      const hint = kind === "where" || kind === "until" ? "join the two conditions with `and`" : "take one away";
      yield report(span, { code: "E104", message: `\`${kind}\` is given twice`, hint });
    } else if (isQuantifier(modifier)) {
      if (quantifier !== null) {
        const message = `\`${quantifier}\` says already how often ${title(stage)} occurs`;
        yield report(span, { code: "E104", message, hint: "keep one of them" });
      }
      quantifier = kind;
    }
    seen.add(kind);
  }
}

function* checkExclusive(stage: Stage): Iterable<Diagnostic> {
  const combinations = modifierOf(stage, "allowCombinations");
  const consecutive = modifierOf(stage, "consecutive");
  const greedy = modifierOf(stage, "greedy");
  if (combinations !== undefined && consecutive !== undefined) {
    yield report(combinations.span, {
      code: "E105",
      message: "`consecutive` skips no event between two occurrences, and `allowCombinations` skips any",
      hint: "keep one of them",
    });
  }
  if (combinations !== undefined && greedy !== undefined) {
    yield report(greedy.span, {
      code: "E105",
      message: "`greedy` takes as many events as it can, and `allowCombinations` leaves out any of them",
      hint: "keep one of them",
    });
  }
  const quantifier = quantifierOf(stage);
  const optional = modifierOf(stage, "optional");
  if (optional !== undefined && quantifier?.kind === "times" && quantifier.from === 0 && quantifier.to !== null) {
    yield report(optional.span, {
      code: "E105",
      message: `\`times(0, ${quantifier.to})\` is optional already`,
      hint: "take it away",
    });
  }
}

function* checkLoop(stage: Stage): Iterable<Diagnostic> {
  const quantifier = quantifierOf(stage);
  for (const { kind, span } of stage.modifiers) {
    if (quantifier === null && OF_LOOPS.includes(kind) && !(stage.group !== null && kind === "greedy")) {
      const often = occurs(stage).optional ? "at most one event" : "exactly one event";
      yield report(span, {
        code: "E103",
        message: `\`${kind}\` needs a loop, and ${title(stage)} matches ${stage.group === null ? often : "once"}`,
        hint: "take it away, or add `oneOrMore` or `times(...)`",
      });
    }
    if (kind === "until" && quantifier?.kind !== "oneOrMore" && quantifier?.kind !== "timesOrMore") {
      yield report(span, {
        code: "E107",
        message: `\`until\` ends an open loop, and ${title(stage)} ends by itself`,
        hint: "take it away, or use `oneOrMore` or `timesOrMore(n)`",
      });
    }
  }
}

function* checkCounts(stage: Stage): Iterable<Diagnostic> {
  const quantifier = quantifierOf(stage);
  if (quantifier === null || quantifier.kind === "oneOrMore") return;
  const refused = (message: string, hint: string): Diagnostic =>
    report(quantifier.span, { code: "E106", message, hint });
  if (quantifier.kind === "timesOrMore") {
    if (quantifier.from === 0)
      yield refused("`timesOrMore` counts from 1", "write `oneOrMore optional` for any number");
    return;
  }
  const { from, to } = quantifier;
  if (from === 0 && (to === null || to === 0)) {
    yield refused(`${title(stage)} would never take an event`, "count from 1, or leave the stage away");
  } else if (to !== null && to < from) {
    yield refused(`from ${from} up to ${to} is no range`, `the smaller number goes first: \`times(${to}, ${from})\``);
  }
}

function* checkGroup(stage: Stage): Iterable<Diagnostic> {
  const where = modifierOf(stage, "where");
  if (where !== undefined) {
    yield report(where.span, {
      code: "E108",
      message: "a group has no condition of its own: its stages take the events",
      hint: "give the condition to a stage in the group",
    });
  }
  const greedy = modifierOf(stage, "greedy");
  if (greedy !== undefined) {
    yield report(greedy.span, {
      code: "E108",
      message: "a group cannot be `greedy`",
      hint: "make the loop in the group greedy, or take it away",
    });
  }
}
