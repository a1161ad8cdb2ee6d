/**
 * What a run does to a service, from its seed: three streams, out of order and with duplicates, rules of every kind over them,
 * changes of the rules on the way, and a savepoint.
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

/** From several connections nothing is restored: nobody but the log knows what has come before the savepoint. */
export function randomWorkload(seed: number, { connections }: Pick<Workload, "connections">): Workload {
  const random = new Random(seed);
  const traffic = new Traffic(random);
  const batches = Array.from({ length: BATCHES }, (_, index) => batch(traffic, { random, index }));
  // Each change comes after a batch of its own choice, in the order in which they are listed.
  const places = RULES_ON_THE_WAY.map(() => random.whole(1, BATCHES - 1)).sort((a, b) => a - b);
  const steps = batches.flatMap((each, index) => [
    ...RULES_ON_THE_WAY.filter((_, change) => places[change] === index),
    each,
  ]);
  return {
    steps: [
      { kind: "rules", source: RULES },
      { kind: "list", name: "risky", change: { put: ["XA"] } },
      ...(connections === 1 ? withSavepoint(steps, random) : steps),
      ...STREAMS.map((stream): Step => ({ kind: "end", stream })),
    ],
    destinations: [DESTINATION],
    connections,
  };
}

const STREAMS = ["logins", "payments", "visits"];

/** Events that nobody can tell from others have a key with them. */
function batch(traffic: Traffic, { random, index }: { readonly random: Random; readonly index: number }): Step {
  const isKeyed = random.chance(0.4);
  const events = Array.from({ length: random.whole(1, BATCH_MAX) }, () => traffic.next({ areTold: !isKeyed }));
  return { kind: "events", events, key: isKeyed ? `batch-${index}` : null };
}

/** It is made somewhere, and mostly restored a little later; what came in between is sent again, under other keys. */
function withSavepoint(steps: readonly Step[], random: Random): Step[] {
  const at = random.whole(0, steps.length - 1);
  const until = at + random.whole(0, 6);
  const [before, between, after] = [steps.slice(0, at), steps.slice(at, until), steps.slice(until)];
  const savepoint: Step = { kind: "savepoint", name: "kept" };
  if (random.chance(0.3)) return [...before, savepoint, ...between, ...after];
  const again = between.filter((step) => step.kind !== "events" || random.chance(0.8)).map(asNew);
  return [...before, savepoint, ...between, { kind: "restore", name: "kept" }, ...again, ...after];
}

function asNew(step: Step): Step {
  return step.kind === "events" && step.key !== null ? { ...step, key: `${step.key}-again` } : step;
}

/** Mutable: events one after another, as they arrive. */
class Traffic {
  readonly #random: Random;
  readonly #sent: JsonObject[] = [];
  #visits = 0;
  #now = BEGIN;

  constructor(random: Random) {
    this.#random = random;
  }

  /** `areTold`: each has an identity, by which it is told from others. */
  next({ areTold }: { readonly areTold: boolean }): JsonObject {
    const random = this.#random;
    if (this.#sent.length > 0 && random.chance(0.08)) return random.pick(this.#sent.slice(-50)); // delivered twice
    this.#now += random.whole(0, 2500);
    if (!areTold && random.chance(0.4)) return this.#visit();
    const event = random.chance(0.5) ? this.#login() : this.#payment();
    this.#sent.push(event);
    return event;
  }

  /** Without identity. */
  #visit(): JsonObject {
    const { id: _, ...common } = this.#common(6000);
    return { stream: "visits", ...common, n: this.#visits++, page: this.#random.pick(["home", "offer"]) };
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
