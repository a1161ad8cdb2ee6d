/** Text as Postgres takes it. */

/** Without NUL, which no text there can hold: U+FFFD stands for it, as it does for half a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}
