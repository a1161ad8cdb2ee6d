/** The engine over a bounded input: its own offsets, the door included, and an end at which everything open is closed. */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import type { CapOptions } from "./rules/caps.ts";
import { Door } from "./log/door.ts";
import { Engine } from "./engine.ts";
import type { UnloggedRecord } from "./log/log-record.ts";
import type { Output } from "./output.ts";
import type { EngineSnapshot } from "./checkpoint/snapshot.ts";
import { unknownStream } from "./service/unknown.ts";

export interface Arrival {
  /** Time of arrival, epoch milliseconds: the event time of streams without `time`. Default 0. */
  readonly at?: number;
  /** Source partition; watermarks are per partition. */
  readonly partition?: string;
}

export class BoundedRun {
  readonly engine: Engine;
  readonly #door = new Door();
  #nextOffset = 0;

  constructor(caps?: CapOptions) {
    this.engine = new Engine({ caps });
  }

  get door(): Door {
    return this.#door;
  }

  /**
   * Takes one event. UserError `unknown-stream`, or with the code of what is wrong with the event (`missing-time`, `bad-time`,
   * `missing-id`, `schema`, ...).
   */
  push(stream: string, event: Json, { at = 0, partition }: Arrival = {}): Output[] | "duplicate" {
    const admission = this.#door.admit(this.definition(stream), event, { at, partition, offset: this.#nextOffset });
    switch (admission.kind) {
      case "accepted":
        this.#nextOffset++;
        this.#door.applied(admission.record);
        return this.engine.apply(admission.record);
      case "duplicate":
        return "duplicate";
      case "rejected":
        throw new UserError(admission);
    }
  }

  /** Gives the record the next offset, and applies it. */
  log(record: UnloggedRecord): Output[] {
    return this.engine.apply({ ...record, offset: this.#nextOffset++ });
  }

  /** Offsets go on after this one. */
  passed(offset: number): void {
    this.#nextOffset = Math.max(this.#nextOffset, offset + 1);
  }

  snapshot(): EngineSnapshot {
    return this.engine.snapshot(this.#nextOffset, (stream) => this.#door.snapshot(stream));
  }

  /** Into a run that has taken nothing. */
  restore(snapshot: EngineSnapshot): void {
    this.engine.restore(snapshot);
    for (const { name, door } of snapshot.streams) if (door !== null) this.#door.restore(this.definition(name), door);
    this.#nextOffset = snapshot.nextOffset;
  }

  /** Event time of every stream goes to the end. */
  end(): Output[] {
    return [...this.engine.streams()].flatMap(({ name }) => this.log({ kind: "watermark", stream: name, time: "end" }));
  }

  definition(stream: string): StreamDefinition {
    const known = this.engine.stream(stream);
    if (known !== undefined) return known.definition;
    throw unknownStream(
      stream,
      [...this.engine.streams()].map(({ name }) => name),
    );
  }
}
