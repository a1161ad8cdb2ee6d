/** Side outputs: what an operator emits beside its main stream, under a tag that carries the type (S11.19). */

import { UserError } from "../../core/errors.ts";

declare const carried: unique symbol;

export interface OutputTag<T> {
  readonly name: string;
  /** Only for the compiler. */
  [carried]?(value: T): void;
}

/** Tags of one name are one side output. UserError `bad-argument` without a name. */
export function outputTag<T>(name: string): OutputTag<T> {
  if (typeof name === "string" && name !== "") return { name };
  throw new UserError({
    code: "bad-argument",
    message: `an output tag was given ${JSON.stringify(name) ?? "nothing"} for its name; expected a text that is not empty`,
    hint: 'outputTag<Late>("late"): whoever reads the side output names it by the same tag',
  });
}
