/** Lines out of chunks, as newline-delimited JSON and CSV are cut: in memory that the longest line allowed bounds, not the body. */

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;

/** `end`: bytes of the body up to behind the line, with what ends it. */
export type Line =
  | { readonly kind: "line"; readonly bytes: Buffer; readonly end: number }
  /** Longer than allowed: its bytes were counted and let go. */
  | { readonly kind: "over-long"; readonly length: number; readonly end: number };

export interface LineOptions {
  /** Of one line, without its end. */
  readonly bytesMax: number;
  /** Bytes of the body that come before the first chunk. Default: 0. */
  readonly from?: number;
  /** Where a line ends inside of double quotes, it goes on: as in CSV. Default: false. */
  readonly mayQuote?: boolean;
}

/** The lines that each chunk completes, without their ends; at last the one that the body's end completes. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  options: LineOptions,
): AsyncGenerator<readonly Line[]> {
  const splitter = new LineSplitter(options);
  for await (const chunk of chunks) yield splitter.push(chunk);
  yield splitter.end();
}

/** Blank lines are no events, and no errors. */
export function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === SPACE || byte === TAB);
}

/** Mutable: holds the line that has begun and not ended. */
class LineSplitter {
  readonly #bytesMax: number;
  readonly #mayQuote: boolean;
  #parts: Buffer[] = [];
  #length = 0;
  #isQuoted = false;
  /** Behind the last chunk. */
  #at: number;

  constructor({ bytesMax, from = 0, mayQuote = false }: LineOptions) {
    this.#bytesMax = bytesMax;
    this.#mayQuote = mayQuote;
    this.#at = from;
  }

  push(chunk: Buffer): readonly Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let from = 0; ;) {
      const end = chunk.indexOf(NEWLINE, from);
      if (this.#mayQuote && isOdd(quotesIn(chunk.subarray(from, end < 0 ? undefined : end))))
        this.#isQuoted = !this.#isQuoted;
      if (end < 0) break;
      from = end + 1;
      if (this.#isQuoted) continue;
      this.#hold(chunk.subarray(start, end));
      lines.push(this.#complete(this.#at + from));
      start = from;
    }
    this.#hold(chunk.subarray(start));
    this.#at += chunk.length;
    return lines;
  }

  end(): readonly Line[] {
    return this.#length === 0 ? [] : [this.#complete(this.#at)];
  }

  #hold(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#bytesMax) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #complete(end: number): Line {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    if (length > this.#bytesMax) return { kind: "over-long", length, end };
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    return { kind: "line", bytes: bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes, end };
  }
}

function quotesIn(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(QUOTE); at >= 0; at = text.indexOf(QUOTE, at + 1)) count++;
  return count;
}

function isOdd(count: number): boolean {
  return count % 2 === 1;
}
