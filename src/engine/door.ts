/**
 * The door of the log: which documents become events. It decides an event's time and identity, once, and refuses what is not
 * an event of the stream, alone, with the reason. One writer asks it in the order of the log. Mutable: it remembers identities.
 */

import type { Json, JsonObject } from "../core/event.ts";
import { isTooDeep } from "../core/depth.ts";
import { limits } from "../core/limits.ts";
import { parseTime, timeFromSnapshot } from "../core/time.ts";
import { compilePath } from "../expr/data-path.ts";
import { checkAgainstSchema } from "../expr/schema.ts";
import type { Expr } from "../lang/ast.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import { printExpr } from "../lang/print-expr.ts";
import { IdentityIndex } from "./identity-index.ts";
import type { EventRecord } from "./log-record.ts";
import type { DoorSnapshot } from "./snapshot.ts";

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
}

export class Door {
  readonly #doors = new Map<string, StreamDoor>();

  /** Remembers the identity of what it accepts. */
  admit(definition: StreamDefinition, document: Json, { at, partition, offset }: Arrival): Admission {
    if (!isObject(document)) return rejected("not-an-object", `expected a JSON object, found ${describe(document)}`);
    if (isTooDeep(document, limits.eventDepthMax)) {
      return rejected("too-deep", `the event nests deeper than ${limits.eventDepthMax} levels`);
    }
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
      id = typeof value === "string" ? value : String(value);
      if (door.identities.has(id, definition.dedupeMs!)) return { kind: "duplicate" };
      door.identities.add(id, time, definition.dedupeMs!);
    }
    door.lastArrival = arrival;
    const record: EventRecord = { kind: "event", offset, stream: definition.name, time, at: arrival, data: document };
    if (id === undefined && partition === undefined) return { kind: "accepted", record };
    return {
      kind: "accepted",
      record: { ...record, ...(id === undefined ? {} : { id }), ...(partition === undefined ? {} : { partition }) },
    };
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
  }

  snapshot(stream: string): DoorSnapshot | null {
    const door = this.#doors.get(stream);
    return door === undefined ? null : { lastArrival: door.lastArrival, ...door.identities.snapshot() };
  }

  restore(definition: StreamDefinition, { lastArrival, greatest, identities }: DoorSnapshot): void {
    const door = this.#door(definition);
    door.lastArrival = lastArrival;
    door.identities.restore(timeFromSnapshot(greatest), identities);
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

function badTime(path: string, value: Json): Admission {
  if (value === null) {
    return rejected("missing-time", `the event has no ${path}, which the stream declares as its time`);
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
