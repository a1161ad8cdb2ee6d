/** The library's engine: rules and events in, outputs back. The same engine as the service's, without its log, door included. */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { parseTime } from "../core/time.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import { isRefused } from "./check-rules.ts";
import { Door } from "./door.ts";
import { Engine } from "./engine.ts";
import type { LogRecord, UnloggedRecord } from "./log-record.ts";
import type { Output } from "./output.ts";
import { RuleError } from "./rule-error.ts";
import { unknownRule, unknownStream } from "./unknown.ts";

export interface EngineOptions {
  /** Text of the rule language: `stream` and `rule` blocks. */
  readonly rules: string;
}

export interface Arrival {
  /** Time of arrival, epoch milliseconds: the event time of streams without `time`. Default 0. */
  readonly at?: number;
  /** Source partition; watermarks are per partition. */
  readonly partition?: string;
}

/** Synchronous and deterministic: no clock, no I/O. */
export class TriplineEngine {
  readonly #engine = new Engine();
  readonly #door = new Door();
  #nextOffset = 0;

  constructor({ rules }: EngineOptions) {
    const { diagnostics } = this.#engine.check(rules);
    if (isRefused(diagnostics)) throw new RuleError(diagnostics);
    this.#engine.apply({ kind: "rules", offset: -1, source: rules });
  }

  /** Applies a record of a log as it stands; records come in the order of their offsets. */
  apply(record: LogRecord): Output[] {
    if (record.kind === "rules") {
      const { diagnostics } = this.#engine.check(record.source);
      if (isRefused(diagnostics)) throw new RuleError(diagnostics);
    } else if (record.kind === "ruleRemoved") {
      if (this.#engine.rules.get(record.name) === undefined) throw this.#unknownRule(record.name);
    } else {
      const definition = this.#definition(record.stream);
      if (record.kind === "event") this.#door.replay(definition, record);
    }
    this.#nextOffset = Math.max(this.#nextOffset, record.offset + 1);
    return this.#engine.apply(record);
  }

  /**
   * Takes one event. A redelivery (by the stream's `id`) gives no outputs. UserError `unknown-stream`, or with the code of
   * what is wrong with the event (`missing-time`, `bad-time`, `missing-id`, `schema`, ...).
   */
  push(stream: string, event: Json, { at = 0, partition }: Arrival = {}): Output[] {
    const arrival = partition === undefined ? { at } : { at, partition };
    const admission = this.#door.admit(this.#definition(stream), event, arrival);
    switch (admission.kind) {
      case "accepted":
        return this.#log(admission.record);
      case "duplicate":
        return [];
      case "rejected":
        throw new UserError(admission);
    }
  }

  /** Advances event time of a stream, inclusive, to RFC 3339 text or epoch milliseconds; `"end"` closes everything open. */
  watermark(stream: string, time: number | string): Output[] {
    this.#definition(stream);
    const parsed = time === "end" ? "end" : parseTime(time);
    if (parsed === undefined) {
      throw new UserError({
        code: "bad-time",
        message: `expected RFC 3339 text, whole epoch milliseconds or "end", found ${JSON.stringify(time)}`,
      });
    }
    return this.#log({ kind: "watermark", stream, time: parsed });
  }

  #log(record: UnloggedRecord): Output[] {
    return this.#engine.apply({ ...record, offset: this.#nextOffset++ });
  }

  #definition(stream: string): StreamDefinition {
    const known = this.#engine.stream(stream);
    if (known !== undefined) return known.definition;
    throw unknownStream(
      stream,
      [...this.#engine.streams()].map(({ name }) => name),
    );
  }

  #unknownRule(name: string): UserError {
    return unknownRule(
      name,
      [...this.#engine.rules.all()].map((rule) => rule.name),
    );
  }
}

export function createEngine(options: EngineOptions): TriplineEngine {
  return new TriplineEngine(options);
}
