/** Names of savepoints: people choose them, and they come back in addresses, lists and messages. */

import { UserError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";

/** UserError `bad-savepoint-name`. Any script may be used, but nothing that leads elsewhere or cannot be seen. */
export function requireSavepointName(name: string): void {
  if (name.length <= limits.nameCharsMax && NAME.test(name)) return;
  throw new UserError({
    code: "bad-savepoint-name",
    message: `expected a savepoint's name, found ${JSON.stringify(name.slice(0, limits.nameCharsMax))}`,
    hint: `use up to ${limits.nameCharsMax} letters, digits and "._-", with a letter or a digit first`,
  });
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;
