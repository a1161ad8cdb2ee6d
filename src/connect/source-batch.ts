/** What a source gives, before anybody relies on it: a batch that is one, with a position that a checkpoint can hold. */

import { UserError } from "../core/errors.ts";
import type { SourceBatch } from "../stream/index.ts";
import { wordFor } from "../stream/functions/function-checks.ts";
import { jsonCopy } from "../stream/state/json-copy.ts";

/** With a position of its own: the source may go on to change the object that it gave. UserError `bad-batch`, `not-json`. */
export function checkedBatch(batch: SourceBatch<unknown>): SourceBatch<unknown> {
  const given = batch as Partial<SourceBatch<unknown>> | null | undefined;
  if (!Array.isArray(given?.values)) {
    throw badBatch(`a batch has ${wordFor(given?.values)} for its values; expected an array`);
  }
  const { values, timestamps, position } = given;
  if (timestamps !== undefined && timestamps.length !== values.length) {
    throw badBatch(`a batch has ${values.length} values and ${timestamps.length} timestamps; expected one of each`);
  }
  return { ...batch, position: jsonCopy(position, "the position behind a batch") };
}

function badBatch(message: string): UserError {
  return new UserError({
    code: "bad-batch",
    message,
    hint: "a batch is `{ values, position }`, or `{ values, timestamps, position }`",
  });
}
