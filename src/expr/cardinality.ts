/** `count_distinct`: exact up to a number of different values, and an estimate from there on (S10.11). */

import { createHash } from "node:crypto";

import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import { addText, createRegisters, estimate, mergeRegisters, type Registers } from "./hyper-log-log.ts";
import type { Value } from "./types.ts";
import type { Aggregate } from "./value-fold.ts";

/** The values' texts, until there are too many of them. */
type Distinct = { texts: Set<string>; registers: null } | { texts: null; registers: Registers };

/** Longer texts are kept by a digest of 128 bits, so that a window is no larger where its values are. */
const KEPT_TEXT_CHARS_MAX = 40;

export function countDistinct({ exactMax }: { readonly exactMax: number }): Aggregate<Distinct> {
  const addIdentity = (distinct: Distinct, text: string): Distinct => {
    if (distinct.texts === null) {
      addText(distinct.registers, text);
      return distinct;
    }
    distinct.texts.add(text);
    return distinct.texts.size > exactMax ? sketched(distinct.texts) : distinct;
  };

  return {
    fold: {
      create: () => ({ texts: new Set(), registers: null }),
      add: (distinct, value) => (value === null ? distinct : addIdentity(distinct, identityOf(value))),
      merge(earlier, later) {
        if (later.texts !== null) {
          let both = earlier;
          for (const text of later.texts) both = addIdentity(both, text);
          return both;
        }
        const whole = earlier.texts === null ? earlier : sketched(earlier.texts);
        mergeRegisters(whole.registers, later.registers);
        return whole;
      },
      encode: ({ texts, registers }) => (texts === null ? Buffer.from(registers).toString("base64") : [...texts]),
      decode: (json: Json) =>
        typeof json === "string"
          ? { texts: null, registers: new Uint8Array(Buffer.from(json, "base64")) }
          : { texts: new Set(json as readonly string[]), registers: null },
    },
    result: ({ texts, registers }) => (texts === null ? estimate(registers) : texts.size || null),
  };
}

function sketched(texts: ReadonlySet<string>): { texts: null; registers: Registers } {
  const registers = createRegisters();
  for (const text of texts) addText(registers, text);
  return { texts: null, registers };
}

/** The same text for equal values alone. */
function identityOf(value: Exclude<Value, null>): string {
  const text = canonicalJson(value);
  // No JSON begins so.
  return text.length <= KEPT_TEXT_CHARS_MAX
    ? text
    : `#${createHash("sha256").update(text).digest().toString("base64", 0, 16)}`;
}
