/** What the oracle and the matcher answer where Tripline's semantics go beyond Flink's, or leave something to decide: the smallest cases. */

import { describe, expect, test } from "@jest/globals";
import { linesOf, patternFrom, streamFrom } from "../support/oracle/notation.ts";
import { oracleMatches } from "../support/oracle/oracle.ts";
import { matcherOf } from "../support/match-stream.ts";
import { ruleText } from "../support/oracle/rule-text.ts";
import { patternOf } from "../support/oracle/vector.ts";

function check(pattern: string, stream: string, expected: readonly string[]): void {
  checkOracle(pattern, stream, expected);
  expect(linesOf(matcherOf(ruleText(patternFrom(pattern), "r"))(streamFrom(stream)))).toEqual(expected);
}

/** Where the matcher answers otherwise, to what the semantics leave open. */
function checkOracle(pattern: string, stream: string, expected: readonly string[]): void {
  expect(linesOf(oracleMatches(patternOf(patternFrom(pattern)), streamFrom(stream)))).toEqual(expected);
}

describe("contiguity", () => {
  test("next takes the very next event, followedBy the first that matches, followedByAny each", () => {
    check("begin a, next b", "a x b", []);
    check("begin a, followedBy b", "a x b b", ["a0 b2 @2"]);
    check("begin a, followedByAny b", "a x b b", ["a0 b2 @2", "a0 b3 @3"]);
  });

  test("a loop is relaxed inside, and offers each of its lengths to the next stage", () => {
    check("begin a, next b oneOrMore, followedBy c", "a b x b c", ["a0 b1 b3 c4 @4", "a0 b1 c4 @4"]);
  });
});

describe("gap", () => {
  test("limits the time before the stage and between its occurrences", () => {
    check("begin a, followedBy b times(2) gap 5", "a b@6 b@7", ["timeout a0 @6ms"]);
    check("begin a, followedBy b times(2) gap 5", "a b@5 b@10", ["timeout a0 b1 @10ms"]);
    check("begin a, followedBy b times(2) gap 5", "a b@5 b@9", ["a0 b1 b2 @2"]);
  });

  test("ends the wait for an optional stage, and nothing else", () => {
    check("begin a, followedBy b optional gap 5, followedBy c", "a b@6 c@7", ["a0 c2 @2"]);
  });

  test("counts from the last event taken, past stages left out", () => {
    check("begin a, followedBy b optional, followedBy c gap 5", "a c@6", []);
    check("begin a, notNext n, followedBy c gap 5", "a c@6", ["timeout a0 @6ms"]);
  });

  test("of a group limits the time before its first event and between its passes", () => {
    check("begin a, followedBy ( begin b, followedBy c ) times(2) gap 5", "a b@5 c@20 b@24 c@40", [
      "a0 b1 c2 b3 c4 @4",
    ]);
    check("begin a, followedBy ( begin b, followedBy c ) times(2) gap 5", "a b@5 c@20 b@25 c@40", [
      "timeout a0 b1 c2 @25ms",
    ]);
  });

  test("is no timeout while the same events wait for a later stage", () => {
    check("begin a, followedBy b optional gap 5, followedBy c", "a x@2 c@7", ["a0 c2 @2"]);
    check("begin a, followedBy b optional, followedBy c gap 5", "a x@2 c@7", ["timeout a0 @6ms"]);
  });

  test("of a group is none of its later passes' once a group around it has begun", () => {
    check("begin a, followedBy ( begin b optional, followedBy ( begin c ) times(2) ) gap 5", "a c@5 c@20", [
      "a0 c1 c2 @2",
      "timeout a0 @6ms",
    ]);
  });

  test("is a timeout for each way in which the same events wait no longer, while others go on", () => {
    check(
      "begin ( begin p optional, followedBy q oneOrMore gap 2 ) times(1, 2), followedBy c gap 3, within 9",
      "q q x@20",
      ["timeout q0 @4ms", "timeout q0 q1 @5ms", "timeout q0 q1 @10ms", "timeout q0 @10ms", "timeout q1 @11ms"],
    );
  });

  test("is reported for a wait that goes on after a match has come out", () => {
    check("begin a, followedBy b oneOrMore gap 5", "a b@2 x@7", ["a0 b1 @1", "timeout a0 b1 @7ms"]);
  });
});

