/**
 * What can be wrong with a rule text: codes are stable, part of the API, and never used again for something else.
 * E0 and W0 are about the text, E1 and W1 about what it says; expressions have their own (E3).
 */

export const DIAGNOSTIC_CODES = {
  E001: "the file is too long",
  E002: "a block is too long",
  E003: "brackets, or a run of `not`, `-` or `[]`, go too deep",
  E004: "there are more errors than are listed",
  E005: "a name is too long",

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

  E101: "a clause is given twice",
  E102: "a clause is missing",
  E103: "a modifier needs a loop",
  E104: "a modifier is given twice, or a second quantifier",
  E105: "two modifiers exclude each other",
  E106: "a count that `times` or `timesOrMore` cannot have",
  E107: "`until` on what ends by itself",
  E108: "a modifier that a group cannot have",
  E109: "a modifier that a `not` stage cannot have",
  E110: "a group after `notNext` or `notFollowedBy`",
  E111: "a pattern or a group that does not begin with `begin`",
  E112: "`begin` in the middle",
  E113: "two stages of one name",
  E114: "a stage named `event`",
  E115: "a pattern that ends in `notFollowedBy` with neither `within` nor `gap`",
  E116: "`gap` on a `notFollowedBy` that is not last",
  E117: "a `not` stage directly after what may be absent",
  E118: "a `not` stage directly before an optional group",
  E119: "`optional` directly after a greedy stage",
  E120: "a `notFollowedBy` that the next `not` stage would cancel",
  E121: "a group that ends in a `not` stage",
  E122: "a loop over a group that can match nothing",
  E123: "a `gap` that is longer than `within`",
  E124: "a skip strategy that names no stage of the pattern itself",
  E125: "a pattern that is too large when its `times` are written out",

  E130: "two rules, or two streams, of one name",
  E131: "a severity that is none",
  E132: "a name that is given twice in one list",
  E133: "a duration of zero where it makes no sense",
  E134: "`dedupe` without `id`",

  E140: "a count of zero in a window",
  E141: "windows between which events fall",
  E142: "an `offset` that is not smaller than the time from window to window",
  E143: "a time zone for a window that is not of whole days",
  E144: "a time zone that does not exist",
  E145: "a time zone beside an `offset`",
  E146: "a window that never fires",
  E147: "a clause that a window of this kind cannot have",
  E148: "clauses of a `pattern` and of a `window` in one rule",
  E149: "a window that would hold too much",

  W101: "a pattern that can match nothing at all",
  W102: "matches that can be held back for ever",
  W103: "a `notFollowedBy` that comes too late to matter",
  W104: "`greedy` without effect",
  W105: "`gap` without effect",
  W106: "`on timeout` where nothing times out",
  W107: "a skip strategy that names a `not` stage, which takes no event",
  W108: "`evict` without effect",
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
