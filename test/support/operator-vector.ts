/**
 * Vectors of an operator's behaviour: steps in (events, watermarks, the clock, a restore), outputs back. Run through the
 * library's engine, they come to outputs in the same notation. `test/vectors/operator/README.md` says what the parts mean.
 */

import type { JsonObject } from "../../src/core/event.ts";
import type { TimeSnapshot } from "../../src/core/time.ts";
import { createEngine, type Alert, type EngineSnapshot, type Output, type TriplineEngine } from "../../src/index.ts";
import { patternBlock, type Match } from "../vectors/match/to-rule.mjs";
import { read } from "./project.ts";

export interface OperatorVector {
  readonly id: string;
  readonly timeMode: "event" | "processing";
  readonly keyBy?: string;
  readonly timeoutHandling?: true;
  readonly lateOutput?: true;
  readonly lateDropped?: number;
  readonly anyOrder?: true;
  readonly pattern: unknown;
  readonly events: readonly { readonly ts?: number; readonly event: JsonObject }[];
  readonly steps: readonly Step[];
  readonly outputs: readonly OperatorOutput[];
}

export type Step =
  | { readonly op: "element"; readonly event: number }
  | { readonly op: "watermark"; readonly ts: VectorTime }
  | { readonly op: "processingTime"; readonly ts: number }
  | { readonly op: "snapshotRestore" };

/** Epoch milliseconds, or an end of time. */
export type VectorTime = number | "MIN" | "MAX";

export type OperatorOutput =
  | { readonly kind: "match" | "timeout"; readonly match: Match; readonly ts?: VectorTime; readonly afterStep: number }
  | { readonly kind: "late"; readonly event: number; readonly afterStep: number }
  | { readonly kind: "watermark"; readonly ts: VectorTime; readonly afterStep: number };

export interface OperatorRun {
  readonly outputs: readonly OperatorOutput[];
  /** Late events, dropped or not. */
  readonly late: number;
  /** What is kept after each step. */
  readonly kept: readonly Kept[];
}

export interface Kept {
  /** The keys with partial or held matches. */
  readonly keys: readonly unknown[];
  /** Events that wait for the watermark. */
  readonly waiting: number;
}

/** An upstream test without steps and outputs. */
interface Untranscribed {
  readonly id: string;
  readonly notTranscribed: string;
}

/** The earliest moment that a watermark can be put to. */
const EARLIEST = "0000-01-01T00:00:00.000Z";

export function readOperatorVectors(file: string): {
  readonly vectors: readonly OperatorVector[];
  readonly untranscribed: readonly Untranscribed[];
} {
  const all = JSON.parse(read(`test/vectors/operator/${file}`)) as (OperatorVector | Untranscribed)[];
  const isUntranscribed = (each: OperatorVector | Untranscribed): each is Untranscribed => "notTranscribed" in each;
  return {
    vectors: all.filter((each): each is OperatorVector => !isUntranscribed(each)),
    untranscribed: all.filter(isUntranscribed),
  };
}

/** Runs every step; with `cutEverywhere` the engine is made anew from its snapshot before each. */
export function runOperatorVector(vector: OperatorVector, { cutEverywhere = false } = {}): OperatorRun {
  const rules = ruleText(vector);
  let engine = createEngine({ rules });
  let clock = 0;
  const indexOf = new Map<number, number>(); // offset of a record → index of its event
  const outputs: OperatorOutput[] = [];
  const kept: Kept[] = [];
  for (const [afterStep, step] of vector.steps.entries()) {
    if (cutEverywhere || step.op === "snapshotRestore") {
      engine = createEngine({ rules, snapshot: JSON.parse(JSON.stringify(engine.snapshot())) as EngineSnapshot });
    }
    if (step.op === "processingTime") clock = step.ts;
    if (step.op === "element") indexOf.set(engine.snapshot().nextOffset, step.event);
    const before = watermarkOf(engine);
    for (const output of take(engine, { vector, step, clock })) {
      if (output.kind === "late") outputs.push({ kind: "late", event: indexOf.get(output.offset)!, afterStep });
      else outputs.push({ ...alertOutput(output.alert, indexOf), afterStep });
    }
    const after = watermarkOf(engine);
    if (vector.timeMode === "event" && after !== before) {
      outputs.push({ kind: "watermark", ts: vectorTime(after), afterStep });
    }
    kept.push(keptBy(engine));
  }
  return { outputs, late: engine.snapshot().streams[0]!.late, kept };
}

/** In event time only the steps' watermarks move time; in processing time the moments of arrival do as well. */
function ruleText({ timeMode, keyBy, timeoutHandling, lateOutput, pattern }: OperatorVector): string {
  const time = timeMode === "event" ? "time ts  watermark punctuated where false" : "";
  const key = keyBy === undefined ? "" : `  key by ${keyBy}\n`;
  const timeout = timeoutHandling === true ? "  on timeout emit { }\n" : "";
  const { block } = patternBlock(pattern);
  return `stream s { ${time}  late ${lateOutput ? "side" : "drop"} }\nrule r {\n  from s\n${key}${block}${timeout}}\n`;
}

interface Situation {
  readonly vector: OperatorVector;
  readonly step: Step;
  readonly clock: number;
}

function take(engine: TriplineEngine, { vector, step, clock }: Situation): Output[] {
  switch (step.op) {
    case "element": {
      const { ts, event } = vector.events[step.event]!;
      return engine.push("s", ts === undefined ? event : { ...event, ts }, { at: clock });
    }
    case "watermark":
      return engine.watermark("s", step.ts === "MIN" ? EARLIEST : step.ts === "MAX" ? "end" : step.ts);
    case "processingTime":
      return engine.watermark("s", clock - 1); // at this moment events may still arrive: only what is before it is over
    case "snapshotRestore":
      return [];
  }
}

function alertOutput(
  { kind, events, at }: Alert,
  indexOf: ReadonlyMap<number, number>,
): { readonly kind: "match" | "timeout"; readonly match: Match; readonly ts: number } {
  if (kind !== "match" && kind !== "timeout") throw new Error(`an alert of the kind ${kind}`);
  const taken = Object.entries(events).map(
    ([stage, quoted]) => [stage, quoted.map(({ offset }) => indexOf.get(offset)!)] as const,
  );
  return { kind, match: Object.fromEntries(taken), ts: Date.parse(at) };
}

function watermarkOf(engine: TriplineEngine): TimeSnapshot {
  const { streams, job } = engine.snapshot();
  return job!.operators[`stream ${streams[0]!.name}`]!.inputs!.watermark;
}

function vectorTime(watermark: TimeSnapshot): VectorTime {
  if (watermark === "end") return "MAX";
  return watermark === "beginning" || watermark === Date.parse(EARLIEST) ? "MIN" : watermark;
}

function keptBy(engine: TriplineEngine): Kept {
  const { rules, job } = engine.snapshot();
  const operators = Object.entries(job!.operators);
  const keys = operators.flatMap(([name, { keyGroups = {} }]) =>
    rules.some(({ branch }) => branch === name)
      ? Object.values(keyGroups)
          .flat()
          .map(({ key }) => key)
      : [],
  );
  return {
    keys: keys.sort((a, b) => Number(a) - Number(b)),
    waiting: operators.reduce((sum, [, { waiting = [] }]) => sum + waiting.length, 0),
  };
}
