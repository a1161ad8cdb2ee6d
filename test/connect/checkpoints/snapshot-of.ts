/** A checkpoint for tests, of that number. */

import type { JobSnapshot } from "../../../src/connect/index.ts";

export function snapshotOf(id: number): JobSnapshot {
  return {
    format: 1,
    id,
    task: { format: 1, processingTime: "beginning", operators: {} },
    sources: { s: { "é\u0000": { position: id, isEnded: false } } },
    sinks: { out: ["t1", { id: "t2" }] },
  };
}
