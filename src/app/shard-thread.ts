/** The thread of one shard: asked by messages, it answers each with one. */

import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../core/assert.ts";
import { buffersOf, type ShardRequest, type ShardWork } from "../engine/shards/shard-messages.ts";
import { ShardWorker } from "../engine/shards/shard-worker.ts";

assert(parentPort !== null, "it is started as a worker thread");
const port = parentPort;
const shard = new ShardWorker(workerData as ShardWork);
port.on("message", (request: ShardRequest) => {
  const reply = shard.asked(request);
  port.postMessage(reply, buffersOf(reply));
});
