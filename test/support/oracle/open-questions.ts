/**
 * What a pattern may ask that the semantics do not answer outright, and what the oracle answers. A comparison with
 * the oracle leaves such patterns out, or looks at them one question at a time.
 */

import { everySequence, everyStage, firstOf, isNot, lastOf, mayBeEmpty } from "./accept.ts";
import type { VectorPattern, VectorStage } from "./vector.ts";

export interface OpenQuestion {
  readonly asks: string;
  readonly answer: string;
  readonly isIn: (pattern: VectorPattern) => boolean;
}

export function openQuestions(pattern: VectorPattern): OpenQuestion[] {
  return OPEN_QUESTIONS.filter(({ isIn }) => isIn(pattern));
}

export const OPEN_QUESTIONS: readonly OpenQuestion[] = [
  {
    asks: "a greedy stage at the end of a group's body: from whom does it hold back its events?",
    answer: "the next pass, or after the last one what follows; after an open-ended group, that for one event only",
    isIn: hasGroup((group) => lastOf(group).greedy === true),
  },
  {
    asks: "a greedy stage, then a group that begins with an optional stage: for how long does it hold back its events?",
    answer: "for the very next event only",
    isIn: hasNeighbours(({ stage, after }) => stage.greedy === true && beginsOptional(after)),
  },
  {
    asks: "a group that begins with a group: what contiguity has its very first stage?",
    answer: "the outer group's",
    isIn: hasGroup(({ group }) => Boolean(group!.stages[0]!.group)),
  },
  {
    asks: "until on a group with a group inside: does it hold in there?",
    answer: "yes",
    isIn: hasGroup(({ until, group }) => Boolean(until) && group!.stages.some((stage) => stage.group)),
  },
  {
    asks: "a repeated group that can match nothing: what contiguity has a pass after an empty one?",
    answer: "that between passes",
    isIn: hasGroup(({ quantifier, group }) => Boolean(quantifier) && group!.stages.every(mayBeEmpty)),
  },
  {
    asks: "notFollowedBy after a repeated group: is it on during later passes?",
    answer: "while the next pass is waited for, and between occurrences of the body's last stage; not in between",
    isIn: hasNeighbours(({ stage, before }) => stage.contiguity === "notFollowedBy" && isRepeatedGroup(before)),
  },
  {
    asks: "a not stage after a group that ends in an optional stage: is it refused?",
    answer: "no; it counts from the last event taken",
    isIn: hasNeighbours(({ stage, before }) => isNot(stage) && Boolean(before?.group) && mayBeEmpty(lastOf(before!))),
  },
  {
    asks: "a not stage before a group that begins with an optional stage: until when is it on?",
    answer: "until the group has taken an event",
    isIn: hasNeighbours(
      ({ stage, rest }) => isNot(stage) && beginsOptional(rest.find((next) => next.group || !mayBeEmpty(next))),
    ),
  },
  {
    asks: "notNext directly before an absence: does the absence need an event that is not the forbidden one?",
    answer: "yes; without any event it is a timeout",
    isIn: hasNeighbours(({ stage, rest }) => stage.contiguity === "notNext" && rest.length === 1 && isNot(rest[0]!)),
  },
  {
    asks: "toFirst orFail, where that stage may begin the match: does skipping to the match's own start fail?",
    answer: "no; only a match without the stage does",
    isIn: ({ stages, skip }) =>
      skip.throwOnMiss === true &&
      stages
        .slice(
          0,
          stages.findIndex(({ name }) => name === skip.pattern),
        )
        .every(mayBeEmpty),
  },
];

interface Neighbours {
  readonly before: VectorStage | undefined;
  readonly stage: VectorStage;
  readonly after: VectorStage | undefined;
  /** All that follow in the same sequence. */
  readonly rest: readonly VectorStage[];
}

function hasNeighbours(asked: (neighbours: Neighbours) => boolean): OpenQuestion["isIn"] {
  return ({ stages }) =>
    everySequence(stages).some((sequence) =>
      sequence.some((stage, i) =>
        asked({ before: sequence[i - 1], stage, after: sequence[i + 1], rest: sequence.slice(i + 1) }),
      ),
    );
}

function hasGroup(asked: (group: VectorStage) => boolean): OpenQuestion["isIn"] {
  return ({ stages }) => everyStage(stages).some((stage) => Boolean(stage.group) && asked(stage));
}

function isRepeatedGroup(stage: VectorStage | undefined): boolean {
  return Boolean(stage?.group && stage.quantifier);
}

/** Is it a group with something optional for its first event? */
function beginsOptional(stage: VectorStage | undefined): boolean {
  return Boolean(stage?.group && (stage.optional || mayBeEmpty(firstOf(stage))));
}
