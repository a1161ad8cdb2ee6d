/** The library's engine: rules and events in, outputs back. The same engine as the service's, with its door and without its log. */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { parseTime } from "../core/time.ts";
import { BoundedRun, type Arrival } from "./bounded-run.ts";
import { DEFAULT_CAPS, type CapOptions } from "./rules/caps.ts";
import { isRefused } from "./rules/check-rules.ts";
import type { LogRecord } from "./log/log-record.ts";
import type { Output } from "./output.ts";
import { RuleError } from "./rules/rule-error.ts";
import type { EngineSnapshot } from "./checkpoint/snapshot.ts";
import { unknownRule } from "./service/unknown.ts";

export interface EngineOptions {
  /** Text of the rule language: `stream` and `rule` blocks. */
  readonly rules: string;
  /** What another engine's `snapshot` gave: carry on from there. Rules that differ from it are put on top, as a change. */
  readonly snapshot?: EngineSnapshot;
  /** Most partial matches per key (the oldest are dropped) and per rule (no new match is started); the defaults are the service's. */
  readonly caps?: Partial<CapOptions>;
}

/** RuleError, with `.diagnostics`, when the rules are refused. */
export function createEngine(options: EngineOptions): TriplineEngine {
  return new TriplineEngine(options);
}

/** Synchronous and deterministic: no clock, no I/O. */
export class TriplineEngine {
  readonly #run: BoundedRun;

  constructor({ rules, snapshot, caps }: EngineOptions) {
    this.#run = new BoundedRun({ ...DEFAULT_CAPS, ...caps });
    if (snapshot !== undefined) this.#run.restore(snapshot);
    if (snapshot === undefined || this.#differs(rules)) this.apply({ kind: "rules", offset: -1, source: rules });
  }

  /** Everything this engine has become, as JSON. */
  snapshot(): EngineSnapshot {
    return this.#run.snapshot();
  }

  /** Applies a record of a log as it stands; records come in the order of their offsets. */
  apply(record: LogRecord): Output[] {
    this.#accept(record);
    this.#run.passed(record.offset);
    return this.#run.engine.apply(record);
  }

  /**
   * Takes one event. A redelivery (by the stream's `id`) gives no outputs. UserError `unknown-stream`, or with the code of
   * what is wrong with the event (`missing-time`, `bad-time`, `missing-id`, `schema`, ...).
   */
  push(stream: string, event: Json, arrival: Arrival = {}): Output[] {
    const outputs = this.#run.push(stream, event, arrival);
    return outputs === "duplicate" ? [] : outputs;
  }

  /** Advances event time of a stream, inclusive, to RFC 3339 text or epoch milliseconds; `"end"` closes everything open. */
  watermark(stream: string, time: number | string): Output[] {
    this.#run.definition(stream);
    const parsed = time === "end" ? "end" : parseTime(time);
    if (parsed === undefined) {
      throw new UserError({
        code: "bad-time",
        message: `expected RFC 3339 text, whole epoch milliseconds or "end", found ${JSON.stringify(time)}`,
      });
    }
    return this.#run.log({ kind: "watermark", stream, time: parsed });
  }

  /** Does the text say anything that a restored engine does not do already? */
  #differs(source: string): boolean {
    const { engine } = this.#run;
    const { streams, rules, diagnostics } = engine.check(source);
    return (
      isRefused(diagnostics) ||
      streams.some((stream) => engine.stream(stream.name)?.definition.source !== stream.source) ||
      rules.some((rule) => engine.rules.get(rule.name)?.runtime.rule.definition.source !== rule.source)
    );
  }

  /** What a log's record relies on. */
  #accept(record: LogRecord): void {
    const { engine, door } = this.#run;
    switch (record.kind) {
      case "rules": {
        const { diagnostics } = engine.check(record.source);
        if (isRefused(diagnostics)) throw new RuleError(diagnostics);
        return;
      }
      case "ruleRemoved":
      case "rulePaused":
      case "ruleResumed": {
        if (engine.rules.get(record.name) !== undefined) return;
        throw unknownRule(
          record.name,
          [...engine.rules.all()].map(({ name }) => name),
        );
      }
      case "event":
        door.replay(this.#run.definition(record.stream), record);
        return;
      case "watermark":
      case "tick":
        this.#run.definition(record.stream);
        return;
      case "list":
        return;
      case "restored":
        throw new UserError({
          code: "bad-record",
          message: "a savepoint is restored by the service; make another engine from a snapshot instead",
        });
    }
  }
}
