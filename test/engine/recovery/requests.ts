/** What the client of a simulated world asks for, from a seed: the same whatever dies meanwhile. */

import type { JsonObject } from "../../../src/core/event.ts";
import type { ListChange, OnChange } from "../../../src/engine/log/log-record.ts";
import type { Random } from "../../support/oracle/random.ts";
import type { Fault } from "./engine-faults.ts";
import { PATTERNS, ruleText, streams, WINDOWS, type RuleChoice } from "./rules.ts";

export type Request = { readonly at: number } & RequestBody;

export type RequestBody =
  /** With a key it may be sent again, whatever the events say (S9.18). */
  | {
      readonly kind: "events";
      readonly stream: string;
      readonly events: readonly JsonObject[];
      readonly key: string | null;
    }
  | { readonly kind: "rules"; readonly source: string; readonly onChange: OnChange }
  | { readonly kind: "remove" | "pause" | "resume"; readonly rule: string }
  | { readonly kind: "rollback"; readonly rule: string; readonly version: number }
  | { readonly kind: "list"; readonly change: ListChange }
  | { readonly kind: "watermark"; readonly stream: string; readonly time: number | "end" }
  /** `stop`: a savepoint with which the service ends. `forget`: it is removed, as soon as nobody needs it. */
  | { readonly kind: "savepoint" | "restore" | "stop" | "forget"; readonly name: string };

/** The list that rules read. */
export const LIST = "watched";

const STREAMS = ["s", "s", "s", "s", "r", "u"];

/** About so many; they end with the end of all streams. */
export function requestsOf(random: Random, length: number): readonly Request[] {
  return new Client(random).requests(length);
}

/** Mutable. */
class Client {
  readonly #random: Random;
  readonly #rules: readonly RuleChoice[];
  /** A short one lets duplicates in after a while: such requests need keys. */
  readonly #dedupe: string;
  readonly #requests: Request[] = [];
  readonly #held = new Set<string>();
  #savepointAt: number | null = null;
  #time = 0;
  #events = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#dedupe = random.pick(["9s", "9s", "12ms"]);
    this.#rules = random.chance(0.5)
      ? [random.pick(PATTERNS), random.pick(WINDOWS)]
      : some([...PATTERNS, ...WINDOWS], 2, random);
  }

  requests(length: number): readonly Request[] {
    const sources = this.#rules.map((rule) => ruleText(rule, 0));
    this.#put([streams(this.#dedupe), ...sources].join("\n"));
    this.#push({ kind: "list", change: { put: [1, "1"] } });
    while (this.#requests.length < length) this.#next();
    for (const stream of ["s", "r", ...(this.#knows("u") ? ["u"] : [])]) {
      this.#push({ kind: "watermark", stream, time: "end" });
    }
    return this.#requests;
  }

  #next(): void {
    const random = this.#random;
    const chance = random.next();
    if (chance < 0.68) this.#push(this.#someEvents());
    else if (chance < 0.73) {
      this.#push({ kind: "watermark", stream: random.pick(["s", "r"]), time: Math.max(0, this.#time - 4) });
    } else if (chance < 0.74) {
      this.#push({ kind: "watermark", stream: random.pick(["s", "r"]), time: "end" });
      this.#put(streams(this.#dedupe));
    } else if (chance < 0.78) this.#push({ kind: "list", change: this.#listChange() });
    else if (chance < 0.82) this.#hold(random.pick(this.#rules).name);
    else if (chance < 0.9) this.#change(random.pick(this.#rules));
    else if (chance < 0.93)
      this.#push({ kind: "rollback", rule: random.pick(this.#rules).name, version: random.between(1, 3) });
    else if (chance < 0.95) this.#push({ kind: "remove", rule: random.pick(this.#rules).name });
    else if (chance < 0.96) this.#stop();
    else this.#saveOrRestore();
  }

  #someEvents(): RequestBody {
    const random = this.#random;
    const stream = this.#knows("u") ? random.pick(STREAMS) : random.pick(STREAMS.slice(0, -1));
    const events = Array.from({ length: random.between(1, 5) }, () => this.#event(stream));
    const needsKey = stream !== "s" || this.#dedupe !== "9s";
    return { kind: "events", stream, events, key: needsKey || random.chance(0.2) ? this.#newKey() : null };
  }

  #event(stream: string): JsonObject {
    const random = this.#random;
    this.#time += random.between(0, 2);
    const number = this.#events++;
    const fault: Fault | null = stream === "s" && random.chance(0.02) ? random.pick(["once", "always"] as const) : null;
    return {
      at: Math.max(0, this.#time - random.between(0, 5)),
      // One of six says again what another has said, mostly not long ago.
      id: random.chance(0.17) ? random.between(Math.max(0, number - random.pick([5, 20, 100])), number) : number,
      k: random.pick([1, 2, 3, "1"]),
      t: random.pick(["a", "b", "c"]),
      w: random.chance(0.2),
      ...(fault !== null && { fault: `${fault} ${number}` }),
    };
  }

  #listChange(): ListChange {
    const random = this.#random;
    return random.chance(0.5) ? { put: [1, "1"] } : { add: [random.between(1, 3)], remove: ["1"] };
  }

  #hold(rule: string): void {
    const isHeld = this.#held.delete(rule);
    if (!isHeld) this.#held.add(rule);
    this.#push({ kind: isHeld ? "resume" : "pause", rule });
  }

  #change(rule: RuleChoice): void {
    const random = this.#random;
    const source = ruleText(rule, random.between(0, rule.texts.length - 1));
    this.#put(source, rule.drains && random.chance(0.3) ? "drain" : "drop");
  }

  /** What came in between is sent again, as something new: no key is known of it, and the savepoint knows of none of it. */
  #saveOrRestore(): void {
    if (this.#savepointAt === null) {
      this.#savepointAt = this.#requests.length;
      this.#push({ kind: "savepoint", name: `at-${this.#savepointAt}` });
      return;
    }
    const between = this.#requests.slice(this.#savepointAt + 1);
    const name = `at-${this.#savepointAt}`;
    this.#push({ kind: "restore", name });
    for (const request of between) {
      if (request.kind !== "events" || !this.#random.chance(0.7)) continue;
      const { at: _, ...body } = request;
      this.#push({ ...body, key: request.key === null ? null : this.#newKey() });
    }
    if (this.#random.chance(0.3)) this.#push({ kind: "forget", name });
    this.#savepointAt = null;
  }

  /** Of all that was taken: with what it is restored to, everything goes on as if nothing had been. */
  #stop(): void {
    const name = `last-${this.#requests.length}`;
    this.#push({ kind: "stop", name });
    if (this.#random.chance(0.5)) this.#push({ kind: "restore", name });
  }

  #knows(stream: string): boolean {
    return this.#rules.some(({ texts }) => texts[0]!.includes(`, ${stream}`));
  }

  #newKey(): string {
    return `key-${this.#requests.length}`;
  }

  #put(source: string, onChange: OnChange = "drop"): void {
    this.#push({ kind: "rules", source, onChange });
  }

  #push(body: RequestBody): void {
    this.#requests.push({ ...body, at: this.#time });
  }
}

function some<T>(items: readonly T[], count: number, random: Random): T[] {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(random.between(0, left.length - 1), 1)[0]!);
}
