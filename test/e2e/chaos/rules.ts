/** The rules of the crash campaign, a kind each, and how they change while events come. */

import type { Step } from "./steps.ts";

export const DESTINATION = "desk";

const STREAMS = `
  stream logins { time at  id id  dedupe 2h  watermark bounded 4s }
  stream payments { time at  id id  dedupe 2h  watermark bounded 2s }
  stream visits { time at  watermark bounded 3s }`;

const guessing = (severity: string): string => `
  rule guessing {
    severity ${severity}
    from logins  key by user
    pattern { begin failures where type == "failure" times(3) consecutive  followedBy success where type == "success"  within 40s  skip pastLastEvent }
    emit { n = count(failures) }
    deliver desk
  }`;

const unconfirmed = (amount: number): string => `
  rule unconfirmed {
    from payments  key by user
    pattern { begin asked where type == "asked" and amount > ${amount}  notFollowedBy confirmed where type == "confirmed" and ref == asked.ref  within 20s }
    deliver desk
  }`;

const looted = (amount: number): string => `
  rule looted {
    from logins, payments  key by user
    pattern { begin entered where type == "success"  followedByAny paid where type == "confirmed" and amount > ${amount}  within 15s } on timeout emit { only = count(entered) }
    suppress 30s
    deliver desk
  }`;

const visit = (gap: string): string => `
  rule visit {
    from logins  key by user
    window { session gap ${gap}  having count() > 2 }
    emit { n = count(), kinds = count_distinct(type) }
    deliver desk
  }`;

const UNCHANGED = `
  rule listed {
    from payments  key by user
    pattern { begin paid where country in list("risky") }
    suppress 20s by country
    deliver desk
  }
  rule looked {
    from visits  key by user
    window { tumbling 15s }
    emit { n = count(), pages = list(n) }
    deliver desk
  }
  rule bought {
    from visits, payments  key by user
    pattern { begin seen where page == "offer"  followedBy paid where type == "confirmed"  within 12s }
    suppress 10s
  }
  rule busy {
    from logins  key by user
    window { tumbling 20s  allow lateness 3s  having count() > 3 }
    emit { n = count() }
    deliver desk
  }
  rule spent {
    from payments  key by country
    window { sliding 30s every 10s  having sum(amount) > 2500 }
    emit { total = sum(amount), mean = avg(amount) }
  }`;

export const RULES = [STREAMS, guessing("high"), unconfirmed(500), looted(300), visit("12s"), UNCHANGED].join("");

export const RULES_ON_THE_WAY: readonly Step[] = [
  { kind: "rules", source: guessing("low") }, // its state is kept
  { kind: "list", name: "risky", change: { add: ["XB"], remove: ["XA"] } },
  { kind: "rules", source: unconfirmed(800) }, // its state is dropped
  { kind: "pause", rule: "looted" },
  { kind: "rules", source: looted(400), onChange: "drain" },
  { kind: "resume", rule: "looted" },
  { kind: "remove", rule: "visit" },
  { kind: "pause", rule: "busy" },
  { kind: "rules", source: visit("8s") },
  { kind: "resume", rule: "busy" },
  { kind: "rollback", rule: "unconfirmed", version: 1 }, // its state is dropped
  { kind: "rules", source: guessing("critical") },
  { kind: "rules", source: looted(200), onChange: "drain" },
  { kind: "rollback", rule: "guessing", version: 1 }, // its state is kept
  { kind: "list", name: "risky", change: { put: ["XC", "XB"] } },
];
