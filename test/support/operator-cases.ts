/**
 * Operator vectors as test cases: each is run whole, and once more restored before every step, and comes to what Flink's
 * operator gave, or to what a numbered paragraph of SEMANTICS.md says instead.
 */

import { describe, expect, test } from "@jest/globals";
import { readOperatorVectors, runOperatorVector, type OperatorOutput, type OperatorVector } from "./operator-vector.ts";
import { patternBlock } from "../vectors/match/to-rule.mjs";

export interface Departure {
  /** The paragraph of SEMANTICS.md that decides. */
  readonly semantics: string;
  /** What comes out instead, a line each; watermarks are as upstream. */
  readonly outputs: readonly string[];
  /** Late events, where their number differs. */
  readonly late?: number;
}

/** By id. */
export type Departures = Readonly<Record<string, Departure>>;

/** All vectors of a file. A departure that names none of them, or does not differ from upstream, fails. */
export function describeOperatorVectors(file: string, departures: Departures = {}): void {
  const { vectors } = readOperatorVectors(file);
  describe(`vectors of ${file}`, () => {
    test("the departures are of vectors there are, and depart", () => {
      const departing = vectors.filter((vector) => {
        const departure = departures[vector.id];
        return departure !== undefined && departure.outputs.join("\n") !== linesOf(vector, vector.outputs).join("\n");
      });
      expect(departing.map(({ id }) => id).toSorted()).toEqual(Object.keys(departures).toSorted());
    });

    test.each(
      vectors.map((vector) => {
        const departure = departures[vector.id];
        return [departure === undefined ? vector.id : `${vector.id} (${departure.semantics})`, vector] as const;
      }),
    )("%s", (_, vector) => check(vector, departures[vector.id]));
  });
}

function check(vector: OperatorVector, departure: Departure | undefined): void {
  const inClaimedOrder = (lines: string[]): string[] =>
    vector.anyOrder && departure === undefined ? lines.toSorted() : lines;
  const expected = {
    outputs: departure?.outputs ?? inClaimedOrder(linesOf(vector, vector.outputs)),
    watermarks: vector.outputs.filter((output) => !isResult(output)),
    late: departure?.late ?? vector.lateDropped ?? vector.outputs.filter(({ kind }) => kind === "late").length,
  };
  const isTimed = vector.outputs.some((output) => output.kind !== "late" && output.ts !== undefined);
  for (const cutEverywhere of [false, true]) {
    const { outputs, late } = runOperatorVector(vector, { cutEverywhere });
    expect({
      outputs: inClaimedOrder(linesOf(vector, isTimed ? outputs : outputs.map(withoutTime))),
      watermarks: outputs.filter((output) => !isResult(output)),
      late,
    }).toEqual(expected);
  }
}

type Result = Exclude<OperatorOutput, { readonly kind: "watermark" }>;

function isResult(output: OperatorOutput): output is Result {
  return output.kind !== "watermark";
}

function withoutTime(output: OperatorOutput): OperatorOutput {
  if (output.kind === "watermark" || output.kind === "late") return output;
  const { ts: _, ...rest } = output;
  return rest;
}

function linesOf({ pattern }: OperatorVector, outputs: readonly OperatorOutput[]): string[] {
  const stages = Object.keys(patternBlock(pattern).names);
  return outputs.filter(isResult).map((output) => lineOf(output, stages));
}

/** `4: match a[0] b[1, 2] at 7`, the number being that of the step. */
function lineOf(output: Result, stages: readonly string[]): string {
  if (output.kind === "late") return `${output.afterStep}: late ${output.event}`;
  const taken = Object.entries(output.match)
    .sort(([a], [b]) => stages.indexOf(a) - stages.indexOf(b))
    .map(([stage, events]) => `${stage}[${events.join(", ")}]`);
  const at = output.ts === undefined ? "" : ` at ${output.ts}`;
  return `${output.afterStep}: ${output.kind} ${taken.join(" ")}${at}`;
}
