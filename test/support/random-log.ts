/** Logs from a seed, over rules that use everything that an engine keeps: what comes to one engine comes to any other. */

import type { JsonObject } from "../../src/core/event.ts";
import type { UnloggedRecord } from "../../src/engine/log/log-record.ts";
import type { Output, TriplineEngine } from "../../src/index.ts";
import { Random } from "./oracle/random.ts";

/** One thing that is done to an engine. */
export type Act =
  | { readonly kind: "push"; readonly stream: string; readonly event: JsonObject; readonly partition?: string }
  | { readonly kind: "log"; readonly record: UnloggedRecord };

const STREAMS = `
  stream s { time at  id id  dedupe 15ms  watermark bounded 4ms }
  stream r { time at  late drop  watermark punctuated where w }`;

const RULES = `
  rule absent { from s, r  key by k  pattern { begin a where t == "a"  notFollowedBy b where t == "b"  within 8ms } }
  rule held {
    from s  key by k
    pattern {
      begin a where t == "a" oneOrMore  followedBy b where t == "b" optional  followedBy c where t == "c"
      within 12ms  skip toLast(b) orFail
    }
    emit { n = count(a), last = last(a).id }
  }
  rule listed { from r, u  pattern { begin x where k in list("watched")  followedByAny y where t == x.t  within 9ms  skip none } }
  rule looping { from s  pattern { begin a where k == 1 oneOrMore until w  next b where k == 2 optional  followedBy c where k == 3 gap 6ms } }`;

/** The rule that is changed again and again: what it says, how it matches, and whether it is there. */
const CHANGING = [
  `key by k  pattern { begin a where t == "a"  followedBy b where t == "b"  within 10ms } on timeout emit { n = count(a) } suppress 9ms`,
  `key by k  pattern { begin a where t == "a"  followedBy b where t == "b"  within 10ms } emit { at = now() } suppress 5ms by t`,
  `key by k  pattern { begin a where t == "a"  followedBy b where t == "c"  within 10ms } suppress 30ms`,
].map((clauses) => `rule changing { from s  ${clauses} }`);

/** The rules come first. */
export function randomLog(seed: number, length: number): readonly Act[] {
  const random = new Random(seed);
  let time = 0;
  let changing = false;
  const put = (source: string, origin?: string): Act => ({
    kind: "log",
    record: { kind: "rules", source, ...(origin === undefined ? {} : { origin }) },
  });
  const push = (): Act => {
    time += random.between(0, 2);
    const event = {
      at: Math.max(0, time - random.between(0, 5)),
      id: random.between(0, length),
      k: random.pick([1, 2, 3, "1"]),
      t: random.pick(["a", "b", "c"]),
      w: random.chance(0.2),
    };
    const stream = random.pick(["s", "s", "s", "r", "u"]);
    return { kind: "push", stream, event, ...(random.chance(0.1) ? { partition: "other" } : {}) };
  };
  const rest = Array.from({ length }, (): Act => {
    const chance = random.next();
    if (chance < 0.84) return push();
    if (chance < 0.88) {
      const record = { kind: "watermark", stream: random.pick(["s", "r", "u"]), time: time - 4 } as const;
      return { kind: "log", record };
    }
    if (chance < 0.9)
      return { kind: "log", record: { kind: "watermark", stream: random.pick(["s", "r"]), time: "end" } };
    if (chance < 0.92) return put(STREAMS, "streams.rule");
    if (chance < 0.95) {
      const change = random.chance(0.5) ? { put: [1, "1"] } : { add: [random.between(1, 3)], remove: ["1"] };
      return { kind: "log", record: { kind: "list", name: "watched", change } };
    }
    changing = !changing || random.chance(0.7);
    return changing ? put(random.pick(CHANGING)) : { kind: "log", record: { kind: "ruleRemoved", name: "changing" } };
  });
  return [put(STREAMS, "streams.rule"), put(RULES), ...rest];
}

/** What comes of it. */
export function perform(engine: TriplineEngine, act: Act): Output[] {
  switch (act.kind) {
    case "push":
      return engine.push(act.stream, act.event, {
        at: act.event["at"] as number,
        ...(act.partition && { partition: act.partition }),
      });
    case "log":
      return engine.apply({ ...act.record, offset: engine.snapshot().nextOffset });
  }
}
