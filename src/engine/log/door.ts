/**
 * The door of the log: which documents become events. It decides an event's time and identity, once, and refuses what is not
 * an event of the stream, alone, with the reason. One writer asks it in the order of the log. Mutable: it remembers identities.
 */

import { assert } from "../../core/assert.ts";
import type { Json, JsonObject } from "../../core/event.ts";
import { Queue } from "../../core/queue.ts";
import { isTooDeep } from "../../core/depth.ts";
import { isRoundedInteger, unfaithfulIn, type Unfaithful } from "../../core/faithful-json.ts";
import { limits } from "../../core/limits.ts";
import { BEGINNING_OF_TIME, parseTime, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import { compilePath } from "../../expr/data-path.ts";
import { checkAgainstSchema } from "../../expr/schema.ts";
import type { Expr } from "../../lang/ast.ts";
import type { StreamDefinition } from "../../lang/definition.ts";
import { printExpr } from "../../lang/print-expr.ts";
import { IdentityIndex } from "./identity-index.ts";
import type { EventRecord } from "./log-record.ts";
import type { DoorSnapshot } from "../checkpoint/snapshot.ts";

export type Admission =
  | { readonly kind: "accepted"; readonly record: EventRecord }
  | { readonly kind: "duplicate" }
  | { readonly kind: "rejected"; readonly code: string; readonly message: string; readonly hint?: string };

/** How a document came. */
export interface Arrival {
  /** Time of arrival, epoch milliseconds. */
  readonly at: number;
  /** Source partition; undefined for the one that HTTP is. */
  readonly partition?: string | undefined;
  /** The place in the log that the event takes if it is accepted. */
  readonly offset: number;
}

/** A declared path: how to read it, and how to name it. */
interface DataPath {
  readonly text: string;
  readonly read: (data: JsonObject) => Json;
}

interface StreamDoor {
  readonly definition: StreamDefinition;
  readonly time: DataPath | null;
  readonly id: DataPath | null;
  readonly identities: IdentityIndex;
  /** Arrival never goes back, even if the clock does: it is the event time of streams without `time`. */
  lastArrival: number;
  /** The same, and the greatest event time of an identity, of the events that have been applied. */
  readonly applied: { lastArrival: number; greatest: number };
  /** Identities of events applied since changes were last taken; null as long as nobody has asked. */
  changes: [id: string, time: number][] | null;
}

export interface DoorChanges extends DoorSnapshot {
  /** Whether `identities` are all, or those taken since this was last asked. */
  readonly isWhole: boolean;
}

export class Door {
  readonly #doors = new Map<string, StreamDoor>();
  /** Accepted, and not yet applied, in the order of the log: no snapshot knows of them, since a crash may undo them. */
  readonly #ahead = new Queue<EventRecord>();

  /** Remembers the identity of what it accepts. */
  admit(definition: StreamDefinition, document: Json, { at, partition, offset }: Arrival): Admission {
    if (!isObject(document)) return rejected("not-an-object", `expected a JSON object, found ${describe(document)}`);
    if (isTooDeep(document, limits.eventDepthMax)) {
      return rejected("too-deep", `the event nests deeper than ${limits.eventDepthMax} levels`);
    }
    const unfaithful = unfaithfulIn(document);
    if (unfaithful !== null) return notKept(unfaithful);
    const door = this.#door(definition);
    if (definition.schema !== null) {
      const fault = checkAgainstSchema(document, definition.schema);
      if (fault !== null) {
        return rejected("schema", `\`${fault.path}\`: expected ${fault.expected}, found ${fault.found}`);
      }
    }
    const arrival = Math.max(at, door.lastArrival);
    let time = arrival;
    if (door.time !== null) {
      const value = door.time.read(document);
      const parsed = parseTime(value);
      if (parsed === undefined) return badTime(door.time.text, value);
      time = parsed;
    }
    let id: string | undefined;
    if (door.id !== null) {
      const value = door.id.read(document);
      if (typeof value !== "string" && typeof value !== "number") return badId(door.id.text, value);
      if (isRoundedInteger(value)) return roundedId(door.id.text, value);
      id = typeof value === "string" ? value : String(value);
      if (door.identities.has(id, definition.dedupeMs!)) return { kind: "duplicate" };
      door.identities.add(id, time, definition.dedupeMs!);
    }
    door.lastArrival = arrival;
    const record: EventRecord = { kind: "event", offset, stream: definition.name, time, at: arrival, data: document };
    const accepted =
      id === undefined && partition === undefined
        ? record
        : { ...record, ...(id === undefined ? {} : { id }), ...(partition === undefined ? {} : { partition }) };
    this.#ahead.push(accepted);
    return { kind: "accepted", record: accepted };
  }

  /** An event that comes past the door, as it was accepted once. */
  expect(record: EventRecord): void {
    this.#ahead.push(record);
  }

  /** The event that was accepted first of those that have not been applied has been applied. */
  applied(record: EventRecord): void {
    assert(
      this.#ahead.shift()?.offset === record.offset,
      "events are applied in the order in which they were accepted",
    );
    this.#note(this.#doors.get(record.stream)!, record);
  }

  /** Arrival of the stream's newest event, epoch milliseconds; null of a stream that nothing has come to. */
  lastArrival(stream: string): number | null {
    return this.#doors.get(stream)?.lastArrival ?? null;
  }

  /** Remembers an event that is in the log already. */
  replay(definition: StreamDefinition, record: EventRecord): void {
    const door = this.#door(definition);
    door.lastArrival = Math.max(door.lastArrival, record.at);
    if (record.id !== undefined && definition.dedupeMs !== null) {
      door.identities.add(record.id, record.time, definition.dedupeMs);
    }
    this.#note(door, record);
  }

  /** As of the events that have been applied. */
  snapshot(stream: string): DoorSnapshot | null {
    const door = this.#doors.get(stream);
    if (door === undefined) return null;
    const ahead = new Set<string>();
    for (const { stream: of, id } of this.#ahead) if (of === stream && id !== undefined) ahead.add(id);
    return {
      lastArrival: door.applied.lastArrival,
      greatest: timeToSnapshot(door.applied.greatest),
      identities: [...door.identities.entries()].filter(([id]) => !ahead.has(id)),
    };
  }

  /** As of now, everything of the stream is in a checkpoint. */
  beginChanges(stream: string): void {
    const door = this.#doors.get(stream);
    if (door !== undefined) door.changes = [];
  }

  /** What has changed since this was last asked; all, if it is wanted, or nobody knows. */
  takeChanges(stream: string, { isWhole }: { readonly isWhole: boolean }): DoorChanges | null {
    const door = this.#doors.get(stream);
    if (door === undefined) return null;
    const { changes, applied } = door;
    door.changes = [];
    if (isWhole || changes === null) return { isWhole: true, ...this.snapshot(stream)! };
    const { lastArrival, greatest } = applied;
    return { isWhole: false, lastArrival, greatest: timeToSnapshot(greatest), identities: changes };
  }

  restore(definition: StreamDefinition, { lastArrival, greatest, identities }: DoorSnapshot): void {
    const door = this.#door(definition);
    door.lastArrival = lastArrival;
    Object.assign(door.applied, { lastArrival, greatest: timeFromSnapshot(greatest) });
    door.identities.restore(timeFromSnapshot(greatest), identities);
  }

  #note({ applied, changes }: StreamDoor, { at, id, time }: EventRecord): void {
    if (at > applied.lastArrival) applied.lastArrival = at;
    if (id === undefined) return;
    if (time > applied.greatest) applied.greatest = time;
    changes?.push([id, time]);
  }

  #door(definition: StreamDefinition): StreamDoor {
    const known = this.#doors.get(definition.name);
    if (known?.definition === definition) return known;
    const door: StreamDoor = {
      definition,
      time: dataPath(definition.time),
      id: dataPath(definition.id),
      identities: known?.identities ?? new IdentityIndex(),
      lastArrival: known?.lastArrival ?? 0,
      changes: known?.changes ?? null,
      applied: known?.applied ?? { lastArrival: 0, greatest: BEGINNING_OF_TIME },
    };
    this.#doors.set(definition.name, door);
    return door;
  }
}

