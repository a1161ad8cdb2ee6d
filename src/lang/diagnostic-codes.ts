/**
 * What can be wrong with a rule text: codes are stable, part of the API, and never used again for something else.
 * E0 and W0 are about the text, E1 and W1 about what it says; expressions have their own (E3).
 */

export const DIAGNOSTIC_CODES = {
  E001: "the file is too long",
  E002: "a block is too long",
  E003: "brackets, or a run of `not` or `-`, go too deep",
  E004: "an expression goes too deep",
  E005: "there are more errors than are listed",

  E010: "a character that the language does not know",
  E011: "a string is not closed on its line",
  E012: "an escape in a string means nothing",
  E013: "a number or a duration that is none",
  E014: "a duration is too long",

  E020: "a word or a sign stands where it cannot",
  E021: "the text ends too early",
  E022: "a brace is not closed",
  E023: "a brace closes nothing",
  E024: "a reserved word stands where a name is needed",
  E025: "`window` rules are not in this version",
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
