/** Errors about names that stand for nothing, with the name that was perhaps meant. */

import { UserError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";

export function unknownStream(stream: string, known: readonly string[]): UserError {
  const near = nearest(stream, known);
  return new UserError({
    code: "unknown-stream",
    message: `there is no stream \`${stream}\``,
    hint:
      near === null ? "declare it with a `stream` block, or post a rule that reads it" : `did you mean \`${near}\`?`,
  });
}

export function unknownRule(rule: string, known: readonly string[]): UserError {
  const near = nearest(rule, known);
  return new UserError({
    code: "unknown-rule",
    message: `there is no rule \`${rule}\``,
    ...(near === null ? {} : { hint: `did you mean \`${near}\`?` }),
  });
}

export function unknownList(list: string, known: readonly string[]): UserError {
  const near = nearest(list, known);
  return new UserError({
    code: "unknown-list",
    message: `there is no list \`${list}\``,
    hint: near === null ? "put it first: `PUT /v1/lists/{name}`" : `did you mean \`${near}\`?`,
  });
}

export function unknownVersion(
  rule: string,
  { version, last }: { readonly version: number; readonly last: number },
): UserError {
  return new UserError({
    code: "unknown-version",
    message: `the rule \`${rule}\` has no version ${version}; it has ${last === 1 ? "only 1" : `1 to ${last}`}`,
  });
}
