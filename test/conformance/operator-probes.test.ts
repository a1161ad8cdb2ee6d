/** What Flink's CEP operator was seen to do with time, keys and restores holds here, but for what SEMANTICS.md decides otherwise. */

import { describeOperatorVectors, type Departures } from "../support/operator-cases.ts";

/** A timer that Flink does not set. */
const TIMERS: Departures = {
  "timeout by watermark, start ts 0": { semantics: "S4.8", outputs: ["2: timeout a[0] at 10"] },
  "timeout by watermark, start ts -5": { semantics: "S4.8", outputs: ["2: timeout a[0] at 5"] },
  "gap window: no timer": { semantics: "S4.8", outputs: ["2: timeout a[0] at 13"] },
  "pending notFollowedBy gap by watermark alone": { semantics: "S4.8", outputs: ["2: match a[0] at 13"] },
  "proc time start at 0": { semantics: "S4.8", outputs: ["4: timeout a[0] at 10"] },
  "proc time gap": { semantics: "S4.8", outputs: ["3: timeout a[0] at 13"] },
};

/** An alert's time: Flink's is how far time was advanced at once. */
const ALERT_TIMES: Departures = {
  "pending match timestamp = time it was advanced to": { semantics: "S4.14", outputs: ["2: match a[0] at 13"] },
  "pending match timestamp, big watermark jump": { semantics: "S4.14", outputs: ["2: match a[0] at 13"] },
  "skipPast held across watermark": {
    semantics: "S4.14",
    outputs: ["5: match a[1] b[2] at 5", "5: timeout a[0] at 11"],
  },
};

/** Several keys at one watermark: Flink takes one key after the other. */
const KEY_ORDER: Departures = {
  "two keys at one watermark": {
    semantics: "S4.15",
    outputs: ["4: match a[1] b[2] at 3", "4: match a[0] b[3] at 4"],
  },
  "two keys interleaved order": {
    semantics: "S4.15",
    outputs: ["4: match a[1] b[2] at 3", "4: match a[0] b[3] at 4"],
  },
};

/** A restored operator remembers its watermark; in Flink what was late before is in time after. */
const RESTORED: Departures = {
  "restore keeps partials, resets watermark": { semantics: "S4.16", outputs: ["4: match a[0] b[2] at 6"], late: 1 },
};

describeOperatorVectors("probes.json", { ...TIMERS, ...ALERT_TIMES, ...KEY_ORDER, ...RESTORED });
