/** Functions of numbers. What is not a finite number is null (S8.10). */

import { finite } from "./finite.ts";
import { strict } from "./function.ts";
import type { FunctionDefinition } from "./function.ts";

const number = { name: "number", type: "number" } as const;

/** More digits than a double has. */
const DIGITS_MAX = 15;

export const NUMBER_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  abs: strict([number], "number", (x) => Math.abs(x)),
  floor: strict([number], "number", (x) => finite(Math.floor(x))),
  ceil: strict([number], "number", (x) => finite(Math.ceil(x))),
  round: strict([number, { name: "digits", type: "number", optional: true }], "number", round),
  min: strict(
    [
      { name: "a", type: "number" },
      { name: "b", type: "number", repeated: true },
    ],
    "number",
    (...all) => Math.min(...all),
  ),
  max: strict(
    [
      { name: "a", type: "number" },
      { name: "b", type: "number", repeated: true },
    ],
    "number",
    (...all) => Math.max(...all),
  ),
  pow: strict([number, { name: "exponent", type: "number" }], "number", (x, exponent) => finite(x ** exponent)),
  sqrt: strict([number], "number", (x) => finite(Math.sqrt(x))),
  /** The natural logarithm. */
  log: strict([number], "number", (x) => finite(Math.log(x))),
};

/** Half away from zero, as SQL does; in decimal, so that 1.005 to two digits is 1.01. */
function round(x: number, digits = 0): number | null {
  const places = Math.min(DIGITS_MAX, Math.max(0, Math.trunc(digits)));
  const [mantissa, exponent] = Math.abs(x).toExponential().split("e") as [string, string];
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + places}`));
  // From 2^53 on there are no decimals to round, and shifting could overflow.
  if (shifted > Number.MAX_SAFE_INTEGER) return x;
  return finite(Math.sign(x) * Number(`${shifted}e-${places}`));
}