function dataPath(expr: Expr | null): DataPath | null {
  return expr === null ? null : { text: `\`${printExpr(expr, { interpolates: false })}\``, read: compilePath(expr) };
}

function isObject(document: Json): document is JsonObject {
  return typeof document === "object" && document !== null && !Array.isArray(document);
}

function rejected(code: string, message: string, hint?: string): Admission {
  return { kind: "rejected", code, message, ...(hint === undefined ? {} : { hint }) };
}

/** It would be another after a restart, when the log is read again. */
function notKept({ path, what }: Unfaithful): Admission {
  switch (what) {
    case "number":
      return rejected(
        "bad-number",
        `\`${path}\` is a number beyond 1.8e308, which no double can hold`,
        "send it as a string",
      );
    case "text":
    case "field name":
      return rejected("bad-text", `the ${what} at \`${path}\` has half of a surrogate pair; expected Unicode text`);
  }
}

function roundedId(path: string, value: Json): Admission {
  return rejected(
    "bad-id",
    `${path}: an integer beyond 2^53 cannot be told from its neighbours; it reads as ${JSON.stringify(value)}`,
    "send ids of 64 bits as strings",
  );
}

function badTime(path: string, value: Json): Admission {
  if (value === null) {
    return rejected("missing-time", `the event has no ${path}, which the stream declares as its time`);
  }
  if (typeof value === "number" && Number.isInteger(value)) {
    const span = "the years 0000 to 9999, -62167219200000 to 253402300799999";
    return rejected("bad-time", `${path}: expected whole epoch milliseconds in ${span}, found ${describe(value)}`);
  }
  const looksLikeSeconds = typeof value === "number" && !Number.isInteger(value);
  return rejected(
    "bad-time",
    `${path}: expected RFC 3339 text or whole epoch milliseconds, found ${describe(value)}`,
    looksLikeSeconds ? "multiply seconds by 1000" : 'for example "2026-01-31T12:00:00.000Z" or 1769860800000',
  );
}

function badId(path: string, value: Json): Admission {
  if (value === null) {
    return rejected("missing-id", `the event has no ${path}, which the stream declares as its id`);
  }
  return rejected("bad-id", `${path}: expected a string or a number, found ${describe(value)}`);
}

/** A value, short enough to be quoted. */
function describe(value: Json): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
