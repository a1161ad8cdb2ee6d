/** How the lives of a service end in a crash campaign: drawn from a seed, so that one that failed can be run again. */

import type { Random } from "../../src/app/demo/random.ts";
import type { Crash } from "../../src/app/fault-points.ts";

export type Kill =
  /** By itself, at a fault point. */
  | { readonly kind: "fault"; readonly crash: Crash }
  /** From outside, so long after batch number `batch` of its life was sent off: it, or its database (which it survives), or only told to stop. */
  | { readonly kind: "kill" | "database" | "stop"; readonly batch: number; readonly afterMs: number }
  /** From outside, so long after its start: mostly before it is ready. */
  | { readonly kind: "start"; readonly afterMs: number };

/** No life lasts for more than `batches`. */
export function killPlan({ random, kills, batches }: { random: Random; kills: number; batches: number }): Kill[] {
  const endings = Array.from({ length: kills }, (_, index) => ({
    ending: ENDINGS[index % ENDINGS.length]!,
    turn: random.next(),
  }));
  return endings.sort((a, b) => a.turn - b.turn).map(({ ending }) => draw(ending, { random, batches }));
}

export function describeKill(kill: Kill): string {
  switch (kill.kind) {
    case "fault":
      return `killed at ${kill.crash.point}:${kill.crash.pass}`;
    case "kill":
      return `killed ${kill.afterMs} ms after batch ${kill.batch}`;
    case "database":
      return `its database killed ${kill.afterMs} ms after batch ${kill.batch}`;
    case "stop":
      return `told to stop ${kill.afterMs} ms after batch ${kill.batch}`;
    case "start":
      return `killed ${kill.afterMs} ms after its start`;
  }
}

/** All of them before any comes again, the most telling first: a short campaign has few. */
const ENDINGS = [
  "log.committed",
  "delivery.answered",
  "kill",
  "alerts.committed",
  "start",
  "database",
  "log.committing",
  "alerts.committing",
  "stop",
  "kill",
] as const;

/** A small batch is answered in about this time. */
const SENDING_MS = 20;
/** A start takes longer, for the most part. */
const STARTING_MS = 2500;
/** Alerts come less often than batches. */
const ALERT_PASSES = 3;

function draw(ending: (typeof ENDINGS)[number], { random, batches }: { random: Random; batches: number }): Kill {
  switch (ending) {
    case "kill":
    case "database":
    case "stop":
      return { kind: ending, batch: random.whole(1, batches), afterMs: random.whole(0, SENDING_MS) };
    case "start":
      return { kind: ending, afterMs: random.whole(0, STARTING_MS) };
    case "log.committing":
    case "log.committed":
      return { kind: "fault", crash: { point: ending, pass: random.whole(1, batches) } };
    case "alerts.committing":
    case "alerts.committed":
    case "delivery.answered":
      return { kind: "fault", crash: { point: ending, pass: random.whole(1, ALERT_PASSES) } };
  }
}
