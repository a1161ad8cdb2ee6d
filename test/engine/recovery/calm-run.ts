/** What all requests come to where nothing ever dies: an engine and its door, with no log to lose. */

import { assert, unreachable } from "../../../src/core/assert.ts";
import { Door } from "../../../src/engine/log/door.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { UnloggedRecord } from "../../../src/engine/log/log-record.ts";
import type { Output } from "../../../src/engine/output.ts";
import type { EngineSnapshot } from "../../../src/engine/checkpoint/snapshot.ts";
import { faultOf } from "./engine-faults.ts";
import { LIST, type Request } from "./requests.ts";

export interface TakenEvents {
  readonly accepted: number;
  readonly duplicates: number;
}

export interface CalmOutcome {
  readonly outputs: readonly Output[];
  readonly engine: Engine;
  /** By the request's index; null for what is not events. */
  readonly taken: readonly (TakenEvents | null)[];
}

export function calmRun(requests: readonly Request[]): CalmOutcome {
  const run = new CalmRun();
  const taken = requests.map((request) => run.perform(request));
  return { outputs: run.outputs, engine: run.engine, taken };
}

/** Mutable. */
class CalmRun {
  readonly outputs: Output[] = [];
  engine = new Engine();
  #door = new Door();
  #next = 0;
  /** As JSON, by name. */
  readonly #savepoints = new Map<string, string>();

  perform(request: Request): TakenEvents | null {
    switch (request.kind) {
      case "events":
        return this.#takeEvents(request);
      case "rules":
        this.#put(request.source, request);
        return null;
      case "remove":
        if (this.engine.rules.get(request.rule) !== undefined) this.#log({ kind: "ruleRemoved", name: request.rule });
        return null;
      case "pause":
      case "resume": {
        const rule = this.engine.rules.get(request.rule);
        if (rule !== undefined && rule.isPaused === (request.kind === "resume"))
          this.#log({ kind: request.kind === "pause" ? "rulePaused" : "ruleResumed", name: request.rule });
        return null;
      }
      case "rollback": {
        const versions = this.engine.rules.versions(request.rule);
        const found = versions.find(({ version }) => version === request.version);
        if (found !== undefined) this.#put(found.source, { onChange: "drop" });
        return null;
      }
      case "list":
        this.#log({ kind: "list", name: LIST, change: request.change });
        return null;
      case "watermark":
        this.#log({ kind: "watermark", stream: request.stream, time: request.time });
        return null;
      case "savepoint":
        this.#savepoints.set(request.name, JSON.stringify(this.#snapshot()));
        return null;
      case "restore":
        this.#restore(this.#savepoints.get(request.name));
        return null;
      default:
        return unreachable(request);
    }
  }

  #takeEvents({ stream, events, at }: Extract<Request, { kind: "events" }>): TakenEvents {
    const { definition } = this.engine.stream(stream)!;
    let [accepted, duplicates] = [0, 0];
    for (const event of events) {
      const admission = this.#door.admit(definition, event, { at, offset: this.#next });
      assert(admission.kind !== "rejected", "the events are those of the stream");
      if (admission.kind === "duplicate") {
        duplicates++;
        continue;
      }
      accepted++;
      this.#next++;
      this.#door.applied(admission.record);
      if (faultOf(admission.record) !== "always") this.outputs.push(...this.engine.apply(admission.record)); // it is set aside
    }
    return { accepted, duplicates };
  }

  #put(source: string, { onChange }: { readonly onChange: "drop" | "drain" }): void {
    if (this.engine.plan(this.engine.check(source)).changed) this.#log({ kind: "rules", source, onChange });
  }

  #log(record: UnloggedRecord): void {
    this.outputs.push(...this.engine.apply({ ...record, offset: this.#next++ }));
  }

  #snapshot(): EngineSnapshot {
    return this.engine.snapshot(this.#next, (stream) => this.#door.snapshot(stream));
  }

  #restore(text: string | undefined): void {
    assert(text !== undefined, "the savepoint was made");
    const snapshot = JSON.parse(text) as EngineSnapshot;
    const engine = new Engine();
    this.#door = new Door();
    engine.restore(snapshot);
    for (const { name, door } of snapshot.streams) {
      if (door !== null) this.#door.restore(engine.stream(name)!.definition, door);
    }
    engine.replace(this.engine);
    this.engine = engine;
    this.#next++;
  }
}
