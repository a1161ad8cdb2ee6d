/** A command line that cannot be used: what is wrong with it, and how it should look. */

import { UserError } from "../core/errors.ts";

export class UsageError extends UserError {
  override readonly name = "UsageError";

  constructor(message: string, hint = "`tripline help` lists the commands and their options") {
    super({ code: "usage", message, hint });
  }
}

/** The message of an error of `node:util`'s `parseArgs`, without its advice about `--`. */
export function asUsageError(error: unknown): UsageError {
  const message = error instanceof Error ? error.message : String(error);
  return new UsageError(message.split(". ")[0]!);
}
