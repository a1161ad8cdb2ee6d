/** State of operators without keys: what functions keep beside their records, and how subtasks share it. */

import { describe, expect, test } from "@jest/globals";
import {
  listState,
  mapState,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type CheckpointedFunction,
  type DataStream,
  type KeyedStream,
  type ListState,
  type OperatorContext,
  type RuntimeContext,
  type SinkFunction,
  type StateInitializationContext,
  type TaskSnapshot,
} from "../../src/stream/index.ts";
import { drain } from "./observed.ts";

const copyOf = (snapshot: TaskSnapshot): TaskSnapshot => JSON.parse(JSON.stringify(snapshot)) as TaskSnapshot;

/** A sink that writes so many words at a time, and may be stopped between. */
class BufferingSink implements SinkFunction<string>, CheckpointedFunction {
  readonly #written: string[];
  readonly #size: number;
  #buffer: string[] = [];
  #held: ListState<string> | null = null;

  constructor(written: string[], size: number) {
    this.#written = written;
    this.#size = size;
  }

  initializeState(context: StateInitializationContext): void {
    this.#held = context.splitListState(listState<string>({ name: "buffer" }));
    if (context.isRestored) this.#buffer = [...this.#held.get()];
  }

  record(word: string): void {
    this.#buffer.push(word);
    if (this.#buffer.length >= this.#size) this.#written.push(this.#buffer.splice(0).join("+"));
  }

