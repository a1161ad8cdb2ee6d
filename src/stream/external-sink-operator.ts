/** Where a stream leaves for a sink that takes its time: whoever runs the task says where the values wait meanwhile. */

import { UserError } from "../core/errors.ts";
import type { ExternalSink } from "./connector.ts";
import { Operator } from "./operator.ts";
import type { Addition } from "./origin.ts";

export class ExternalSinkOperator<T> extends Operator<T, never> {
  #take: ((value: T, timestamp: number) => void) | null = null;

  connect(take: (value: T, timestamp: number) => void): void {
    this.#take = take;
  }

  /** UserError `unconnected-sink`. */
  override record(value: T, timestamp: number): void {
    if (this.#take === null) throw unconnected(this.setup.name);
    this.#take(value, timestamp);
  }
}

export function isExternalSink(sink: object): sink is ExternalSink<unknown> {
  return "write" in sink;
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
    hint: "run the job with `execute` of `tripline/connect`, or take it by `task.output`",
  });
}
