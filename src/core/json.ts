/** JSON as clients send it: parsed as `JSON.parse` does, but a fault is told with its place and what could have stood there. */

import { isUtf8 } from "node:buffer";
import { assert } from "./assert.ts";
import { UserError } from "./errors.ts";
import type { Json } from "./event.ts";
import { faultExcerpt, findJsonFault } from "./json-fault.ts";

/** What a text says, and the text. */
export interface JsonText {
  readonly value: Json;
  readonly text: string;
}

/** UserError `bad-encoding` for bytes that are not UTF-8, `bad-json` for text that is not JSON. `line` is the first one's number. */
export function parseJson(bytes: Buffer, line = 1): Json {
  return parseJsonText(bytes, line).value;
}

/** The same, with the text for whoever writes it down again. */
export function parseJsonText(bytes: Buffer, line = 1): JsonText {
  const text = decodeUtf8(bytes, line);
  try {
    return { value: JSON.parse(text) as Json, text };
  } catch {
    throw badJson(text, line);
  }
}

/** UTF-8 without its byte order mark; UserError `bad-encoding` for anything else. */
export function decodeUtf8(bytes: Buffer, line = 1): string {
  if (!isUtf8(bytes)) {
    throw new UserError({
      code: "bad-encoding",
      message: `the bytes from line ${line} on are not UTF-8`,
      hint: "send UTF-8: JSON knows no other encoding",
    });
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString("utf8", start);
}

function badJson(text: string, firstLine: number): UserError {
  const fault = findJsonFault(text);
  assert(fault !== null, "JSON.parse refused a text that the scanner takes");
  const before = text.slice(0, fault.at);
  const line = firstLine + before.split("\n").length - 1;
  const column = fault.at - before.lastIndexOf("\n");
  return new UserError({
    code: "bad-json",
    message: `not JSON at line ${line}, column ${column}: found ${faultExcerpt(text, fault.at)}, expected ${fault.expected}`,
  });
}
