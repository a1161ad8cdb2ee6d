/** Where a stream leaves for a sink that takes its time: whoever runs the task says where the values wait meanwhile. */

import { UserError } from "../../core/errors.ts";
import type { ExternalSink } from "../graph/connector.ts";
import { Operator } from "./operator.ts";
import type { Addition } from "../graph/origin.ts";

/** What becomes of a value: it waits until the sink has time for it. */
export type TakeOutput = (value: unknown, timestamp: number) => void;

export class ExternalSinkOperator extends Operator<unknown, never> {
  #take: TakeOutput | null = null;

  connect(take: TakeOutput): void {
    this.#take = take;
  }

  /** UserError `unconnected-sink`. */
  override record(value: unknown, timestamp: number): void {
    if (this.#take === null) throw unconnected(this.setup.name);
    this.#take(value, timestamp);
  }
}

export function isExternalSink(sink: unknown): sink is ExternalSink<unknown> {
  return typeof sink === "object" && sink !== null && "write" in sink;
}

export function externalSink(sink: ExternalSink<unknown>): Addition {
  return {
    kind: "sink",
    does: `sink, ${"preCommit" in sink ? "two-phase" : "idempotent"}`,
    connector: { kind: "sink", sink },
    create: (setup) => new ExternalSinkOperator(setup),
  };
}

function unconnected(name: string): UserError {
  return new UserError({
    code: "unconnected-sink",
    message: `${name} writes to the world, and nobody takes what is for it`,
    hint: "run the job with `execute` of `tripline/connect`, or say where it goes: `outputs` of the task",
  });
}