describe("absence", () => {
  test("starts with each event of a loop, so that the longest runs complete too, and are no timeouts", () => {
    check("begin a oneOrMore, notFollowedBy n, within 10", "a a x@30", ["a0 a1 @30ms", "a0 @30ms", "a1 @30ms"]);
    check("begin a, followedBy b times(1, 2), notFollowedBy n gap 5", "a b b x@30", ["a0 b1 @30ms", "a0 b1 b2 @30ms"]);
  });

  test("completed is no timeout later either", () => {
    check("begin a, followedBy b oneOrMore, notFollowedBy n gap 5, within 20", "a b x@7 x@21", ["a0 b1 @7ms"]);
  });

  test("pending, keeps a gap that ran out before it from being a timeout", () => {
    check("begin a, followedBy b oneOrMore gap 3, notFollowedBy n gap 6", "a b x b@6 n", []);
    check("begin a, followedBy b oneOrMore gap 3, notFollowedBy n gap 6", "a b x@3 x@8", ["a0 b1 @8ms"]);
  });

  test("goes on where a greedy loop before it has run out of time, and its until lets it go", () => {
    check("begin p oneOrMore greedy until u gap 3, notFollowedBy n, within 9", "p pu@5 x@20", ["p0 @20ms"]);
  });

  test("ends when either limit does", () => {
    check("begin a, followedBy b, notFollowedBy n gap 5, within 20", "a b@18 x@21", ["a0 b1 @21ms"]);
  });

  test("after a greedy loop is of the longest run only", () => {
    check("begin a, followedBy b oneOrMore greedy, notFollowedBy n gap 5", "a b b x@30", ["a0 b1 b2 @30ms"]);
  });

  test("directly after a notNext needs an event that is not that", () => {
    checkOracle("begin a, notNext m, notFollowedBy n, within 10", "a x@30", ["timeout a0 @11ms"]);
    check("begin a, notNext m, notFollowedBy n, within 10", "a x x@30", ["a0 @30ms"]);
  });
});

describe("groups", () => {
  test("ignoring an event after a pass waits for the next pass only", () => {
    check("begin a, followedBy ( begin b, followedBy c ) oneOrMore, next d", "a b c x d", []);
    check("begin a, followedBy ( begin b, followedBy c ) oneOrMore, followedBy d", "a b c x d", ["a0 b1 c2 d4 @4"]);
  });

  test("the first stage of a body comes as the group does, and repeats as the group does", () => {
    check("begin a, next ( begin b )", "a x b", []);
    check("begin a, followedBy ( begin b oneOrMore consecutive, next c )", "a b x b c", ["a0 b1 b3 c4 @4"]);
  });

  test("a group that begins with a group hands its contiguity on", () => {
    check("begin a, followedBy ( begin ( begin b, next c ), next d )", "a x b c d", ["a0 b2 c3 d4 @4"]);
  });

  test("until around a group holds in the groups inside too", () => {
    check("begin a, followedBy ( begin b, followedBy ( begin c, followedBy d ) ) oneOrMore until u", "a b c u d", []);
  });

  test("a notFollowedBy holds beyond its group, until a stage after it takes an event", () => {
    check("begin ( begin a, notFollowedBy n, followedBy b optional ), followedBy c", "a x n c", []);
    check("begin ( begin a, notFollowedBy n, followedBy b optional ), followedBy c", "a b n c", ["a0 b1 c3 @3"]);
    check("begin ( begin a, notFollowedBy n, followedBy b optional ) times(2), followedBy c", "a x n a c", []);
  });

  test("a notFollowedBy after a repeated group holds while the next pass is waited for, not in its middle", () => {
    check("begin ( begin a, followedBy b ) oneOrMore, notFollowedBy n, followedBy c", "a b x n a b c", ["a4 b5 c6 @6"]);
    check("begin ( begin a, followedBy b ) oneOrMore, notFollowedBy n, followedBy c", "a b a n b c", [
      "a0 b1 a2 b4 c5 @5",
      "a2 b4 c5 @5",
    ]);
  });
});

