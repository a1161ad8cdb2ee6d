/**
 * `like`: `*` stands for any characters, `?` for exactly one (a Unicode code point); the whole text must match (S8.6).
 */

/** At most the text's length times the pattern's, without backtracking beyond the last `*`. */
export function compileLike(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  if (!ignoreCase) return compilePattern(pattern);
  const test = compilePattern(foldCase(pattern));
  return (text) => test(foldCase(text));
}

function compilePattern(pattern: string): (text: string) => boolean {
  const inner = pattern.replace(/^\*+|\*+$/g, "");
  if (/[*?]/.test(inner)) return (text) => wildcardMatch(pattern, text);
  const open = { start: pattern.startsWith("*"), end: pattern.endsWith("*") };
  if (open.start && open.end) return (text) => text.includes(inner);
  if (open.start) return (text) => text.endsWith(inner);
  if (open.end) return (text) => text.startsWith(inner);
  return (text) => text === inner;
}

/** When the rest does not match, only the last `*` need take one character more: what came before it can stay as it is. */
function wildcardMatch(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let starTook = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      starAt = p++;
      starTook = t;
    } else if (pattern[p] === "?") {
      p++;
      t += charLength(text, t);
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p++;
      t++;
    } else if (starAt >= 0) {
      p = starAt + 1;
      starTook += charLength(text, starTook);
      t = starTook;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

function charLength(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** Character by character where it matters: `İ` in lower case is two, and `Σ` depends on what is around it. */
function foldCase(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  let folded = "";
  for (const char of text) {
    const lower = char.toLowerCase();
    folded += lower.length === char.length ? lower : char;
  }
  return folded;
}
