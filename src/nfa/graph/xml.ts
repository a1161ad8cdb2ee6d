/** Text inside of XML. */

/** Fit for elements and attributes. What XML 1.0 has no way to write is shown as the replacement character. */
export function escapeXml(text: string): string {
  return text.replace(UNSAFE, (character) => (isMark(character) ? `&#${character.charCodeAt(0)};` : "\uFFFD"));
}

/** The marks of XML itself, control characters but tab and line ends, halves of surrogate pairs, and what is no character. */
const UNSAFE = /[&<>"']|(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;

function isMark(character: string): boolean {
  return `&<>"'`.includes(character);
}