describe("not stages", () => {
  test("an event that is forbidden may complete a match, but not go on with one", () => {
    check("begin a, notFollowedBy n, followedBy c", "a nc", ["a0 c1 @1"]);
    check("begin a, notFollowedBy n, followedBy c, followedBy d optional", "a nc d", ["a0 c1 @1"]);
    check("begin a, notNext n, followedBy c", "a nc", []);
  });

  test("a notFollowedBy is over once an optional stage after it has taken an event, or a range its first", () => {
    check("begin a, notFollowedBy n, followedBy b optional, followedBy c optional, followedBy d", "a b x n c d", [
      "a0 b1 c4 d5 @5",
      "a0 b1 d5 @5",
    ]);
    check("begin a, notFollowedBy n, followedBy b times(1, 2), followedBy c", "a b x n b c", [
      "a0 b1 b4 c5 @5",
      "a0 b1 c5 @5",
    ]);
  });

  test("a notNext before an optional end is asked about the event that was taken", () => {
    check("begin a, notNext n, followedBy b optional", "a an", ["a0 @0"]);
  });
});

describe("greedy", () => {
  test("holds back the next stage from the loop's events, also while it waits", () => {
    check("begin a, followedBy b oneOrMore greedy, followedBy c", "a b bc c", ["a0 b1 b2 c3 @3"]);
    check("begin a, followedBy b oneOrMore greedy consecutive, followedBy c", "a b x b c", []);
  });

  test("does not keep an optional end of a group's body waiting for more than the next event", () => {
    check("begin g oneOrMore greedy, followedBy ( begin b optional, followedBy c )", "g x g c", [
      "g0 g2 c3 @3",
      "g0 c3 @3",
      "g2 c3 @3",
    ]);
    check("begin g oneOrMore greedy, followedBy ( begin b, followedBy c )", "g x g b c", [
      "g0 g2 b3 c4 @4",
      "g2 b3 c4 @4",
    ]);
  });
});

describe("skip strategies", () => {
  test("a match waits for what is left of earlier starts", () => {
    check("begin b oneOrMore, followedBy c, skip toFirst(b)", "b b c b c", [
      "b0 b1 c2 @2",
      "b0 c2 @2",
      "b0 b1 b3 c4 @4",
    ]);
    check("begin b oneOrMore, followedBy c, within 3, skip toFirst(b)", "b b c x@9", [
      "b0 b1 c2 @2",
      "b0 c2 @2",
      "b1 c2 @9ms",
      "timeout b0 b1 @4ms",
      "timeout b1 @5ms",
    ]);
  });

  test("orFail drops the match that lacks the stage, and gives up no start for it", () => {
    check("begin a, next b optional, followedBy c, skip toLast(b) orFail", "a a c", ["fault a0 c2", "fault a1 c2"]);
  });
});

describe("rule T", () => {
  test("more events first, then earlier events, then earlier stages", () => {
    check("begin a, followedByAny b optional, followedByAny c optional, followedBy d", "a bc d", [
      "a0 b1 d2 @2",
      "a0 c1 d2 @2",
      "a0 d2 @2",
    ]);
    check("begin a, followedByAny b, followedBy c", "a b b c", ["a0 b1 c3 @3", "a0 b2 c3 @3"]);
  });
});
