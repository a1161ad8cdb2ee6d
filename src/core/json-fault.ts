/**
 * Where a text stops being JSON (RFC 8259), and what could have stood there. `JSON.parse` does not always say; this
 * scanner only runs on texts that it refused.
 */

import { assert } from "./assert.ts";

export interface JsonFault {
  /** UTF-16 offset. */
  readonly at: number;
  readonly expected: string;
}

/** Null when the text is JSON. */
export function findJsonFault(text: string): JsonFault | null {
  return new JsonScanner(text).scan();
}

const EXCERPT_LENGTH = 20;

/** What stands at the fault, short and quoted. */
export function faultExcerpt(text: string, at: number): string {
  const found = text.slice(at, at + EXCERPT_LENGTH);
  if (found === "") return "the end of the text";
  return JSON.stringify(/^\w+/.exec(found)?.[0] ?? String.fromCodePoint(found.codePointAt(0)!));
}

type Awaiting = "value" | "item or ]" | "name or }" | "name" | "colon" | "comma or close";

/** Mutable, one per text: `at` runs over it once, and nesting is a stack on the heap, so depth costs no call frames. */
class JsonScanner {
  readonly #text: string;
  readonly #open: ("{" | "[")[] = [];
  #at = 0;
  #expected = "";

  constructor(text: string) {
    this.#text = text;
  }

  scan(): JsonFault | null {
    let awaiting: Awaiting | "done" | "fault" = "value";
    while (awaiting !== "done") {
      this.#skip(/[ \t\n\r]*/y);
      awaiting = this.#step(awaiting);
      if (awaiting === "fault") return { at: this.#at, expected: this.#expected };
    }
    return null;
  }

  #step(awaiting: Awaiting): Awaiting | "done" | "fault" {
    const found = this.#text[this.#at];
    switch (awaiting) {
      case "item or ]":
        return found === "]" ? this.#close() : this.#value("a value or `]`");
      case "value":
        return this.#value("a value");
      case "name or }":
        return found === "}" ? this.#close() : this.#name("a field name in double quotes or `}`");
      case "name":
        return this.#name("a field name in double quotes");
      case "colon":
        return this.#take(":") ? "value" : this.#fault("`:` after the field name");
      case "comma or close":
        return this.#commaOrClose();
    }
  }

  #value(expected: string): Awaiting | "done" | "fault" {
    if (this.#take("{")) {
      this.#open.push("{");
      return "name or }";
    }
    if (this.#take("[")) {
      this.#open.push("[");
      return "item or ]";
    }
    if (this.#text[this.#at] === '"') return this.#string() ? "comma or close" : "fault";
    const isScalar = this.#skip(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
    return isScalar ? "comma or close" : this.#fault(expected);
  }

  #name(expected: string): Awaiting | "fault" {
    if (this.#text[this.#at] !== '"') return this.#fault(expected);
    return this.#string() ? "colon" : "fault";
  }

  #commaOrClose(): Awaiting | "done" | "fault" {
    const container = this.#open.at(-1);
    if (container === undefined) return this.#at === this.#text.length ? "done" : this.#fault("the end of the text");
    if (this.#take(",")) return container === "{" ? "name" : "value";
    const closing = container === "{" ? "}" : "]";
    return this.#text[this.#at] === closing ? this.#close() : this.#fault(`\`,\` or \`${closing}\``);
  }

  #close(): Awaiting {
    assert(this.#open.pop() !== undefined, "a closing bracket without its opening one");
    this.#at++;
    return "comma or close";
  }

  #string(): boolean {
    this.#at++;
    for (;;) {
      while (isPlain(this.#text[this.#at])) this.#at++;
      if (this.#take('"')) return true;
      if (this.#skip(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y)) continue;
      const escape = this.#text[this.#at] === "\\";
      this.#fault(escape ? "an escape that JSON knows" : 'the closing `"` (control characters are written as escapes)');
      return false;
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** Whether anything was skipped. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    this.#at += found?.[0].length ?? 0;
    return found !== null && found[0] !== "";
  }

  #fault(expected: string): "fault" {
    this.#expected = expected;
    return "fault";
  }
}

/** A character that stands for itself within a string. */
function isPlain(character: string | undefined): boolean {
  return character !== undefined && character >= " " && character !== '"' && character !== "\\";
}
