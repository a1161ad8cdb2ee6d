/** Pieces of a job of which some have asked for a state since it was restored, and some have not: what a snapshot of all has of it. */

import { describe, expect, test } from "@jest/globals";
import { uniteSnapshots } from "../../src/stream/task/pieces.ts";
import {
  eventTimeTrigger,
  globalWindows,
  slidingWindows,
  StreamEnvironment,
  valueState,
  type DataStream,
  type KeyedStream,
  type OperatorContext,
  type StateDescriptor,
  type Task,
  type TaskSnapshot,
  type ValueState,
} from "../../src/stream/index.ts";

/** The first version of the job keeps `5`, and the second `{ n: 5 }`, for a while. */
type Kept = number | { readonly n: number };
type Descriptor = StateDescriptor<ValueState<Kept>>;

const first: Descriptor = valueState<Kept>({ name: "kept" });
const second: Descriptor = valueState<Kept>({
  name: "kept",
  version: 2,
  migrate: (n) => ({ n }),
  ttl: { ms: 1000 },
});

/** What is done with the state of its key, if anything. */
interface Step {
  readonly key: string;
  readonly does: "write" | "read" | "nothing";
}

type Visit = (step: Step, state: () => ValueState<Kept>) => void;
type Place = (steps: KeyedStream<Step, string>, job: { visit: Visit; kept: Descriptor }) => DataStream<unknown>;

interface Running {
  readonly task: Task;
  readonly seen: unknown[];
  take(step: Step): void;
}

function start(place: Place, kept: Descriptor, snapshot?: TaskSnapshot): Running {
  const env = new StreamEnvironment();
  const steps = env.source<Step>("steps");
  const seen: unknown[] = [];
  const visit: Visit = ({ key, does }, state) => {
    if (does === "write") state().update(5);
    if (does === "read") seen.push(`${key} ${JSON.stringify(state().value())}`);
  };
  place(
    steps.keyBy(({ key }) => key),
    { visit, kept },
  ).named("place");
  const task = env.createTask(snapshot === undefined ? {} : { snapshot });
  return {
    task,
    seen,
    take(step) {
      task.push(steps, step, 1);
      task.input(steps).advanceWatermark(10);
    },
  };
}

/** What a piece has that has only this key. */
function only(key: string, snapshot: TaskSnapshot): TaskSnapshot {
  const { place, ...others } = snapshot.operators;
  const keyGroups = Object.entries(place!.keyGroups!).filter(([, [of]]) => of!.key === key);
  return { ...snapshot, operators: { ...others, place: { ...place, keyGroups: Object.fromEntries(keyGroups) } } };
}

const copyOf = (snapshot: TaskSnapshot): TaskSnapshot => JSON.parse(JSON.stringify(snapshot)) as TaskSnapshot;

describe.each<[where: string, Place]>([
  [
    "state of a key",
    (steps, { visit, kept }) =>
      steps.process<never>(() => ({
        processElement: (step, context) => visit(step, () => context.state(kept)),
      })),
  ],
  [
    "state of a trigger",
    (steps, { visit, kept }) =>
      steps
        .window(globalWindows())
        .trigger({
          ...eventTimeTrigger(),
          firesOnlyAtTheEnd: false,
          onElement({ value }, context) {
            visit(value, () => context.state(kept));
            return "CONTINUE";
          },
        })
        .reduce((_, b) => b),
  ],
  [
    "state of a window",
    (steps, { visit, kept }) =>
      steps
        .window(globalWindows())
        .trigger({ ...eventTimeTrigger(), firesOnlyAtTheEnd: false, onElement: () => "FIRE" })
        .reduce<never>(
          (_, b) => b,
          () => ({ process: ([step], context) => visit(step!, () => context.windowState(kept)) }),
        ),
  ],
  [
    "state of a window that shares panes",
    (steps, { visit, kept }) =>
      steps
        .window(slidingWindows({ size: 10, every: 10 }))
        .allowedLateness(50)
        .reduce<never>(
          (_, b) => b,
          () => ({ process: ([step], context) => visit(step!, () => context.windowState(kept)) }),
        ),
  ],
])("%s", (_, place) => {
  test("of mixed versions says of each which it is, and is brought to one when it is asked for", () => {
    const before = start(place, first);
    for (const key of ["a", "b", "c"]) before.take({ key, does: "write" });
    const snapshot = copyOf(before.task.snapshot());

    const [asks, doesNot] = [start(place, second, only("a", snapshot)), start(place, second, only("b", snapshot))];
    asks.take({ key: "a", does: "read" });
    doesNot.take({ key: "b", does: "nothing" });
    const mixed = copyOf(uniteSnapshots([asks.task.snapshot(), doesNot.task.snapshot()]));

    // Again, with a third piece that has never asked, and one that still has not.
    const [still, third] = [start(place, second, only("b", mixed)), start(place, second, only("c", snapshot))];
    const again = copyOf(uniteSnapshots([still.task.snapshot(), third.task.snapshot(), only("a", mixed)]));

    const after = start(place, second, again);
    for (const key of ["a", "b", "c"]) after.take({ key, does: "read" });
    expect(after.seen).toEqual(['a {"n":5}', 'b {"n":5}', 'c {"n":5}']);
    expect(JSON.stringify(after.task.snapshot().operators["place"]!.states)).not.toContain("isMixed");
  });
});

test("state that lies with no key is refused, until all subtasks have asked for it", () => {
  const run = (kept: Descriptor | null, snapshot?: TaskSnapshot): TaskSnapshot => {
    const env = new StreamEnvironment();
    const words = env.source<string>("words");
    words
      .process<never>(() => {
        let context: OperatorContext;
        return {
          open: (opened) => void (context = opened),
          processElement: () => void (kept !== null && context.operatorState(kept).update(5)),
        };
      })
      .named("place");
    const task = env.createTask(snapshot === undefined ? {} : { snapshot });
    task.push(words, "a", 0);
    return task.snapshot();
  };
  const before = run(first);
  expect(() => uniteSnapshots([run(second, before), run(null, before)])).toThrow(
    "place: some subtasks have the state `kept` in version 2, and others in 1",
  );
  expect(() => uniteSnapshots([run(second, before), run(second, before)])).not.toThrow();
});
