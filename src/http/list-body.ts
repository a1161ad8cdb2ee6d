/** The bodies of `PUT` and `PATCH /v1/lists/{name}`, checked value by value: a list may be long, and its one bad value is named. */

import { z } from "@hono/zod-openapi";
import type { Json, JsonObject } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { ListChange, ListValue } from "../engine/log/log-record.ts";
import { RequestError } from "./problem.ts";

const value = z.union([z.string().max(limits.listValueCharsMax), z.number(), z.boolean()]);
const values = z.array(value).openapi({ example: ["KP", "IR"] });

export const listPut = z.union([values, z.strictObject({ values })]).openapi("ListPut");

export const listPatch = z
  .strictObject({ add: values.optional(), remove: values.optional() })
  .openapi("ListPatch", { description: "What is removed goes first." });

/** UserError `bad-body`: an array, or an object with one in `values`. */
export function putOf(body: Json): ListChange {
  if (Array.isArray(body)) return { put: valuesOf(body, null) };
  const { values: put } = fieldsOf(body, { known: ["values"], expected: 'an array of values, or `{"values": [...]}`' });
  return { put: valuesOf(put, "values") };
}

/** UserError `bad-body`: an object with arrays in `add`, in `remove` or in both. */
export function patchOf(body: Json): ListChange {
  const expected = '`{"add": [...], "remove": [...]}`, or one of the two';
  const { add, remove } = fieldsOf(body, { known: ["add", "remove"], expected });
  if (add === undefined && remove === undefined)
    throw badBody(`\`add\` and \`remove\` are missing; expected ${expected}`);
  return { add: valuesOf(add ?? [], "add"), remove: valuesOf(remove ?? [], "remove") };
}

function fieldsOf(
  body: Json,
  { known, expected }: { readonly known: readonly string[]; readonly expected: string },
): Readonly<Record<string, Json | undefined>> {
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw badBody(`the body is ${quoted(body)}; expected ${expected}`);
  }
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined) throw badBody(`\`${unknown}\` is not known here; expected ${expected}`);
  return body as JsonObject;
}

/** `field` is null where the body itself is the array. */
function valuesOf(found: Json | undefined, field: string | null): readonly ListValue[] {
  if (found === undefined) throw badBody(`\`${field}\` is missing`);
  if (!Array.isArray(found)) throw badBody(`\`${field}\` is ${quoted(found)}; expected an array of values`);
  found.forEach((item, index) => {
    const fault = faultOf(item);
    if (fault !== null) throw badValue({ field, index, fault });
  });
  return found as readonly ListValue[];
}

function faultOf(item: Json): string | null {
  if (typeof item === "string") {
    if (item.length <= limits.listValueCharsMax) return null;
    return `a text of ${item.length} characters; ${limits.listValueCharsMax} are the most`;
  }
  if (typeof item === "number")
    return Number.isFinite(item) ? null : "a number beyond 1.8e308, which no double can hold";
  if (typeof item === "boolean") return null;
  return `${quoted(item)}; expected a text, a number, true or false`;
}

function badValue({ field, index, fault }: { field: string | null; index: number; fault: string }): RequestError {
  const place = field === null ? `value ${index}, counted from 0,` : `\`${field}[${index}]\``;
  return new RequestError(
    { code: "bad-body", message: `${place} is ${fault}` },
    { members: { ...(field !== null && { field }), index } },
  );
}

function badBody(message: string): RequestError {
  return new RequestError({ code: "bad-body", message });
}

function quoted(found: Json): string {
  return `\`${JSON.stringify(found).slice(0, 50)}\``;
}
