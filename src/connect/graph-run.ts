/** A graph at work, in this thread or in several, as the loop that feeds it sees it. Its sources and sinks are here. */

import type { SourceInput, Task, TaskSnapshot, TaskStatus } from "../stream/index.ts";
import type { EdgeStatus } from "./edge-status.ts";

export interface GraphRun {
  input(source: string, split: string): SourceInput<unknown>;
  /** Whether sources may be read on: nothing that comes of their records would have to wait. */
  readonly hasRoom: boolean;
  /** What has been pushed goes on its way. */
  flush(): void;
  /** Works off a bit of what other threads have sent; false when there is nothing that may be. */
  step(): boolean;
  advanceProcessingTime(now: number): void;
  /** The end of all sources. */
  end(): void;
  /** Whether nothing is to be done and nothing on its way; it stays so as long as nothing is pushed. */
  isAtRest(): Promise<boolean>;
  /** At rest. */
  snapshot(): Promise<TaskSnapshot>;
  status(): TaskStatus;
  /** Between threads. */
  edges(): readonly EdgeStatus[];
  close(): Promise<void>;
}

/** All of it in this thread: what is pushed is done when the call returns. */
export class SingleRun implements GraphRun {
  readonly hasRoom = true;
  readonly #task: Task;

  constructor(task: Task) {
    this.#task = task;
  }

  input(source: string, split: string): SourceInput<unknown> {
    return this.#task.input({ name: source }, split);
  }

  flush(): void {}

  step(): boolean {
    return false;
  }

  advanceProcessingTime(now: number): void {
    this.#task.advanceProcessingTime(now);
  }

  end(): void {
    this.#task.end();
  }

  async isAtRest(): Promise<boolean> {
    return true;
  }

  async snapshot(): Promise<TaskSnapshot> {
    return this.#task.snapshot();
  }

  status(): TaskStatus {
    return this.#task.status();
  }

  edges(): readonly EdgeStatus[] {
    return [];
  }

  async close(): Promise<void> {
    this.#task.close();
  }
}
