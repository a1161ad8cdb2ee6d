/**
 * W3: loops. Combinations, `a b+ c` with `allowCombinations`: with n events b in the window there are 2^n - 1. Greedy, a loop
 * whose condition sums up what it has taken. Relaxed, a loop whose condition looks at the event it took last, and which can be
 * left after each event: n partial matches.
 */

import { seeded } from "../random.mjs";
import { event, STREAM } from "./event.mjs";
import { overEngine } from "./over-engine.mjs";

/** Never reached: the loop ends with its window. */
const SUM_MAX = 1_000_000_000;

const LOOPS = {
  combinations: 'followedByAny b where type == "b" oneOrMore allowCombinations',
  greedy: `followedBy b where type == "b" and sum(b.amount) < ${SUM_MAX} oneOrMore greedy`,
  relaxed: 'followedBy b where type == "b" and (count(b) == 0 or amount != b.amount) oneOrMore',
};

function rule({ loop, withinMs }) {
  return `
    ${STREAM}
    rule loop {
      from events
      pattern {
        begin a where type == "a"
        ${LOOPS[loop]}
        followedBy c where type == "c"
        within ${withinMs}ms
        skip none
      }
    }`;
}

/**
 * Episodes as long as the window: an a, then `loopEvents` times b spread evenly, and, at the end of every `episodesPerC`th
 * episode, a c. So the window always holds one start, and as many b as its name says.
 */
function events({ count, withinMs, loopEvents, episodesPerC }) {
  const random = seeded(3);
  const every = Math.floor((withinMs - 2) / loopEvents);
  return Array.from({ length: count }, (_, i) => {
    const place = i % withinMs;
    const endsWithC = place === withinMs - 1 && Math.floor(i / withinMs) % episodesPerC === 0;
    const isLoop = place > 0 && place % every === 0 && place / every <= loopEvents;
    const type = place === 0 ? "a" : endsWithC ? "c" : isLoop ? "b" : "other";
    return event(i, { key: "k", type, amount: 1 + Math.floor(random() * 1000) });
  });
}

/** The ways a loop can go from one start; `window` is the indices of the events in reach, the start first. */
const PATHS = {
  *combinations(input, window) {
    function* extend(path, place) {
      for (let next = place; next < window.length; next++) {
        if (input[window[next]].type !== "b") continue;
        const longer = [...path, window[next]];
        yield longer;
        yield* extend(longer, next + 1);
      }
    }
    yield* extend([], 1);
  },
  /** All in one go: the loop is left only after the last b before a c. */
  *greedy(input, window) {
    const path = [];
    let sum = 0;
    for (const index of window) {
      const { type, amount } = input[index];
      if (type === "b" && sum < SUM_MAX) {
        path.push(index);
        sum += amount;
      } else if (type === "c" && path.length > 0) return yield [...path];
    }
  },
  *relaxed(input, window) {
    const path = [];
    for (const index of window) {
      const { type, amount } = input[index];
      if (type !== "b" || (path.length > 0 && amount === input[path.at(-1)].amount)) continue;
      path.push(index);
      yield [...path];
    }
  },
};

/** Each way the loop can go is followed by the first c after it. */
function* matches(input, { loop, withinMs }) {
  for (const [start, { type, at }] of input.entries()) {
    if (type !== "a") continue;
    const window = [];
    for (let i = start; i < input.length && input[i].at - at < withinMs; i++) window.push(i);
    if (!window.some((index) => input[index].type === "c")) continue;
    for (const path of PATHS[loop](input, window)) {
      const c = window.find((index) => index > path.at(-1) && input[index].type === "c");
      if (c !== undefined) yield [start, ...path, c];
    }
  }
}

function workload({ loop, count, withinMs, loopEvents, episodesPerC }) {
  return overEngine({
    name: `W3 ${loop}, ${loopEvents} in a window of ${withinMs}`,
    rule: rule({ loop, withinMs }),
    count,
    prefix: 2 * withinMs,
    events: (length) => events({ count: length, withinMs, loopEvents, episodesPerC }),
    matches: (input) => matches(input, { loop, withinMs }),
  });
}

export const loops = [
  workload({ loop: "combinations", count: 500_000, withinMs: 30, loopEvents: 4, episodesPerC: 20 }),
  workload({ loop: "combinations", count: 200_000, withinMs: 100, loopEvents: 6, episodesPerC: 20 }),
  workload({ loop: "combinations", count: 100_000, withinMs: 100, loopEvents: 8, episodesPerC: 20 }),
  workload({ loop: "combinations", count: 20_000, withinMs: 100, loopEvents: 11, episodesPerC: 20 }),
  ...[30, 100, 300, 1000].map((withinMs) =>
    workload({ loop: "greedy", count: 300_000, withinMs, loopEvents: withinMs / 2 - 1, episodesPerC: 1 }),
  ),
  ...[30, 100, 300, 1000].map((withinMs) =>
    workload({
      loop: "relaxed",
      count: 3_000_000 / withinMs,
      withinMs,
      loopEvents: withinMs / 2 - 1,
      episodesPerC: 20,
    }),
  ),
];
