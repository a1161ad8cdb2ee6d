/** Reads the tokens of one block, up to the brace that closes it. Mutable, since it follows a lexer that is. */

import { limits } from "../core/limits.ts";
import { lexer } from "./lexer.ts";
import { type Comment, type Position, type Token, judgedType } from "./tokens.ts";

/** Runs of `not`, of `-` and of `[]` nest without a bracket that stays open. */
const RUNNING = new Set(["not", "-", "]"]);
const SKIPPED_IN_RUNS = new Set(["[", "?"]);

export class BlockScanner {
  readonly tokens: Token[] = [];
  readonly comments: Comment[] = [];
  /** Braces not yet closed, outermost first. */
  readonly openBraces: Token[] = [];
  /** The bracket that goes beyond the limit. */
  tooDeep: Token | null = null;

  readonly #start: Position;
  #depth = 0;
  #run = 0;
  /** Strings with a hole that are open: each may stand in a hole of the one before. */
  readonly #templates: Token[] = [];
  #interpolates = false;

  constructor(text: string, start: Position, { interpolates = false } = {}) {
    this.#start = start;
    this.#interpolates = interpolates;
    lexer.reset(text, { line: start.line, col: start.column, state: interpolates ? "emit" : "main" });
  }

  /** Reads to the end of the text. */
  readAll(): void {
    while (this.#read() !== null);
  }

  /** Whether a brace closed the block; where none did, all of the text has been read. */
  readBlock(): boolean {
    for (let token = this.#read(); token !== null; token = this.#read()) {
      if (token.type === "close" && this.openBraces.length === 0) return true;
    }
    return false;
  }

  /** The next token that means something. */
  #read(): Token | null {
    for (let token = nextToken(); token !== undefined; token = nextToken()) {
      token.offset += this.#start.offset;
      if (token.type === "comment") {
        const { text, offset, line, col } = token;
        this.comments.push({ text: text.trimEnd(), offset, line, column: col });
      } else if (token.type !== "space" && token.type !== "newline") {
        token.type = judgedType(token, { interpolates: this.#interpolates });
        this.#follow(token);
        this.tokens.push(token);
        return token;
      }
    }
    const unclosed = this.#templates.pop();
    if (unclosed !== undefined) this.tokens.push({ ...unclosed, type: "unclosedTemplate" });
    return null;
  }

  #follow(token: Token): void {
    this.#run = RUNNING.has(token.text) ? this.#run + 1 : SKIPPED_IN_RUNS.has(token.text) ? this.#run : 0;
    if (this.#run > limits.nestingDepthMax) this.tooDeep ??= token;
    switch (token.type) {
      case "templateStart":
        this.#templates.push(token);
        return;
      case "templateEnd":
        this.#templates.pop();
        return;
      case "unclosedTemplate":
        // Points at the quote that is not closed, not at the end of its line.
        Object.assign(token, { ...this.#templates.at(-1), type: token.type });
        this.#templates.length = 0;
        return;
      case "holeStart":
        return this.#open(token);
      case "holeEnd":
        this.#depth--;
        return;
      case "close":
        return this.#close();
      case "punctuation":
        return this.#bracket(token);
    }
  }

  #bracket(token: Token): void {
    switch (token.text) {
      case "{":
        this.openBraces.push(token);
        if (this.openBraces.length === 2 && this.tokens.at(-1)?.text === "emit") this.#interpolate(true);
        return this.#open(token);
      case "(":
      case "[":
        return this.#open(token);
      case ")":
      case "]":
        this.#depth--;
    }
  }

  #close(): void {
    this.openBraces.pop();
    if (this.openBraces.length === 1) this.#interpolate(false);
    this.#depth--;
  }

  #open(token: Token): void {
    this.#depth++;
    if (this.#depth > limits.nestingDepthMax) this.tooDeep ??= token;
  }

  #interpolate(on: boolean): void {
    this.#interpolates = on;
    lexer.setState(on ? "emit" : "main");
  }
}

/** Every kind of token has a name in the lexer. */
function nextToken(): Token | undefined {
  return lexer.next() as Token | undefined;
}
