/** Logs from a seed: events of a few keys, out of order, while rules come, change, pause and go. */

import { Random } from "../oracle/random.ts";
import type { Change, LogItem, RuleLog, SimpleRule } from "./log.ts";

const RULES = ["p", "q"];

export function randomRuleLog(seed: number): RuleLog {
  const random = new Random(seed);
  const boundMs = random.pick([0, 0, 3, 8]);
  const there = new Map<string, { readonly rule: SimpleRule; readonly isPaused: boolean }>();
  let newest = random.between(-5, 5);

  const randomChange = (): LogItem => {
    const name = random.pick(RULES);
    const before = there.get(name);
    const to = before === undefined ? put(randomRule(random)) : changed(before);
    switch (to.kind) {
      case "put":
        there.set(name, { rule: to.rule, isPaused: before?.isPaused ?? false });
        break;
      case "remove":
        there.delete(name);
        break;
      case "pause":
      case "resume":
        there.set(name, { rule: before!.rule, isPaused: to.kind === "pause" });
        break;
    }
    return { kind: "change", rule: name, to };
  };

  const put = (rule: SimpleRule): Change => ({
    kind: "put",
    rule,
    drain: random.chance(0.5),
  });

  const changed = (before: { readonly rule: SimpleRule; readonly isPaused: boolean }): Change => {
    if (random.chance(before.isPaused ? 0.7 : 0.3)) return { kind: before.isPaused ? "resume" : "pause" };
    if (random.chance(0.2)) return { kind: "remove" };
    const rule = random.chance(0.5) ? { ...before.rule, note: random.between(1, 9) } : randomRule(random);
    return put(rule);
  };

  const first = randomChange();
  const records = Array.from({ length: random.between(10, 60) }, (): LogItem => {
    if (random.chance(0.15)) return randomChange();
    newest += random.pick([0, 0, 1, 1, 2, 4]);
    if (random.chance(0.05)) return { kind: "watermark", time: newest };
    return {
      kind: "event",
      time: random.chance(0.6) ? newest : newest - random.between(0, boundMs + 1),
      key: random.pick(["a", "b"]),
      type: random.pick(["failed", "failed", "opened", "closed", "other"]),
    };
  });
  return { boundMs, records: [first, ...records, { kind: "watermark", time: newest + 50 }] };
}

function randomRule(random: Random): SimpleRule {
  const common = { withinMs: random.between(2, 15), note: random.between(1, 9) };
  return random.chance(0.5)
    ? { kind: "failures", count: random.between(1, 4), ...common }
    : { kind: "absence", ...common };
}
