/** Statements take rows in batches: big enough to be quick, small enough that neither side holds much. */

const BATCH_ROWS = 1000;
const BATCH_BYTES = 8 * 1024 * 1024;

/** `bytesOf` where rows can be big; a row beyond the limit goes alone. */
export function* batches<T>(rows: Iterable<T>, bytesOf: (row: T) => number = () => 0): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = bytesOf(row);
    if (batch.length > 0 && (batch.length === BATCH_ROWS || bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
