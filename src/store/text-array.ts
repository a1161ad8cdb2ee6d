/**
 * Many long texts as one parameter: PostgreSQL's binary form of `text[]`. The textual one has every quote and backslash of JSON escaped,
 * here and there again.
 */

const ONE_DIMENSION = 1;
const NO_NULLS = 0;
const OID_OF_TEXT = 25;
const FIRST_INDEX = 1;

const LENGTH_BYTES = 4;
const HEADER_BYTES = 5 * LENGTH_BYTES;

/** To be given for a parameter that is declared `text[]`. */
export function textArray(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const bytes = lengths.reduce((sum, length) => sum + LENGTH_BYTES + length, HEADER_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const field of [ONE_DIMENSION, NO_NULLS, OID_OF_TEXT, texts.length, FIRST_INDEX]) {
    at = array.writeInt32BE(field, at);
  }
  for (let i = 0; i < texts.length; i++) {
    at = array.writeInt32BE(lengths[i]!, at);
    at += array.write(texts[i]!, at);
  }
  return array;
}
