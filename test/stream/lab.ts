/** What tests of state share: a job whose records do with the state of their key what they say. */

import { StreamEnvironment, type KeyedContext, type Task, type TaskSnapshot } from "../../src/stream/index.ts";

export type Action = (context: KeyedContext<string, unknown>) => unknown;

export interface Step {
  readonly key: string;
  readonly act: Action;
}

/** A job whose records say what is to be done with the state of their key. */
export class Lab {
  readonly task: Task;
  readonly #steps;
  #result: unknown;

  constructor(snapshot?: TaskSnapshot) {
    const env = new StreamEnvironment();
    this.#steps = env.source<Step>("steps");
    this.#steps
      .keyBy(({ key }) => key)
      .process<never>(() => ({
        processElement: ({ act }, context) => void (this.#result = act(context)),
      }))
      .named("lab");
    this.task = env.createTask(
      snapshot === undefined ? {} : { snapshot: JSON.parse(JSON.stringify(snapshot)) as TaskSnapshot },
    );
  }

  act<R>(key: string, act: (context: KeyedContext<string, unknown>) => R): R {
    this.task.push(this.#steps, { key, act }, 0);
    return this.#result as R;
  }

  /** How many keys have something. */
  get keys(): number {
    return this.task.status().operators["lab"]!.keys;
  }
}
