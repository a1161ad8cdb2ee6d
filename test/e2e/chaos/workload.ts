/**
 * What a run does to a service, from its seed: two streams, out of order and with duplicates, rules of every kind over them,
 * and changes of the rules on the way.
 */

import { Random } from "../../../src/app/demo/random.ts";
import type { JsonObject } from "../../../src/core/event.ts";
import { DESTINATION, RULES, RULES_ON_THE_WAY } from "./rules.ts";
import type { Step, Workload } from "./steps.ts";

/** So many that every rule finds something, and a run is over in seconds. */
const BATCHES = 40;
const BATCH_MAX = 12;
const USERS = ["ann", "bob", "cyd", "dan"];
const COUNTRIES = ["XA", "XB", "XC"];
/** Monday, 5 January 2026; long ago, so that no clock moves its time (S1.13). */
const BEGIN = Date.UTC(2026, 0, 5, 9);

export function randomWorkload(seed: number): Workload {
  const random = new Random(seed);
  const traffic = new Traffic(random);
  const batches = Array.from({ length: BATCHES }, (): Step => {
    const events = Array.from({ length: random.whole(1, BATCH_MAX) }, () => traffic.next());
    return { kind: "events", events };
  });
  // Each change comes after a batch of its own choice, in the order in which they are listed.
  const places = RULES_ON_THE_WAY.map(() => random.whole(1, BATCHES - 1)).sort((a, b) => a - b);
  const steps = batches.flatMap((batch, index) => [
    ...RULES_ON_THE_WAY.filter((_, change) => places[change] === index),
    batch,
  ]);
  return {
    steps: [
      { kind: "rules", source: RULES },
      { kind: "list", name: "risky", change: { put: ["XA"] } },
      ...steps,
      { kind: "end", stream: "logins" },
      { kind: "end", stream: "payments" },
    ],
    destinations: [DESTINATION],
  };
}

/** Mutable: events one after another, as they arrive. */
class Traffic {
  readonly #random: Random;
  readonly #sent: JsonObject[] = [];
  #now = BEGIN;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): JsonObject {
    const random = this.#random;
    if (this.#sent.length > 0 && random.chance(0.08)) return random.pick(this.#sent.slice(-50)); // delivered twice
    this.#now += random.whole(0, 2500);
    const event = random.chance(0.5) ? this.#login() : this.#payment();
    this.#sent.push(event);
    return event;
  }

  #login(): JsonObject {
    return { stream: "logins", ...this.#common(9000), type: this.#random.chance(0.6) ? "failure" : "success" };
  }

  #payment(): JsonObject {
    const random = this.#random;
    const asked = this.#sent.filter(({ type }) => type === "asked").slice(-4);
    const ref = asked.length > 0 && random.chance(0.5) ? random.pick(asked) : null;
    return {
      stream: "payments",
      ...this.#common(4000),
      amount: random.whole(1, 1200),
      country: random.pick(COUNTRIES),
      ...(ref === null
        ? { type: "asked", ref: `p${this.#sent.length}` }
        : { type: "confirmed", ref: ref["ref"]!, user: ref["user"]! }),
    };
  }

  /** Some come later than their stream waits for. */
  #common(delayMax: number): { id: string; at: number; user: string } {
    const random = this.#random;
    const delay = random.chance(0.3) ? random.whole(0, delayMax) : 0;
    return { id: `e${this.#sent.length}`, at: this.#now - delay, user: random.pick(USERS) };
  }
}
