/**
 * What a user or the world can do wrong: an error with a stable code, the place, what was found, what was expected
 * and what to try. `http` turns it into problem+json, `cli` into a line on stderr.
 */

export interface UserErrorDetail {
  /** Stable, kebab-case, part of the API: `unknown-stream`, `bad-event-time`. */
  readonly code: string;
  /** One sentence for a person, with what was found and what was expected. */
  readonly message: string;
  /** What to try. */
  readonly hint?: string | undefined;
}

export class UserError extends Error {
  override readonly name: string = "UserError";
  readonly code: string;
  readonly hint: string | undefined;

  constructor({ code, message, hint }: UserErrorDetail) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
