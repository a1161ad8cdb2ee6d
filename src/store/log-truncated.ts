/** What a reader of the log is told that asks for records which are not kept any more. */

import { UserError } from "../core/errors.ts";

export function logTruncated({ asked, start }: { readonly asked: number; readonly start: number }): UserError {
  return new UserError({
    code: "log-truncated",
    message: `offset ${asked} of the log is not kept any more: the log begins at offset ${start}`,
    hint: "start from a newer checkpoint or offset; what retention has removed is gone",
  });
}
