/** The body of `POST /v1/savepoints`, checked. */

import { z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";

export const savepointTake = z.strictObject({
  name: z.string("a text").openapi({ example: "before-the-upgrade" }),
  stop: z
    .boolean("true or false")
    .default(false)
    .openapi({ description: "Take nothing more from its moment on, and stop the service behind the answer." }),
});

/** UserError `bad-body`. */
export function readSavepointTake(body: Json): z.infer<typeof savepointTake> {
  const parsed = savepointTake.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new UserError({
    code: "bad-body",
    message: described(parsed.error.issues[0]!, body),
    hint: 'send `{"name": "before-the-upgrade"}`',
  });
}

function described(issue: z.core.$ZodIssue, body: Json): string {
  if (issue.code === "unrecognized_keys")
    return `\`${issue.keys[0]}\` is not known here; expected \`name\` and \`stop\``;
  const [member] = issue.path;
  if (member === undefined) return `the body is \`${JSON.stringify(body).slice(0, 50)}\`; expected a JSON object`;
  const found = (body as { readonly [member: string]: Json | undefined })[String(member)];
  if (found === undefined) return `\`${String(member)}\` is missing`;
  return `\`${String(member)}\` is ${JSON.stringify(found).slice(0, 50)}; expected ${issue.message}`;
}
