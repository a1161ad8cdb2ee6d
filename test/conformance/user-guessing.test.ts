/** A window rule as people would write it, over a server's log: which addresses tried five users or more within ten minutes. */

import { expect, test } from "@jest/globals";
import type { JsonObject } from "../../src/core/event.ts";
import { createEngine } from "../../src/index.ts";
import { sshAttempts } from "../support/ssh-attempts.ts";

const RULES = `
stream ssh { time occurred_at  watermark bounded 1m  id event_id }

rule user_guessing "An address tries one user after another" {
  from    ssh where type in ["login_failed", "invalid_user"]
  key by  ip
  window  { tumbling 10m  having count_distinct(user) >= 5 }
  emit    { users = count_distinct(user), attempts = count() }
}`;

/** `2016-12-10T07:00:00.000Z 203.0.113.1: 6 users, 14 attempts`. */
function engine(events: readonly JsonObject[]): string[] {
  const engine = createEngine({ rules: RULES });
  const outputs = [...events.flatMap((event) => engine.push("ssh", event)), ...engine.watermark("ssh", "end")];
  return outputs.flatMap((output) => {
    if (output.kind !== "alert") return [`late ${output.offset}`];
    const { key, window, emit } = output.alert;
    return [
      `${window!.start} ${key as string}: ${emit["users"] as number} users, ${emit["attempts"] as number} attempts`,
    ];
  });
}

function plainly(events: readonly JsonObject[]): string[] {
  const attempts = new Map<string, string[]>();
  for (const event of events) {
    const { occurred_at, type, ip, user } = event as Record<string, string>;
    if (type !== "login_failed" && type !== "invalid_user") continue;
    const start = `${occurred_at!.slice(0, 15)}0:00.000Z`;
    attempts.set(`${start} ${ip}`, [...(attempts.get(`${start} ${ip}`) ?? []), user!]);
  }
  return [...attempts]
    .map(([window, users]) => ({ window, users: new Set(users).size, attempts: users.length }))
    .filter(({ users }) => users >= 5)
    .map(({ window, users, attempts }) => `${window}: ${users} users, ${attempts} attempts`)
    .sort();
}

test.each([1, 2, 3])("the rule finds what a look at the whole log finds: seed %d", (seed) => {
  const events = sshAttempts(seed, { behindMs: 60_000 });
  const expected = plainly(events);
  expect(expected.length).toBeGreaterThan(5);
  expect(engine(events)).toEqual(expected);
});
