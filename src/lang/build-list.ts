/** What the symbols of a production built, and lists of it. */

import type { Name, StringLiteral } from "./ast.ts";
import type { Chain } from "./chain.ts";
import { durationMs, textValue } from "./literals.ts";
import { type Token, spanOf } from "./tokens.ts";

/** The parser hands over what the symbols of a production built, as an array; `Parts` says what they are. */
export function production<Parts extends readonly unknown[], Built>(
  build: (parts: Parts) => Built,
): (parts: unknown[]) => Built {
  return build as (parts: never) => Built as (parts: unknown[]) => Built;
}

export const none = (): null => null;
export const first = production(([item]: [unknown]) => ({ previous: null, item }));
export const append = production(([previous, item]: [Chain<unknown>, unknown]) => ({ previous, item }));
export const appendAfterComma = production(([previous, , item]: [Chain<unknown>, Token, unknown]) => ({
  previous,
  item,
}));

export const nameOf = (token: Token): Name => ({ text: token.text, span: spanOf(token) });
export const literalOf = (token: Token): StringLiteral => ({ value: textValue(token.text), span: spanOf(token) });
export const durationOf = (token: Token) => ({ ms: durationMs(token.text), text: token.text, span: spanOf(token) });

export const named = production(([token]: [Token]) => nameOf(token));

/** Two items with a comma between them. */
export const pair = production(([one, , other]: [unknown, Token, unknown]): Chain<unknown> => ({
  previous: { previous: null, item: one },
  item: other,
}));
