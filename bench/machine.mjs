/** The machine that a figure was taken on: without it a figure says nothing. */

import { availableParallelism, cpus, totalmem } from "node:os";

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}
