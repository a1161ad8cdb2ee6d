/** A command line that cannot be used: what is wrong with it, and how it should look. */

import { UserError } from "../core/errors.ts";

export class UsageError extends UserError {
  override readonly name = "UsageError";

  constructor(message: string, hint = "`tripline help` lists the commands and their options") {
    super({ code: "usage", message, hint });
  }
}

/** `await readFile(name).catch(cannotRead(name))`: a file that a command line names, and that is not there, or not readable. */
export function cannotRead(name: string): (error: NodeJS.ErrnoException) => never {
  return ({ code, message }) => {
    throw new UsageError(`cannot read ${name}: ${(code !== undefined && WHY_NOT[code]) || message}`);
  };
}

/** What a command line names to be written, and that cannot be; any other error as it is. */
export function cannotWrite(name: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "there is no such folder" : code !== undefined && WHY_NOT[code];
  return why ? new UsageError(`cannot write ${name}: ${why}`) : error;
}

const WHY_NOT: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  ENOSPC: "the disk is full",
};

/** The message of an error of `node:util`'s `parseArgs`, without its advice about `--`. */
export function asUsageError(error: unknown): UsageError {
  const message = error instanceof Error ? error.message : String(error);
  return new UsageError(message.split(". ")[0]!);
}
