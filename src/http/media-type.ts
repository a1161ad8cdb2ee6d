/** Media types: what a body says it is. */

import { RequestError } from "./problem.ts";
import type { Context } from "./context.ts";

/** `text/plain` of `Text/Plain; charset=utf-8`; null without the header. UserError for a charset that is not UTF-8. */
export function mediaType(c: Context): string | null {
  const [essence = "", ...parameters] = (c.req.header("content-type") ?? "").toLowerCase().split(";");
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^\s"]+)/.exec(parameter)?.[1])
    .find((found) => found !== undefined);
  if (charset !== undefined && charset !== "utf-8" && charset !== "utf8" && charset !== "us-ascii") {
    throw new RequestError({
      code: "unsupported-media-type",
      message: `the body's charset is \`${charset}\`; expected \`utf-8\``,
    });
  }
  return essence.trim() === "" ? null : essence.trim();
}

export function unsupportedMediaType(found: string, expected: readonly string[]): RequestError {
  return new RequestError(
    {
      code: "unsupported-media-type",
      message: `the body is \`${found}\`; expected ${expected.map((type) => `\`${type}\``).join(", ")}`,
      hint: `say what the body is: \`curl -H 'content-type: ${expected[0]}' --data-binary ...\``,
    },
    { headers: { accept: expected.join(", ") } },
  );
}
