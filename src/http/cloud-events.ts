/**
 * CloudEvents 1.0 over HTTP: structured (`application/cloudevents+json`), in batches, and binary, where headers hold the
 * attributes and the body is the data. Each becomes one event: its attributes, with the data in `data`.
 */

import { UserError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/event.ts";
import type { Context } from "./context.ts";

export const CLOUD_EVENT = "application/cloudevents+json";
export const CLOUD_EVENTS = "application/cloudevents-batch+json";

const PREFIX = "ce-";
const REQUIRED = ["id", "source", "specversion", "type"] as const;

/** What keeps the document from being a CloudEvent; null when nothing does. UserError `bad-cloudevent`. */
export function cloudEventFault(document: Json): UserError | null {
  if (document === null || typeof document !== "object" || Array.isArray(document)) {
    return fault(`expected a CloudEvent, which is a JSON object, found \`${JSON.stringify(document).slice(0, 50)}\``);
  }
  const attributes = document as JsonObject;
  for (const name of REQUIRED) {
    const value = attributes[name];
    if (typeof value === "string" && value !== "") continue;
    const found = value === undefined ? "none" : `\`${JSON.stringify(value).slice(0, 50)}\``;
    return fault(`a CloudEvent has a text in \`${name}\`; found ${found}`);
  }
  const { specversion } = attributes;
  return specversion === "1.0"
    ? null
    : fault(`the CloudEvent is of version ${JSON.stringify(specversion)}; expected "1.0"`);
}

/** Does the request carry a CloudEvent's attributes in its headers? */
export function isBinaryCloudEvent(c: Context): boolean {
  return c.req.header(`${PREFIX}specversion`) !== undefined;
}

/** The CloudEvent of headers and body; without data where the body is empty. */
export function binaryCloudEvent(c: Context, data: Json | undefined): JsonObject {
  const attributes = Object.entries(c.req.header())
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name.slice(PREFIX.length), decoded(value)] as const);
  return { ...Object.fromEntries(attributes), ...(data !== undefined && { data }) };
}

/** Headers hold ASCII alone: what is beyond it is percent-encoded UTF-8. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function fault(message: string): UserError {
  return new UserError({
    code: "bad-cloudevent",
    message,
    hint: 'such as {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.placed", "data": {...}}',
  });
}
