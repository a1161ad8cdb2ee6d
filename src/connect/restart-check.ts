/** What a job is to do when it fails, looked at before it runs: a fault in it would hide the failure. */

import { UserError } from "../core/errors.ts";
import { ownProperty } from "../core/own-property.ts";
import type { RestartStrategy } from "../core/restart-strategy.ts";
import { wordFor } from "../stream/functions/function-checks.ts";

const NUMBERS: Readonly<Record<RestartStrategy["kind"], readonly string[]>> = {
  none: [],
  fixedDelay: ["attempts", "delayMs"],
  failureRate: ["failuresMax", "intervalMs", "delayMs"],
  exponential: ["initialMs", "maxMs", "resetMs"],
};

/** UserError `bad-argument` for a kind that there is not, and for one without its numbers. */
export function checkRestart(restart: RestartStrategy): void {
  const given: Readonly<Record<string, unknown>> = { ...restart };
  const numbers = ownProperty(NUMBERS, String(given["kind"]));
  if (numbers === undefined) {
    const expected = Object.keys(NUMBERS).map((kind) => JSON.stringify(kind));
    throw badRestart("kind", { found: given["kind"], expected: `one of ${expected.join(", ")}` });
  }
  for (const name of numbers) {
    const found = given[name];
    if (typeof found === "number" && found >= 0) continue;
    throw badRestart(name, { found, expected: "a number, 0 or more" });
  }
}

function badRestart(
  name: string,
  { found, expected }: { readonly found: unknown; readonly expected: string },
): UserError {
  return new UserError({
    code: "bad-argument",
    message: `the \`${name}\` of \`restart\` is ${wordFor(found)}; expected ${expected}`,
    hint: '`restart: { kind: "fixedDelay", attempts: 3, delayMs: 1_000 }`',
  });
}
