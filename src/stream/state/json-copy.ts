/** A deep copy as JSON: what a snapshot takes must not change with what the operators go on to do. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { limits } from "../../core/limits.ts";

/** UserError `not-json` for what JSON has no words for, with its place inside `what`. Fields that are undefined are left out. */
export function jsonCopy(value: unknown, what: string): Json {
  return copied(value, { what, path: "", depth: 0 });
}

interface Place {
  readonly what: string;
  readonly path: string;
  readonly depth: number;
}

function copied(value: unknown, place: Place): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "object") return copiedObject(value, place);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw notJson(typeof value === "number" ? String(value) : `a ${typeof value}`, place);
}

function copiedObject(value: object, place: Place): Json {
  if (place.depth === limits.stateDepthMax) throw notJson("something that goes deeper, or round in a circle", place);
  if (Array.isArray(value)) return value.map((item, index) => copied(item, inside(place, `[${index}]`)));
  if (!isPlainObject(value)) throw notJson(`a ${value.constructor.name}`, place);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, copied(item, inside(place, `.${name}`))]),
  );
}

/** Not an object of a class: a Date or a Map would be `{}` in JSON. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function inside({ what, path, depth }: Place, step: string): Place {
  return { what, path: path + step, depth: depth + 1 };
}

function notJson(found: string, { what, path }: Place): UserError {
  return new UserError({
    code: "not-json",
    message: `${what} holds ${found}${path === "" ? "" : ` at ${path}`}, which a snapshot cannot hold; expected JSON`,
    hint: "keep plain data, or give a `codec` that turns it into JSON and back",
  });
}
