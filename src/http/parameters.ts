/** Query parameters as the lists take them. The message of each is what it expects, for `badParameter` to finish the sentence. */

import { z } from "@hono/zod-openapi";
import { limits } from "../core/limits.ts";
import { parseTime } from "../core/time.ts";
import type { PageRequest } from "../engine/ports.ts";

export function text(description: string) {
  return z.string({ error: "one value" }).min(1, "some text").optional().openapi({ description });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values, description: string) {
  return z
    .enum(values, { error: `one of ${values.join(", ")}` })
    .optional()
    .openapi({ description });
}

const EXPECTED_TIME = "a time: RFC 3339 (2026-01-05T10:00:00Z) or epoch milliseconds";

export function time(description: string) {
  return z
    .string({ error: "one value" })
    .transform((value, context) => {
      const milliseconds = parseTime(/^-?\d{1,16}$/.test(value) ? Number(value) : value);
      if (milliseconds !== undefined) return milliseconds;
      context.issues.push({ code: "custom", message: EXPECTED_TIME, input: value });
      return z.NEVER;
    })
    .optional()
    .openapi({ type: "string", description: `${description} RFC 3339 or epoch milliseconds.` });
}

const EXPECTED_LIMIT = `a whole number from 1 to ${limits.pageSizeMax}`;

/** `?limit=&cursor=`, which every list takes. */
export const paging = {
  limit: z
    .string({ error: EXPECTED_LIMIT })
    .regex(/^\d{1,9}$/, EXPECTED_LIMIT)
    .transform(Number)
    .refine((value) => value >= 1 && value <= limits.pageSizeMax, EXPECTED_LIMIT)
    .optional()
    .openapi({ type: "integer", minimum: 1, maximum: limits.pageSizeMax, default: limits.pageSizeDefault }),
  cursor: text("`nextCursor` of the page before."),
};

export function pageRequest({
  limit,
  cursor,
}: {
  limit?: number | undefined;
  cursor?: string | undefined;
}): PageRequest {
  return { limit: limit ?? limits.pageSizeDefault, cursor: cursor ?? null };
}
