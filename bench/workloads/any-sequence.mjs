/**
 * W2: skip-till-any sequences, `a followedByAny b followedByAny c ...` without an after-match skip strategy: every combination
 * of events in the window that is in order. The last stage is rare, so that what is measured is keeping partial matches.
 */

import { seeded } from "../random.mjs";
import { event, STREAM } from "./event.mjs";
import { overEngine } from "./over-engine.mjs";

const STAGES = ["a", "b", "c", "d", "e", "f"];

/** `name` is the rule's; the stream block comes first. */
export function anyRule({ stages, withinMs }, { name = "any", stream = STREAM } = {}) {
  const [first, ...rest] = STAGES.slice(0, stages);
  return `
    ${stream}
    rule ${name} {
      from events
      key by key
      pattern {
        begin ${first} where type == "${first}"
        ${rest.map((stage) => `followedByAny ${stage} where type == "${stage}"`).join("\n        ")}
        within ${withinMs}ms
        skip none
      }
    }`;
}

/** Of each stage but the last `perWindow` events fall into a window, of the last one `lastPerWindow`; the others match nothing. */
export function anyEvents({ count, keys, stages, withinMs, perWindow, lastPerWindow }) {
  const random = seeded(2);
  const share = (perWindow * keys) / withinMs;
  const lastShare = (lastPerWindow * keys) / withinMs;
  return Array.from({ length: count }, (_, i) => {
    const drawn = random();
    const stage = Math.floor(drawn / share);
    const isLast = stage >= stages - 1 && drawn - share * (stages - 1) < lastShare;
    const type = stage < stages - 1 ? STAGES[stage] : isLast ? STAGES[stages - 1] : "other";
    return event(i, { key: `k${Math.floor(random() * keys)}`, type, amount: i % 1000 });
  });
}

export function* anyMatches(input, { stages, withinMs }) {
  const relevant = input.flatMap(({ type }, index) => (STAGES.includes(type) ? [index] : []));
  function* extend(path, place) {
    if (path.length === stages) return yield path;
    for (let next = place + 1; next < relevant.length; next++) {
      const { at, key, type } = input[relevant[next]];
      if (at - input[path[0]].at >= withinMs) return;
      if (type !== STAGES[path.length] || key !== input[path[0]].key) continue;
      yield* extend([...path, relevant[next]], next);
    }
  }
  for (const [place, index] of relevant.entries()) if (input[index].type === STAGES[0]) yield* extend([index], place);
}

function workload({ name, count, keys, stages, withinMs, perWindow, lastPerWindow }) {
  return overEngine({
    name: `W2 ${name}`,
    rule: anyRule({ stages, withinMs }),
    count,
    prefix: 20_000,
    events: (length) => anyEvents({ count: length, keys, stages, withinMs, perWindow, lastPerWindow }),
    matches: (input) => anyMatches(input, { stages, withinMs }),
  });
}

export const anySequences = [
  workload({
    name: "k = 3, 1 key",
    count: 400_000,
    keys: 1,
    stages: 3,
    withinMs: 500,
    perWindow: 8,
    lastPerWindow: 0.1,
  }),
  workload({
    name: "k = 3, 8 keys",
    count: 400_000,
    keys: 8,
    stages: 3,
    withinMs: 4000,
    perWindow: 8,
    lastPerWindow: 0.1,
  }),
  workload({
    name: "k = 6, 1 key",
    count: 400_000,
    keys: 1,
    stages: 6,
    withinMs: 500,
    perWindow: 5,
    lastPerWindow: 0.1,
  }),
];
