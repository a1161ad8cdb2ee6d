/** What befalls the lives of a service in a run: drawn from a seed, so that one that failed can be run again. */

import type { Random } from "../../../src/app/demo/random.ts";
import { FAULT_POINTS, type Crash } from "../../../src/app/fault-points.ts";
import { TROUBLES, type Trouble } from "./database.ts";

export type Kill =
  /** By itself, at a fault point. */
  | { readonly kind: "fault"; readonly crash: Crash }
  /** From outside, so long after step number `step` of its life was begun: it is killed, or only told to stop. */
  | { readonly kind: "kill" | "stop"; readonly step: number; readonly afterMs: number }
  /** Then something befalls its database, for so long; it survives that, or is killed in the midst of it. */
  | {
      readonly kind: "trouble";
      readonly trouble: Trouble;
      readonly step: number;
      readonly afterMs: number;
      readonly forMs: number;
    }
  /** From outside, so long after its start: mostly before it is ready. */
  | { readonly kind: "start"; readonly afterMs: number };

/** No life lasts for more than `steps`. */
export function killPlan({
  random,
  kills,
  steps,
  troubles,
  hasSink,
}: {
  random: Random;
  kills: number;
  steps: number;
  /** Those that can befall the run's database. */
  troubles: readonly Trouble[];
  /** Whether it passes the fault points of an alert sink. */
  hasSink: boolean;
}): Kill[] {
  const endings = [...ENDINGS.filter((ending) => hasSink || !ending.startsWith("sink.")), ...troubles];
  const drawn: Kill[] = [];
  let left: Ending[] = [];
  while (drawn.length < kills) {
    if (left.length === 0) left = shuffled(endings, random); // each once before any comes again
    drawn.push(draw(left.pop()!, { random, steps }));
  }
  return drawn;
}

export function describeKill(kill: Kill): string {
  switch (kill.kind) {
    case "fault":
      return `${kill.crash.point}:${kill.crash.pass}`;
    case "kill":
      return `killed at step ${kill.step} + ${kill.afterMs} ms`;
    case "stop":
      return `stopped at step ${kill.step} + ${kill.afterMs} ms`;
    case "trouble":
      return `${TROUBLES[kill.trouble]} at step ${kill.step} + ${kill.afterMs} ms`;
    case "start":
      return `killed ${kill.afterMs} ms after its start`;
  }
}

const ENDINGS = [...FAULT_POINTS, "kill", "kill", "start", "stop"] as const;
type Ending = (typeof ENDINGS)[number] | Trouble;

/** A step is answered in about this time. */
const STEP_MS = 20;
/** A start takes longer, for the most part. */
const START_MS = 1500;
/** Alerts and deliveries come less often than steps, and checkpoints less often than these. */
const ALERT_PASSES = 4;
const CHECKPOINT_PASSES = 2;
/** Shorter than a client's patience, longer than a few attempts to write. */
const TROUBLE_MS = 700;

function draw(ending: Ending, { random, steps }: { random: Random; steps: number }): Kill {
  switch (ending) {
    case "kill":
    case "stop":
      return { kind: ending, step: random.whole(1, steps), afterMs: random.whole(0, STEP_MS) };
    case "database":
    case "connections":
    case "disk":
    case "refusals":
    case "alerts":
    case "sink":
      return {
        kind: "trouble",
        trouble: ending,
        step: random.whole(1, steps),
        afterMs: random.whole(0, STEP_MS),
        forMs: random.whole(0, TROUBLE_MS),
      };
    case "start":
      return { kind: "start", afterMs: random.whole(0, START_MS) };
    case "log.committing":
    case "log.committed":
      return { kind: "fault", crash: { point: ending, pass: random.whole(1, steps) } };
    case "checkpoint.writing":
    case "checkpoint.committed":
    case "sink.preparing":
    case "sink.prepared":
    case "sink.committing":
    case "sink.committed":
      return { kind: "fault", crash: { point: ending, pass: random.whole(1, CHECKPOINT_PASSES) } };
    case "alerts.committing":
    case "alerts.committed":
    case "delivery.sending":
    case "delivery.answered":
    case "delivery.recorded":
      return { kind: "fault", crash: { point: ending, pass: random.whole(1, ALERT_PASSES) } };
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, turn: random.next() }))
    .sort((a, b) => a.turn - b.turn)
    .map(({ item }) => item);
}
