/**
 * An engine and its door, with no log to lose: what a service comes to over the same requests where nothing ever fails. Requests that
 * a service refuses, because there is no such rule or version, do nothing. Mutable.
 */

import { assert } from "../../src/core/assert.ts";
import type { JsonObject } from "../../src/core/event.ts";
import { Door } from "../../src/engine/log/door.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { ListChange, LogRecord, OnChange, UnloggedRecord } from "../../src/engine/log/log-record.ts";
import type { Output } from "../../src/engine/output.ts";
import type { EngineSnapshot } from "../../src/engine/checkpoint/snapshot.ts";

export interface TakenEvents {
  readonly accepted: number;
  readonly duplicates: number;
}

export interface CalmEngineOptions {
  /** What the engine goes on without, although it is in the log. */
  readonly isSetAside?: (record: LogRecord) => boolean;
}

export class CalmEngine {
  readonly outputs: Output[] = [];
  readonly #isSetAside: (record: LogRecord) => boolean;
  #engine = new Engine();
  #door = new Door();
  #next = 0;
  /** As JSON, by name. */
  readonly #savepoints = new Map<string, string>();

  constructor({ isSetAside = () => false }: CalmEngineOptions = {}) {
    this.#isSetAside = isSetAside;
  }

  /** As it is now; another one after a savepoint has been restored. */
  get engine(): Engine {
    return this.#engine;
  }

  /** `at`: time of arrival, epoch milliseconds. */
  take(stream: string, { events, at = 0 }: { events: readonly JsonObject[]; at?: number }): TakenEvents {
    const { definition } = this.#engine.stream(stream)!;
    let [accepted, duplicates] = [0, 0];
    for (const event of events) {
      const admission = this.#door.admit(definition, event, { at, offset: this.#next });
      assert(admission.kind !== "rejected", "the events are those of the stream");
      if (admission.kind === "duplicate") {
        duplicates++;
        continue;
      }
      accepted++;
      this.#door.applied(admission.record);
      this.apply(admission.record);
    }
    return { accepted, duplicates };
  }

  put(source: string, { onChange = "drop" }: { readonly onChange?: OnChange | undefined } = {}): void {
    if (this.#engine.plan(this.#engine.check(source)).changed) this.#log({ kind: "rules", source, onChange });
  }

  rollback(rule: string, version: number): void {
    const found = this.#engine.rules.versions(rule).find((each) => each.version === version);
    if (found !== undefined) this.put(found.source);
  }

  remove(rule: string): void {
    if (this.#engine.rules.get(rule) !== undefined) this.#log({ kind: "ruleRemoved", name: rule });
  }

  pause(rule: string): void {
    if (this.#engine.rules.get(rule)?.runtime.isPaused === false) this.#log({ kind: "rulePaused", name: rule });
  }

  resume(rule: string): void {
    if (this.#engine.rules.get(rule)?.runtime.isPaused === true) this.#log({ kind: "ruleResumed", name: rule });
  }

  changeList(name: string, change: ListChange): void {
    this.#log({ kind: "list", name, change });
  }

  watermark(stream: string, time: number | "end"): void {
    this.#log({ kind: "watermark", stream, time });
  }

  save(name: string): void {
    const snapshot = this.#engine.snapshot(this.#next, (stream) => this.#door.snapshot(stream));
    this.#savepoints.set(name, JSON.stringify(snapshot));
  }

  restore(name: string): void {
    const text = this.#savepoints.get(name);
    assert(text !== undefined, "the savepoint was made");
    const snapshot = JSON.parse(text) as EngineSnapshot;
    const engine = new Engine();
    this.#door = new Door();
    engine.restore(snapshot);
    for (const { name: stream, door } of snapshot.streams) {
      if (door !== null) this.#door.restore(engine.stream(stream)!.definition, door);
    }
    engine.replace(this.#engine);
    this.#engine = engine;
    this.#next++;
  }

  /** A record as it is in a log, past the door. */
  apply(record: LogRecord): void {
    this.#next = record.offset + 1;
    if (this.#isSetAside(record)) return;
    for (const output of this.#engine.apply(record)) this.outputs.push(output);
  }

  #log(record: UnloggedRecord): void {
    this.apply({ ...record, offset: this.#next });
  }
}
