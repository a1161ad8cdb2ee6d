/** Parts that every route's description is made of. Bodies are only described here: they are read by `body.ts`, bounded. */

import { z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { PROBLEM_JSON } from "./problem.ts";
import { problem } from "./schemas.ts";

/** An answer in JSON. */
export function answers<T extends z.ZodType>(schema: T, description: string) {
  return { content: { "application/json": { schema } }, description };
}

/** The problems a route can answer with, by status; 401, 403, 500 and 503 any can. */
export function problems<Status extends number>(said: Readonly<Record<Status, string>>) {
  const always = {
    401: "The bearer token is missing or wrong.",
    403: "Sent by a page of another site, or to a host that is not this service's.",
    500: "A fault of the service; its log has the details.",
    503: "Not ready, or at a limit: try again later.",
  };
  const described = Object.entries({ ...always, ...said }).map(([status, description]) => [
    status,
    { content: { [PROBLEM_JSON]: { schema: problem } }, description },
  ]);
  return Object.fromEntries(described) as Record<Status | keyof typeof always, { description: string }>;
}

/** A JSON body of a schema that is registered under `name`. */
export function jsonBody(name: string) {
  return { content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } }, required: true };
}

/** What can be wrong with a JSON body before anybody looks into it. */
export const refusedBodies = {
  400: "The body is not JSON, or not UTF-8.",
  413: "The body is too long.",
  415: "The body is of another type, or has an encoding that is not known here.",
};

/** The `{name}` of a path. */
export function pathName(description: string) {
  return z.object({ name: z.string().openapi({ param: { name: "name", in: "path" }, description }) });
}

/** The `{id}` of a path. */
export function pathId(description: string) {
  return z.object({ id: z.string().openapi({ param: { name: "id", in: "path" }, description }) });
}

/** A query string of these parameters and no other: a misspelt filter that is let through gives the wrong answer. */
export function query<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? unknownParameter(issue.keys[0]!, Object.keys(shape)) : null,
  });
}

/** UserError `bad-parameter` about the first thing wrong with a query string. Each parameter's own message says what it expects. */
export function badParameter(error: z.ZodError, given: Readonly<Record<string, readonly string[]>>): UserError {
  const issue = error.issues[0]!;
  if (issue.code === "unrecognized_keys") return new UserError({ code: "bad-parameter", message: issue.message });
  const name = String(issue.path[0]);
  const found = (given[name] ?? []).map((value) => JSON.stringify(value)).join(" and ");
  return new UserError({
    code: "bad-parameter",
    message: `query parameter \`${name}\` is ${found}; expected ${issue.message}`,
  });
}

function unknownParameter(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const expected = known.length === 0 ? "none" : known.map((parameter) => `\`${parameter}\``).join(", ");
  const suggestion = near === null ? "" : `; did you mean \`${near}\`?`;
  return `query parameter \`${name}\` is not known here; expected ${expected}${suggestion}`;
}
