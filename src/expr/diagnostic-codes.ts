/**
 * The codes of what can be wrong with an expression. They are stable, part of the API, and never used again for
 * something else.
 */

export const EXPRESSION_CODES = {
  E301: "a field that the schema does not declare",
  E302: "a function that does not exist",
  E303: "too few or too many arguments",
  E304: "an argument of a wrong type",
  E305: "a comparison of two types, or of something that has no order",
  E306: "a value where a condition is needed",
  E307: "a stage where the value of one of its events is needed",
  E308: "a look at matched events where nothing has been matched",
  E309: 'a named list in a place other than `in list("...")`',
  E310: "a pattern that `like` or `matches` cannot use",
  E311: 'a network that is none, or in a place other than `in cidr("...")`',
  E312: "a time zone that does not exist",
  E313: "a template in a place other than `emit`",
  E314: "arithmetic with something other than numbers",
  E315: "a field or an item of something that has none",
  E316: "`in` with something other than a list on its right",
  E317: "`like` or `matches` with something other than a string on its left",
  E318: "an aggregate over something other than a stage",
  E319: "`now()` in a place where there is no such time",
  E320: "an expression where a path to a field is needed",
  E321: "a key that is not a string, a number or a boolean",
  E322: "an event's own field where a window as a whole is meant",
  E323: "an aggregate inside of an aggregate",
  E324: "a percentile that is none",
  E325: "a window's time where there is no window",
  W301: "a condition that always holds, or never does",
  W302: "a comparison with null that never holds",
  W303: "`${` in a string that is no template",
  W304: "a field with nearly the name of a stage",
  W305: "a count of conditions, which are always there",
} as const;

export type ExpressionCode = keyof typeof EXPRESSION_CODES;
