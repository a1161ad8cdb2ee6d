/**
 * Every function of the language by its name. `time(e)`, which looks at events, and the aggregates are not among them.
 */

import type { FunctionDefinition } from "./function.ts";
import { NUMBER_FUNCTIONS } from "./number-functions.ts";
import { TEXT_FUNCTIONS } from "./text-functions.ts";
import { TIME_FUNCTIONS } from "./time-functions.ts";
import { VALUE_FUNCTIONS } from "./value-functions.ts";

export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({ ...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS, ...TIME_FUNCTIONS, ...VALUE_FUNCTIONS }),
);
