/** What things keep on the heap, after a full collection: for processes with `--expose-gc`. */

/** What `make` gives, and the heap that it keeps. */
export function heapOf(make) {
  const before = heapUsed();
  const made = make();
  return { made, bytes: heapUsed() - before };
}

function heapUsed() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
