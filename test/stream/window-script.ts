/** What property tests of windows share: a script of records, times and stops, gone through by a job and by the naive model. */

import { expect } from "@jest/globals";
import fc from "fast-check";
import {
  outputTag,
  StreamEnvironment,
  valueState,
  type ProcessWindowFunction,
  type TaskSnapshot,
  type WindowAssigner,
  type WindowedStream,
} from "../../src/stream/index.ts";
import { NaiveWindows, type NaiveSettings, type Reading } from "./naive-windows.ts";

/** At a stop, a new task goes on from the snapshot at this parallelism. */
export type Step =
  | { readonly kind: "reading"; readonly reading: Reading }
  | { readonly kind: "watermark"; readonly at: number }
  | { readonly kind: "processing"; readonly at: number }
  | { readonly kind: "stop"; readonly parallelism: number };

export type Windowed = WindowedStream<Reading, string>;

const reading = fc.record({ key: fc.constantFrom("a", "b", "c"), at: fc.nat(40), value: fc.nat(9) });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("reading" as const), reading }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("watermark" as const), at: fc.nat(50) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("processing" as const), at: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("stop" as const), parallelism: fc.constantFrom(1, 2, 128) }) },
);

/** At last, both times go far on: no timer that was set stays. */
export const script = fc
  .array(step, { maxLength: 40 })
  .map((steps): Step[] => [...steps, { kind: "watermark", at: 200 }, { kind: "processing", at: 200 }]);

export interface Pair<M> {
  readonly assigner: WindowAssigner<Reading>;
  readonly windowed?: (windows: Windowed) => Windowed;
  readonly naive: NaiveSettings<M>;
}

/** That the job tells of each key, at each step, what the naive model tells. */
export function expectAlike<M>(pair: Pair<M>, steps: readonly Step[]): void {
  expect(byKey(runJob(pair, steps))).toEqual(byKey(runNaively(pair, steps)));
}

function runNaively<M>({ naive }: Pair<M>, steps: readonly Step[]): string[][] {
  const windows = new NaiveWindows(naive);
  return steps.map((step) => {
    if (step.kind === "reading") windows.record(step.reading);
    else if (step.kind === "watermark") windows.watermark(step.at);
    else if (step.kind === "processing") windows.processingTime(step.at);
    return windows.told();
  });
}

const firings = valueState<number>({ name: "firings" });
const late = outputTag<Reading>("late");

function runJob<M>({ assigner, windowed = (windows) => windows }: Pair<M>, steps: readonly Step[]): string[][] {
  const seen: string[] = [];
  const start = (options: { parallelism?: number; snapshot?: TaskSnapshot }) => {
    const env = new StreamEnvironment();
    const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
    const windows = readings.keyBy(({ key }) => key).window(assigner);
    const fired = windowed(windows.sideOutputLateData(late)).process(() => telling(assigner.merges));
    fired.named("windows").sinkTo((text) => void seen.push(text));
    fired.sideOutput(late).sinkTo(({ key, value }) => void seen.push(`${key} late ${value}`));
    return { readings, task: env.createTask(options) };
  };
  let running = start({});
  return steps.map((step) => {
    const { task, readings } = running;
    if (step.kind === "reading") task.push(readings, step.reading);
    else if (step.kind === "watermark") task.input(readings).advanceWatermark(step.at);
    else if (step.kind === "processing") task.advanceProcessingTime(step.at);
    else running = start({ parallelism: step.parallelism, snapshot: JSON.parse(JSON.stringify(task.snapshot())) });
    return seen.splice(0);
  });
}

/** How many firings there were of the key, and of the window where it may know: of windows that merge, nobody does. */
function telling(merges: boolean): ProcessWindowFunction<string, Reading, string> {
  return {
    process(elements, context) {
      const states = [context.globalState(firings), ...(merges ? [] : [context.windowState(firings)])];
      const counts = states.map((state) => {
        state.update((state.value() ?? 0) + 1);
        return state.value();
      });
      const { start, end } = context.window;
      const values = elements.map(({ value }) => value).join(" ");
      context.collect(`${context.key} [${start},${end}) ${counts.join("/")}: ${values}`);
    },
  };
}

/** Keys have no order among each other that a model could know. */
function byKey(steps: readonly string[][]): string[][] {
  return steps.map((told) => told.toSorted((a, b) => a.charCodeAt(0) - b.charCodeAt(0)));
}
