/** The body of `PUT /v1/destinations/{name}`, checked; and a destination as it is shown: without its secrets. */

import { z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import type { Destination } from "../engine/ports.ts";

const TIMEOUT_MS_DEFAULT = 10_000;
const TIMEOUT_MS_MAX = 60_000;
const RETRIES_DEFAULT = 8;
const RETRIES_MAX = 30;
/** Standard Webhooks: 24 to 64 random bytes. */
const SECRET_BYTES = { min: 24, max: 64 };
/** Set by the delivery itself. */
const OWN_HEADERS = /^(?:host|connection|content-length|content-type|transfer-encoding|user-agent|webhook-.*)$/i;
const HIDDEN = "***";

export const destinationPut = z
  .strictObject({
    url: z.string("a URL").openapi({ example: "https://example.com/hooks/fraud" }),
    secret: z
      .string("a text or null")
      .refine(isSecret, `\`whsec_\` and base64 of ${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes`)
      .nullable()
      .optional()
      .openapi({
        example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        description: "Signs the deliveries (Standard Webhooks). Left away: the one there was stays. Null: none.",
      }),
    headers: z
      .record(
        z.string().regex(/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i, "header names"),
        z.string("header values").regex(/^[\t\x20-\x7e]{0,4000}$/, "header values in ASCII, without line breaks"),
        "an object of header names and values",
      )
      .refine(
        (headers) => !Object.keys(headers).some((name) => OWN_HEADERS.test(name)),
        "no header that deliveries set themselves",
      )
      .optional()
      .openapi({
        description:
          "Sent with each delivery. Their values are never shown, since each may be a credential. Left away: those " +
          `there were stay, as one of the value \`${HIDDEN}\` does. \`{}\`: none.`,
      }),
    format: z.literal("standard", { error: '"standard"' }).default("standard"),
    timeoutMs: wholeNumber(100, TIMEOUT_MS_MAX).default(TIMEOUT_MS_DEFAULT),
    retries: wholeNumber(0, RETRIES_MAX).default(RETRIES_DEFAULT).openapi({ description: "Attempts after the first." }),
  })
  .openapi("DestinationPut");

export const destinationView = z
  .object({
    name: z.string(),
    url: z.string(),
    hasSecret: z.boolean(),
    headers: z.record(z.string(), z.string()),
    format: z.literal("standard"),
    timeoutMs: z.number().int(),
    retries: z.number().int(),
  })
  .openapi("Destination");

export type DestinationView = z.infer<typeof destinationView>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;

/** UserErrors `bad-body`, `endpoint-refused`. `before` is the destination of that name, if there is one. */
export function checkedDestination(
  body: Json,
  { name, before }: { name: string; before: Destination | null },
): Destination {
  if (!NAME.test(name))
    throw badBody(
      `the name is ${JSON.stringify(name)}; expected what a rule's \`deliver\` can name: letters, digits and \`_\``,
    );
  const parsed = destinationPut.safeParse(body);
  if (!parsed.success) throw badBody(describe(parsed.error.issues[0]!, body));
  const { secret = before?.secret ?? null, headers = before?.headers ?? {}, ...settings } = parsed.data;
  return {
    name,
    ...settings,
    url: checkedUrl(settings.url),
    secret,
    headers: unmasked(headers, before?.headers ?? {}),
  };
}

/** What was read can be written back: a value that was hidden is the one there was. */
function unmasked(
  headers: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => {
    if (value !== HIDDEN) return [name, value] as const;
    const known = Object.entries(before).find(([other]) => other.toLowerCase() === name.toLowerCase());
    if (known === undefined) throw badBody(`\`headers.${name}\` is \`${HIDDEN}\`, and there is no such header to keep`);
    return [name, known[1]] as const;
  });
  return Object.fromEntries(entries);
}

export function shown({ secret, headers, ...destination }: Destination): DestinationView {
  const masked = Object.keys(headers).map((name) => [name, HIDDEN]);
  return { ...destination, hasSecret: secret !== null, headers: Object.fromEntries(masked) as Record<string, string> };
}

function wholeNumber(min: number, max: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return z.int(expected).min(min, expected).max(max, expected);
}

function isSecret(secret: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (base64 === undefined || base64.length % 4 !== 0) return false;
  const { length } = Buffer.from(base64, "base64");
  return length >= SECRET_BYTES.min && length <= SECRET_BYTES.max;
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw badBody(`\`url\` is ${JSON.stringify(text.slice(0, 200))}; expected an http or https URL`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError({
      code: "bad-body",
      message: "`url` has a user name or a password in it, which logs and answers would show",
      hint: 'send them as a header: `"headers": {"Authorization": "Basic ..."}`',
    });
  }
  url.hash = "";
  return url.href;
}

/** Says what was found only where it cannot be a secret. */
function describe(issue: z.core.$ZodIssue, body: Json): string {
  if (issue.code === "unrecognized_keys") return `\`${issue.keys[0]}\` is not known here`;
  const field = issue.path.join(".");
  if (field === "") return `the body is \`${JSON.stringify(body).slice(0, 50)}\`; expected a JSON object`;
  if (field === "secret" || field.startsWith("headers")) return `\`${field}\`: expected ${issue.message}`;
  const found = (body as { readonly [field: string]: Json | undefined })[field];
  return found === undefined
    ? `\`${field}\` is missing`
    : `\`${field}\` is ${JSON.stringify(found).slice(0, 200)}; expected ${issue.message}`;
}

function badBody(message: string): UserError {
  return new UserError({ code: "bad-body", message });
}
