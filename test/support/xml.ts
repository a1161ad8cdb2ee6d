/** What is wrong with a text as XML: enough of the grammar for what we write ourselves, without declarations and CDATA. */

/** Null for a well-formed document; else the place of the first fault. */
export function xmlFault(text: string): string | null {
  const open: string[] = [];
  let at = 0;
  for (const token of text.matchAll(TOKEN)) {
    if (token.index !== at) return faultAt(text, at);
    at += token[0].length;
    const { tag, close, empty, characters } = token.groups!;
    if (characters !== undefined && characters.trim() !== "" && open.length === 0) return faultAt(text, token.index);
    if (close !== undefined && open.pop() !== close) return faultAt(text, token.index);
    if (tag !== undefined && empty === "") open.push(tag);
    if (open.length === 0 && text.slice(at).trim() !== "" && at > 0) return faultAt(text, at);
  }
  return at === text.length && open.length === 0 ? null : faultAt(text, at);
}

const NAME = "[A-Za-z_][\\w.-]*(?::[\\w.-]+)?";
const REFERENCE = "&(?:#\\d+|#x[0-9a-f]+|amp|lt|gt|quot|apos);";
const ATTRIBUTE = `\\s+${NAME}="(?:[^<&"]|${REFERENCE})*"`;
const TOKEN = new RegExp(
  `<(?<tag>${NAME})(?:${ATTRIBUTE})*\\s*(?<empty>/?)>|</(?<close>${NAME})>|(?<characters>(?:[^<&]|${REFERENCE})+)`,
  "gu",
);

function faultAt(text: string, index: number): string {
  return `at ${index}: ${text.slice(index, index + 60)}`;
}
