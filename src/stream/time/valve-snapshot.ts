/** How far the inputs of a valve have come, in snapshots: inputs of one name, the subtasks of one operator, are told together. */

import { BEGINNING_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import type { ValveInputSnapshot, ValveSnapshot } from "../task/snapshot.ts";

/** An input, as far as it is remembered. */
interface Remembered {
  readonly name: string;
  watermark: number;
  idle: boolean;
}

/** Those of one name count as one where they have come equally far, so that it does not show how many there are. */
export function inputsToSnapshot(inputs: readonly Readonly<Remembered>[]): ValveInputSnapshot[] {
  return [...byName(inputs).values()].flatMap((of) => {
    const told = of.map(({ name, watermark, idle }) => ({ name, watermark: timeToSnapshot(watermark), idle }));
    const first = told[0]!;
    return told.every(({ watermark, idle }) => watermark === first.watermark && idle === first.idle) ? [first] : told;
  });
}

/** For the inputs that there are; others' are no longer of interest. Where there are more or fewer of a name, none is ahead. */
export function restoreInputs(inputs: readonly Remembered[], snapshot: readonly ValveInputSnapshot[]): void {
  const remembered = byName(snapshot);
  for (const [name, own] of byName(inputs)) {
    const told = remembered.get(name) ?? [];
    for (const [index, input] of own.entries()) {
      const of = told.length === own.length ? told[index] : slowest(told);
      input.watermark = of === undefined ? BEGINNING_OF_TIME : timeFromSnapshot(of.watermark);
      input.idle = of?.idle ?? input.idle;
    }
  }
}

/** Several valves as one that is ahead of none of them. */
export function behindAllValves(valves: readonly ValveSnapshot[]): ValveSnapshot {
  const inputs = byName(valves.flatMap((valve) => valve.inputs));
  const least = Math.min(...valves.map(({ watermark }) => timeFromSnapshot(watermark)));
  return {
    watermark: timeToSnapshot(least),
    idle: valves.every(({ idle }) => idle),
    inputs: [...inputs.values()].flatMap((of) => slowest(of) ?? []),
  };
}

/** None of them, if there are none. */
function slowest(inputs: readonly ValveInputSnapshot[]): ValveInputSnapshot | undefined {
  if (inputs.length === 0) return undefined;
  const [name, watermarks] = [inputs[0]!.name, inputs.map(({ watermark }) => timeFromSnapshot(watermark))];
  return { name, watermark: timeToSnapshot(Math.min(...watermarks)), idle: inputs.every(({ idle }) => idle) };
}

function byName<I extends { readonly name: string }>(inputs: readonly I[]): Map<string, I[]> {
  const named = new Map<string, I[]>();
  for (const input of inputs) named.set(input.name, [...(named.get(input.name) ?? []), input]);
  return named;
}
