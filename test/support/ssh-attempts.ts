/** What an SSH server under attack writes, made up from a seed: people who mistype, and addresses that try one user after another. */

import type { JsonObject } from "../../src/core/event.ts";
import { Random } from "./oracle/random.ts";

const USERS = ["root", "admin", "test", "oracle", "postgres", "ubuntu", "git", "www", "pi", "ftp", "guest", "mysql"];

/** Two hours of it, in order, at most so much behind. */
export function sshAttempts(seed: number, { behindMs }: { readonly behindMs: number }): readonly JsonObject[] {
  const random = new Random(seed);
  const guessers = Array.from({ length: 6 }, (_, i) => ({ ip: `203.0.113.${i}`, users: random.between(1, 12) }));
  let time = Date.UTC(2016, 11, 10, 6, 55);
  return Array.from({ length: 700 }, (_, i): JsonObject => {
    time += random.between(0, 20) * 1000;
    const guesser = random.chance(0.7)
      ? random.pick(guessers)
      : { ip: `198.51.100.${random.between(0, 20)}`, users: 2 };
    const type = random.pick(["login_failed", "login_failed", "invalid_user", "login_succeeded", "disconnected"]);
    const occurredAt = random.chance(0.2) ? time - random.between(0, behindMs) : time;
    return {
      event_id: `ssh-${i}`,
      occurred_at: new Date(occurredAt).toISOString(),
      type,
      ip: guesser.ip,
      ...(type === "disconnected" ? {} : { user: random.pick(USERS.slice(0, guesser.users)) }),
    };
  });
}
