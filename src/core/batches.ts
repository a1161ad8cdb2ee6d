/** Statements take rows in batches: big enough to be quick, small enough that neither side holds much. */

const BATCH_ROWS = 1000;
const BATCH_BYTES = 8 * 1024 * 1024;

/** `bytesOf` where rows can be big; a row beyond the limit goes alone. */
export function* batches<T>(rows: Iterable<T>, bytesOf?: (row: T) => number): Generator<readonly T[]> {
  const batch = new Batch(bytesOf);
  for (const row of rows) {
    const full = batch.add(row);
    if (full !== null) yield full;
  }
  if (batch.rows.length > 0) yield batch.rows;
}

/** The same for rows that have to be waited for. */
export async function* batchesAsTheyCome<T>(
  rows: AsyncIterable<T>,
  bytesOf?: (row: T) => number,
): AsyncGenerator<readonly T[]> {
  const batch = new Batch(bytesOf);
  for await (const row of rows) {
    const full = batch.add(row);
    if (full !== null) yield full;
  }
  if (batch.rows.length > 0) yield batch.rows;
}

/** Mutable: the batch that is being filled. */
class Batch<T> {
  readonly #bytesOf: (row: T) => number;
  #bytes = 0;
  rows: T[] = [];

  constructor(bytesOf: (row: T) => number = () => 0) {
    this.#bytesOf = bytesOf;
  }

  /** Gives the rows before this one when it has no room among them. */
  add(row: T): readonly T[] | null {
    const size = this.#bytesOf(row);
    const isFull = this.rows.length > 0 && (this.rows.length === BATCH_ROWS || this.#bytes + size > BATCH_BYTES);
    const before = this.rows;
    if (isFull) {
      this.rows = [];
      this.#bytes = 0;
    }
    this.rows.push(row);
    this.#bytes += size;
    return isFull ? before : null;
  }
}
