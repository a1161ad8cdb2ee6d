/** The body of `PUT /v1/streams/{name}`: the clauses of a `stream` block, each as the language writes it, and the block made of them. */

import { z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/event.ts";
import { nearest } from "../core/nearest.ts";
import type { StreamBlock } from "../lang/ast.ts";
import { parseFile } from "../lang/parse.ts";

const clause = (example: string, description: string): z.ZodOptional<z.ZodString> =>
  z.string().optional().openapi({ example, description });

export const streamPut = z
  .strictObject({
    time: clause("occurred_at", "Path of the event time; left away: the time of arrival."),
    watermark: clause("bounded 10s", "`bounded D`, `ascending` or `punctuated where EXPR`."),
    idle: clause("30s", "How long a silent partition holds time back, or `off`."),
    late: z.enum(["side", "drop"]).optional(),
    id: clause("event_id", "Path of the identity: redeliveries are taken once."),
    dedupe: clause("1d", "How long identities are remembered."),
    schema: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .openapi({ example: { user: "string", amount: "number?", tags: "string[]", address: { city: "string" } } }),
  })
  .openapi("StreamPut", { description: "Each as a `stream` block says it; what is left away has its default." });

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;
const CLAUSES = ["time", "watermark", "idle", "late", "id", "dedupe", "schema"] as const;

/** The block's text. UserError `bad-body` for what is no such block; what is wrong inside a clause is said by whoever checks it. */
export function streamText(body: Json, name: string): string {
  if (!NAME.test(name)) throw badBody(`the name is ${JSON.stringify(name)}; expected letters, digits and \`_\``);
  const settings = settingsOf(body);
  const given = CLAUSES.filter((each) => settings[each] !== undefined && settings[each] !== null);
  const lines = given.map((each) => `  ${each} ${clauseText(each, settings[each]!)}`);
  const text = [`stream ${name} {`, ...lines, "}"].join("\n");
  const block = streamBlockIn(text);
  // A value that says more than its clause would set something else behind the back of whoever reads the request.
  if (block !== null && block.clauses.map(({ kind }) => kind).join() !== given.join()) {
    throw badBody("a value says more than its clause; expected what stands behind one word of a `stream` block");
  }
  return text;
}

/** UserError `bad-body` where a text can be read, and is not one `stream` block of that name. */
export function requireStreamBlock(text: string, name: string): void {
  const blocks = parseFile(text).file?.blocks;
  if (blocks === undefined) return;
  const [block] = blocks;
  if (blocks.length === 1 && block!.kind === "stream" && block!.name.text === name) return;
  throw badBody(
    `the body is not one \`stream\` block of the name \`${name}\``,
    "a file of several blocks goes to POST /v1/rules",
  );
}

function settingsOf(body: Json): JsonObject {
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw badBody(`the body is \`${JSON.stringify(body).slice(0, 50)}\`; expected a JSON object of clauses`);
  }
  const unknown = Object.keys(body).find((field) => !CLAUSES.some((known) => known === field));
  if (unknown === undefined) return body as JsonObject;
  const near = nearest(unknown, CLAUSES);
  throw badBody(
    `\`${unknown}\` is not known here; expected ${CLAUSES.map((each) => `\`${each}\``).join(", ")}`,
    near === null ? undefined : `did you mean \`${near}\`?`,
  );
}

function clauseText(name: (typeof CLAUSES)[number], value: Json): string {
  if (typeof value === "string" && !/[\n\r{}#]/.test(name === "schema" ? "" : value)) return value;
  if (name === "schema" && typeof value === "object") return schemaText(value, name);
  const expected = name === "schema" ? "an object of fields and their types" : "a text of one line";
  throw badBody(`\`${name}\` is \`${JSON.stringify(value).slice(0, 50)}\`; expected ${expected}`);
}

function schemaText(schema: Json, path: string): string {
  if (typeof schema === "string" && /^[a-z]+(?:\[\])*\??$/.test(schema)) return schema;
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) {
    const found = JSON.stringify(schema).slice(0, 50);
    throw badBody(
      `\`${path}\` is \`${found}\`; expected a type, such as "string", "number?" or "string[]", or an object of fields`,
    );
  }
  const fields = Object.entries(schema as JsonObject).map(([field, type]) => {
    if (!NAME.test(field)) throw badBody(`\`${path}\` has a field \`${field}\`; expected letters, digits and \`_\``);
    return `${field}: ${schemaText(type!, `${path}.${field}`)}`;
  });
  return `{ ${fields.join(", ")} }`;
}

function streamBlockIn(text: string): StreamBlock | null {
  const blocks = parseFile(text).file?.blocks;
  if (blocks === undefined) return null;
  const [block] = blocks;
  if (blocks.length === 1 && block!.kind === "stream") return block!;
  throw badBody("the name is none that a stream can have, or a value says more than its clause");
}

function badBody(message: string, hint?: string): UserError {
  return new UserError({ code: "bad-body", message, hint });
}
