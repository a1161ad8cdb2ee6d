/** A sink that prints in threes, and keeps what waits in operator state: nothing is lost or printed twice when it is stopped. */

import {
  listState,
  StreamEnvironment,
  type CheckpointedFunction,
  type ListState,
  type SinkFunction,
  type StateInitializationContext,
} from "tripline/stream";

const THRESHOLD = 3;
const buffered = listState<number>({ name: "buffered" });

class BufferedSink implements SinkFunction<number>, CheckpointedFunction {
  #waiting: number[] = [];
  #kept: ListState<number> | null = null;

  record(value: number): void {
    this.#waiting.push(value);
    if (this.#waiting.length < THRESHOLD) return;
    console.log(this.#waiting.join(", "));
    this.#waiting = [];
  }

  snapshotState(): void {
    this.#kept!.update(this.#waiting);
  }

  initializeState(context: StateInitializationContext): void {
    this.#kept = context.splitListState(buffered);
    if (context.isRestored) this.#waiting = [...this.#kept.get()];
  }
}

function program() {
  const env = new StreamEnvironment();
  const numbers = env.source<number>("numbers");
  numbers.sinkTo(new BufferedSink()).named("in threes");
  return { env, numbers };
}

const first = program();
const task = first.env.createTask();
for (const value of [1, 2, 3, 4, 5]) task.push(first.numbers, value, 0);
const snapshot = task.snapshot();
task.close();
console.log("stopped, with 4 and 5 in the snapshot");

const second = program();
const resumed = second.env.createTask({ snapshot });
for (const value of [6, 7, 8, 9]) resumed.push(second.numbers, value, 0);
