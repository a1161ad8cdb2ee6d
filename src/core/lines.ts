/** Lines out of chunks, as newline-delimited JSON is cut: in memory that the longest line allowed bounds, not the body. */

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

export type Line =
  | { readonly kind: "line"; readonly bytes: Buffer }
  /** Longer than allowed: its bytes were counted and let go. */
  | { readonly kind: "over-long"; readonly length: number };

/** The lines that each chunk completes, without their ends; at last the one that the body's end completes. */
export async function* splitLines(chunks: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<readonly Line[]> {
  const splitter = new LineSplitter(bytesMax);
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
  #parts: Buffer[] = [];
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  push(chunk: Buffer): readonly Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#hold(chunk.subarray(start, end));
      lines.push(this.#complete());
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
    return lines;
  }

  end(): readonly Line[] {
    return this.#length === 0 ? [] : [this.#complete()];
  }

  #hold(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#bytesMax) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #complete(): Line {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    if (length > this.#bytesMax) return { kind: "over-long", length };
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    return { kind: "line", bytes: bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes };
  }
}
