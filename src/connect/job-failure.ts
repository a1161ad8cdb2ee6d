/** What a job failed of, and where: which source and split and behind which position, which sink, or which checkpoint. */

import { UserError } from "../core/errors.ts";

export class JobFailure extends UserError {
  override readonly name = "JobFailure";
  /** `source payments, split "0", behind position 17`, `sink alerts`, `checkpoint 3`. */
  readonly place: string;
  /** What was thrown there. */
  override readonly cause: unknown;

  constructor(place: string, cause: unknown) {
    super({ code: codeOf(cause), message: `${place}: ${messageOf(cause)}`, hint: hintOf(cause) });
    this.place = place;
    this.cause = cause;
  }
}

/** One that says where it was stays as it is. */
export function failureAt(place: string, error: unknown): JobFailure {
  return error instanceof JobFailure ? error : new JobFailure(place, error);
}

/** Also of errors that another realm has made. */
export function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof UserError ? error.code : "job-failed";
}

function hintOf(error: unknown): string | undefined {
  return error instanceof UserError ? error.hint : undefined;
}
