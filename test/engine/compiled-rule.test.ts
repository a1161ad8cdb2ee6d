import { describe, expect, test } from "@jest/globals";

import type { JsonObject } from "../../src/core/event.ts";
import { compileRule, matchesAlike, type CompiledWindowRule } from "../../src/engine/rules/compiled-rule.ts";
import { newContext } from "../../src/engine/rules/eval-context.ts";
import { keyOf } from "../../src/engine/rules/key.ts";
import type { Value } from "../../src/expr/types.ts";
import { parseRules } from "../../src/index.ts";
import type { RuleDefinition } from "../../src/lang/definition.ts";

function ruleOf(clauses: string): RuleDefinition {
  const { rules, diagnostics } = parseRules(`rule r { from s ${clauses} }`);
  expect(diagnostics).toEqual([]);
  return rules[0]!;
}

/** What the rule says about one window of these events. */
function said(
  clauses: string,
  events: readonly JsonObject[],
): { readonly having: boolean | null; readonly emit: unknown } {
  const { aggregates, keys, having, emit } = compileRule(ruleOf(clauses), null) as CompiledWindowRule;
  const context = newContext({ has: () => false });
  let accumulator = aggregates.create();
  let key: Value = null;
  for (const [offset, data] of events.entries()) {
    context.event = { stream: "s", offset, id: null, ordinal: offset, time: offset * 1000, data };
    key = keyOf(keys, context)!;
    accumulator = aggregates.add(accumulator, aggregates.read(context));
  }
  const restored = aggregates.decode(JSON.parse(JSON.stringify(aggregates.encode(accumulator))) as Value);
  context.window = { key, results: aggregates.getResults(restored), start: 0, end: 60_000 };
  return {
    having: having === null ? null : having(context),
    emit: Object.fromEntries(emit.map(({ name, value }) => [name, value(context)])),
  };
}

describe("a window rule says what it says about a window", () => {
  const events = [
    { user: "ann", amount: 10, ip: "a" },
    { user: "ann", amount: 30, ip: "b" },
    { user: "ann", ip: "a" },
  ];

  // S10.5, S10.6
  test("by its key, its aggregates and its time", () => {
    expect(
      said(
        `key by user window { tumbling 1m having count() >= 3 and sum(amount) > 39 and user == "ann" }
         emit {
           who = user, event_who = event.user, n = count(), amounts = count(amount), mean = avg(amount), ips = distinct(ip)
           text = "\${user}: \${count()} from \${length(distinct(ip))}", lasted = window_end() - window_start()
           took = max(time(event)) - min(time(event)), first = first(amount), share = sum(if(ip == "a", 1, 0)) / count()
           median = percentile(amount, 50), top = percentile(amount, 100), larger = max(2, count())
         }`,
        events,
      ),
    ).toEqual({
      having: true,
      emit: {
        who: "ann",
        event_who: "ann",
        n: 3,
        amounts: 2,
        mean: 20,
        ips: ["a", "b"],
        text: "ann: 3 from 2",
        lasted: 60_000,
        took: 2000,
        first: 10,
        share: 2 / 3,
        median: 10,
        top: 30,
        larger: 3,
      },
    });
  });

  test("S10.5: each part of a key by itself, however it is made", () => {
    expect(
      said(
        "key by upper(user), amount * 2, ip window { tumbling 1m having amount * 2 + 1 > 20 } emit { a = upper(user), b = -(amount * 2), c = ip }",
        [{ user: "ann", amount: 10, ip: "a" }],
      ),
    ).toEqual({ having: true, emit: { a: "ANN", b: -20, c: "a" } });
  });

  test("S10.7: each aggregate is folded once, and percentiles share what they look at", () => {
    const { aggregates } = compileRule(
      ruleOf(
        `key by user window { tumbling 1m having sum(amount) > 1 or count() > 2 or count() > event.user } suppress 1h by count(ip)
         emit { a = sum(event.amount), b = avg(amount), c = percentile(amount, 50), d = percentile(amount, 95), e = min(1, count()) }`,
      ),
      null,
    ) as CompiledWindowRule;
    expect(aggregates.names.length).toBe(4);
    expect(aggregates.results.size).toBe(6);
  });
});

// S10.13
describe("a changed window rule keeps its state", () => {
  const BEFORE =
    "key by user window { sliding 10m every 1m having count() > 20 } emit { n = count(), m = sum(amount) }";

  function check(after: string, expected: boolean): void {
    expect(matchesAlike(ruleOf(BEFORE), ruleOf(after))).toBe(expected);
  }

  test("where other thresholds and texts are put on the same aggregates", () => {
    check(BEFORE, true);
    check('key by user window { sliding 10m every 1m having sum(amount) > 5 } emit { text = "${count()}" }', true);
    check(
      "key by user window { sliding 600s every 60s having avg(amount) > 5 } emit { n = count() } suppress 1h",
      true,
    );
  });
  test("but not where it would fold something else, or in other windows", () => {
    check("key by user window { sliding 10m every 1m having count() > 20 } emit { n = count() }", false);
    check(
      "key by user window { sliding 10m every 1m having count() > 20 } emit { n = max(x), m = sum(amount) }",
      false,
    );
    check(BEFORE.replace("sliding 10m", "sliding 20m"), false);
    check(BEFORE.replace("having", "purging having"), false);
    check(BEFORE.replace("key by user", "key by ip"), false);
    check("key by user pattern { begin a }", false);
  });
});