  snapshotState(): void {
    this.#held!.update(this.#buffer);
  }
}

// S11.32
describe("a function may put what it has into state for each snapshot", () => {
  const start = (snapshot?: TaskSnapshot) => {
    const env = new StreamEnvironment();
    const words = env.source<string>("words");
    const written: string[] = [];
    words.sinkTo(new BufferingSink(written, 3)).named("sink");
    const task = env.createTask(snapshot === undefined ? {} : { snapshot: copyOf(snapshot) });
    return { task, written, push: (word: string) => task.push(words, word, 0) };
  };

  test("and goes on with it", () => {
    const before = start();
    for (const word of ["a", "b", "c", "d"]) before.push(word);
    const snapshot = before.task.snapshot();
    before.push("e");
    const after = start(snapshot);
    for (const word of ["x", "y"]) after.push(word);
    expect([before.written, after.written]).toEqual([["a+b+c"], ["d+x+y"]]);
  });

  test("at each snapshot what it has by then", () => {
    const { push, task } = start();
    const held = () => task.snapshot().operators["sink"]?.operatorState;
    push("a");
    expect(held()).toEqual({ buffer: ["a"] });
    push("b");
    expect([held(), held()]).toEqual([{ buffer: ["a", "b"] }, { buffer: ["a", "b"] }]);
    push("c");
    expect(held()).toBeUndefined();
  });
});

test("state is initialized before the function is opened, and knows whether there was a snapshot", () => {
  const run = (snapshot?: TaskSnapshot) => {
    const env = new StreamEnvironment();
    const seen: string[] = [];
    env
      .source<string>("words")
      .map({
        initializeState: ({ isRestored, subtask }) => void seen.push(`initialize ${subtask} ${isRestored}`),
        open: () => void seen.push("open"),
        snapshotState: ({ operator, processingTime }: RuntimeContext) =>
          void seen.push(`snapshot of ${operator} at ${processingTime}`),
        close: () => void seen.push("close"),
        map: (word) => word,
      })
      .named("map");
    const task = env.createTask({ processingTime: 7, ...(snapshot === undefined ? {} : { snapshot }) });
    const taken = task.snapshot();
    return { seen: drain(seen), taken };
  };
  const first = run();
  expect(first.seen).toBe("initialize 0 false open snapshot of map at 7");
  expect(run(copyOf(first.taken)).seen).toBe("initialize 0 true open snapshot of map at 7");
});

describe("every function without keys may have operator state", () => {
  const seen = listState<string>({ name: "seen" });
  const keeping = () => {
    let state: ListState<string>;
    return {
      initializeState: (context: StateInitializationContext) => void (state = context.splitListState(seen)),
      snapshotState: () => {},
      add(word: string): string {
        state.add(word);
        return word;
      },
    };
  };

  test("map, filter, flatMap, process, those of two streams, broadcast process and sinks", () => {
    const env = new StreamEnvironment();
    const words = env.source<string>("words");
    type Keeping = ReturnType<typeof keeping>;
    const [map, filter, flatMap, process, coMap, coFlatMap, coProcess, broadcast, sink] = Array.from(
      { length: 9 },
      keeping,
    ) as [Keeping, Keeping, Keeping, Keeping, Keeping, Keeping, Keeping, Keeping, Keeping];
    words.map({ ...map, map: (word: string) => map.add(word) });
    words.filter({ ...filter, filter: (word: string) => filter.add(word) === "" });
    words.flatMap({ ...flatMap, flatMap: (word: string) => [flatMap.add(word)] });
    words.process(() => ({ ...process, processElement: (word: string) => void process.add(word) }));
    const nothing = (): void => {};
    const two = words.connect(env.source<number>("numbers"));
    two.map({ ...coMap, map1: (word: string) => coMap.add(word), map2: String });
    two.flatMap({ ...coFlatMap, flatMap1: (word: string) => [coFlatMap.add(word)], flatMap2: () => [] });
    two.process(() => ({
      ...coProcess,
      processElement1: (word: string) => void coProcess.add(word),
      processElement2: nothing,
    }));
    words.connect(words.broadcast(mapState({ name: "none" }))).process(() => ({
      ...broadcast,
      processElement: (word: string) => void broadcast.add(word),
      processBroadcastElement: nothing,
    }));
    words.sinkTo({ ...sink, record: (word: string) => void sink.add(word) });
    const task = env.createTask();
    task.push(words, "a", 0);
    const states = Object.values(task.snapshot().operators).flatMap(({ operatorState }) => operatorState ?? []);
    expect(states).toEqual(Array.from({ length: 9 }, () => ({ seen: ["a"] })));
  });
});

interface Plan {
  readonly use: (context: OperatorContext, word: string) => void;
  readonly show?: (context: OperatorContext) => unknown;
  readonly subtasks?: number;
  readonly snapshot?: TaskSnapshot;
}

/** Words in turn to each subtask of one operator, which does something with its state; and what each shows when it is opened. */
function job({ use, show, subtasks = 1, snapshot }: Plan) {
  const env = new StreamEnvironment();
  const words = env.source<string>("words");
  const shown: unknown[] = [];
  words
    .rebalance()
    .process<never>(() => {
      let context: OperatorContext;
      return {
        open(opened) {
          context = opened;
          shown[opened.subtask] = show?.(opened);
        },
        processElement: (word) => use(context, word),
      };
    })
    .setParallelism(subtasks)
    .named("keeping");
  const task = env.createTask(snapshot === undefined ? {} : { snapshot: copyOf(snapshot) });
  return { shown, push: (...all: string[]) => all.forEach((word) => task.push(words, word, 0)), task };
}

// S11.31
describe("another number of subtasks", () => {
  const list = listState<string>({ name: "list" });
  const map = mapState<string, number>({ name: "map" });
  const own = valueState<string>({ name: "own" });
  const after = (use: Plan["use"], subtasks: number): TaskSnapshot => {
    const { push, task } = job({ use, subtasks });
    push("a", "b", "c", "d", "e");
    return task.snapshot();
  };

  test("shares out a list that is split, in the order of the subtasks, as evenly as can be", () => {
    const snapshot = after((context, word) => context.splitListState(list).add(word), 2);
    const show = (context: OperatorContext) => context.splitListState(list).get().join("");
    const shown = (subtasks: number) => job({ use: () => {}, show, subtasks, snapshot }).shown;
    expect([1, 2, 3, 7].map(shown)).toEqual([
      ["acebd"],
      ["ace", "bd"],
      ["ac", "eb", "d"],
      ["a", "c", "e", "b", "d", "", ""],
    ]);
  });

  test("has a union list whole in each, at the same number too", () => {
    const snapshot = after((context, word) => context.unionListState(list).add(word), 2);
    const show = (context: OperatorContext) => context.unionListState(list).get().join("");
    const shown = (subtasks: number) => job({ use: () => {}, show, subtasks, snapshot }).shown;
    expect([1, 2, 3].map(shown)).toEqual([["acebd"], ["acebd", "acebd"], ["acebd", "acebd", "acebd"]]);
  });

  test("has broadcast state alike", () => {
    const snapshot = after((context) => context.broadcastState(map).put("limit", 5), 2);
    const show = (context: OperatorContext) => context.broadcastState(map).entries();
    const limit = [["limit", 5]];
    expect(job({ use: () => {}, show, subtasks: 3, snapshot }).shown).toEqual([limit, limit, limit]);
  });

  test("leaves to each what is its own, and is refused if that is more than there are", () => {
    const snapshot = after((context, word) => context.operatorState(own).update(word), 2);
    const show = (context: OperatorContext) => context.operatorState(own).value();
    expect(job({ use: () => {}, show, subtasks: 3, snapshot }).shown).toEqual(["e", "d", undefined]);
    expect(() => job({ use: () => {}, snapshot })).toThrow(
      "keeping: the state `own` in the snapshot is of 2 subtasks, and cannot be divided among 1",
    );
  });

  test("also of state that nobody has asked for in between", () => {
    const snapshot = after((context, word) => context.splitListState(list).add(word), 2);
    const between = job({ use: () => {}, subtasks: 3, snapshot }).task.snapshot();
    const show = (context: OperatorContext) => context.splitListState(list).get().join("");
    expect(job({ use: () => {}, show, subtasks: 2, snapshot: between }).shown).toEqual(["ace", "bd"]);
  });
});

describe("a state is one thing only", () => {
  const list = listState<string>({ name: "words" });

  test("within a job", () => {
    const { push } = job({
      use: (context) => context.splitListState(list).add("a"),
      show: (context) => context.unionListState(list).get(),
    });
    expect(() => push("a")).toThrow("keeping: the split list state `words` is already a union list state of version 1");
  });

  test("and over a snapshot", () => {
    const before = job({ use: (context, word) => context.splitListState(list).add(word) });
    before.push("a");
    const show = (context: OperatorContext) => context.unionListState(list).get();
    expect(() => job({ use: () => {}, show, snapshot: before.task.snapshot() })).toThrow(
      "keeping: the union list state `words` is a split list state in the snapshot",
    );
  });

  test("and lists are lists, also for whom no compiler told", () => {
    const value = valueState<string>({ name: "words" }) as unknown as typeof list;
    expect(() => job({ use: () => {}, show: (context) => context.splitListState(value) })).toThrow(
      "keeping: the value state `words` was asked for as a split list; expected a list state",
    );
  });

  test("and what all have alike does not expire", () => {
    const expiring = mapState<string, number>({ name: "limits", ttl: { ms: 5 } });
    expect(() => job({ use: () => {}, show: (context) => context.broadcastState(expiring) })).toThrow(
      "the broadcast state `limits` has a time to live, and subtasks would forget at different moments",
    );
  });
});

test("functions by key are told of no snapshot, and say so if they wait for one", () => {
  const refused = (add: (words: KeyedStream<string, string>) => DataStream<unknown>): void => {
    const env = new StreamEnvironment();
    add(env.source<string>("words").keyBy((word) => word)).named("place");
    expect(() => env.createTask()).toThrow(
      "place: its function has `snapshotState`, and works by key; expected `open` and state of the key",
    );
  };
  const waiting = { snapshotState: () => {}, processElement: () => {}, process: () => {} };
  refused((words) => words.process<never>(() => waiting));
  refused((words) => words.window(tumblingWindows({ size: 5 })).process<never>(() => waiting));
  refused((words) =>
    words
      .intervalJoin(words)
      .between(0, 1)
      .process<never>(() => waiting),
  );
});
