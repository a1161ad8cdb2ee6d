/**
 * The lexer: what the words, numbers and strings of the language look like. Words of the language are plain names here;
 * only the reserved ones are not. It never fails: what is no token comes out as a token of a type that the grammar does
 * not know, so that the parser stops there and `syntax-error.ts` can say why.
 */

import moo from "moo";

/** No name of anything: an expression could not tell them from its own words. */
export const RESERVED_WORDS = ["and", "or", "not", "in", "like", "matches", "true", "false", "null"] as const;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/;
const UNIT = "(?:ms|[smhd])";
const NOT_IN_A_NAME = "(?![A-Za-z0-9_])";

/** Words with one role between them are one kind of token: fewer ways to go on for the parser to follow. */
const reserved = moo.keywords({
  reserved: ["and", "or", "not", "in"],
  matcher: ["like", "matches"],
  constant: ["true", "false", "null"],
});

// Single characters come first: moo finds them without its regular expression.
const punctuation = {
  punctuation: ["(", ")", "[", "]", "{", ",", ".", ":", "?"],
  additive: ["+", "-"],
  multiplicative: ["*", "/", "%"],
};

const words = {
  space: /[ \t]+/,
  name: { match: NAME, type: reserved },
  comparator: ["==", "!=", "<=", ">=", "<", ">"],
  assign: "=",
  duration: new RegExp(`[0-9]+${UNIT}(?:[0-9]+${UNIT})*${NOT_IN_A_NAME}`),
  // Whole numbers of at most 15 digits, which a double holds exactly: the only ones that count or index.
  integer: new RegExp(`(?:0|[1-9][0-9]{0,14})${NOT_IN_A_NAME}(?!\\.[0-9])`),
  number: new RegExp(`(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?${NOT_IN_A_NAME}(?!\\.[0-9])`),
  badNumber: /[0-9][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/,
};

const rawText = {
  ignoreCaseText: new RegExp(`'(?:[^'\\\\\\r\\n]|\\\\.)*'i${NOT_IN_A_NAME}`),
  text: /'(?:[^'\\\r\n]|\\.)*'/,
  unclosedText: /'(?:[^'\\\r\n]|\\.)*\\?/,
};

/** A string in which `${` means nothing. */
const plainText = {
  ignoreCaseText: [rawText.ignoreCaseText, new RegExp(`"(?:[^"\\\\\\r\\n]|\\\\.)*"i${NOT_IN_A_NAME}`)],
  text: [rawText.text, /"(?:[^"\\\r\n]|\\.)*"/],
  unclosedText: [rawText.unclosedText, /"(?:[^"\\\r\n]|\\.)*\\?/],
};

/** A string without a hole is a text in `emit` too; only one with a hole becomes a template. */
const SOLID = '"(?:[^"\\\\\\r\\n$]|\\\\.|\\$(?!\\{))*"';
const emitText = {
  ignoreCaseText: [rawText.ignoreCaseText, new RegExp(`${SOLID}i${NOT_IN_A_NAME}`)],
  text: [rawText.text, new RegExp(SOLID)],
  unclosedText: rawText.unclosedText,
  templateStart: { match: /"/, push: "template" },
};

const lines = {
  newline: { match: /[\r\n][ \t\r\n]*/, lineBreaks: true },
  comment: /#[^\n]*/,
};

const rest = { badCharacter: /[\ud800-\udbff][\udc00-\udfff]|[^\n]/ };

/**
 * `main` everywhere but inside `emit { }`, whose strings interpolate: `emit`; then `template` inside the quotes and
 * `hole` inside `${ }`. A string ends on its line, so a line's end inside it goes back to `emit`.
 */
export const lexer = moo.states(
  {
    main: { ...punctuation, close: "}", ...words, ...plainText, ...lines, ...rest },
    emit: { ...punctuation, close: "}", ...words, ...emitText, ...lines, ...rest },
    template: {
      templateEnd: { match: '"', pop: 1 },
      chunk: /(?:[^"\\\r\n$]|\\.|\$(?!\{))+/,
      holeStart: { match: "${", push: "hole" },
      unclosedTemplate: { match: /\\?[\r\n]/, lineBreaks: true, next: "emit" },
      ...rest,
    },
    hole: {
      ...punctuation,
      holeEnd: { match: "}", pop: 1 },
      ...words,
      ...emitText,
      unclosedTemplate: { match: /[\r\n]/, lineBreaks: true, next: "emit" },
      ...rest,
    },
  },
  "main",
);
