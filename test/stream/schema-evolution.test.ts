/** What an earlier version of a job has written: brought to the shape of this one wherever it lies, or refused with names and numbers. */

import { describe, expect, test } from "@jest/globals";
import {
  aggregatingState,
  countEvictor,
  eventTimeTrigger,
  globalWindows,
  jsonCodec,
  listState,
  mapState,
  reducingState,
  slidingWindows,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type Codec,
  type DataStream,
  type MapState,
  type OperatorContext,
  type StateDescriptor,
  type TaskSnapshot,
  type WindowedStream,
} from "../../src/stream/index.ts";

/** An amount: the first version of the job writes `5`, the second `{ n: 5 }`. */
type Amount = number | { readonly n: number };

interface Version {
  readonly of: (n: number) => Amount;
  readonly codec: Codec<Amount>;
}

const numberOf = (amount: Amount): number => (typeof amount === "number" ? amount : amount.n);

const first: Version = { of: (n) => n, codec: jsonCodec({ version: 1 }) };
const second: Version = { of: (n) => ({ n }), codec: jsonCodec({ version: 2, migrate: (n) => ({ n }) }) };
const secondAlone: Version = { of: (n) => ({ n }), codec: jsonCodec({ version: 2 }) };

/** Somewhere in a job where amounts are kept. */
type Place = (amounts: DataStream<Amount>, version: Version) => DataStream<unknown>;

/** Takes one amount in, and tells what the operator has in the snapshot. */
function run(place: Place, version: Version, { snapshot, n }: { snapshot?: TaskSnapshot; n: number }): TaskSnapshot {
  const env = new StreamEnvironment();
  const amounts = env.source<Amount>("amounts");
  place(amounts, version).named("place");
  const task = env.createTask(snapshot === undefined ? {} : { snapshot });
  task.push(amounts, version.of(n), 7);
  return JSON.parse(JSON.stringify(task.snapshot())) as TaskSnapshot;
}

const added =
  ({ of }: Version) =>
  (a: Amount, b: Amount): Amount =>
    of(numberOf(a) + numberOf(b));

const summing = (version: Version) => ({
  createAccumulator: () => version.of(0),
  add: added(version),
  getResult: numberOf,
  codec: version.codec,
});

const byKey =
  <S>(descriptor: (version: Version) => StateDescriptor<S>, use: (state: S, amount: Amount) => unknown): Place =>
  (amounts, version) => {
    const of = descriptor(version);
    return amounts
      .keyBy(() => "k")
      .process(() => ({ processElement: (amount, context) => void use(context.state(of), amount) }));
  };

const inWindows =
  (fired: (windows: WindowedStream<Amount, string>, version: Version) => DataStream<unknown>, size = 10): Place =>
  (amounts, version) => {
    const windows = amounts.keyBy(() => "k").window(slidingWindows({ size, every: 10 }));
    return fired(windows.codec(version.codec), version);
  };

const ofOperator =
  <S>(
    descriptor: (version: Version) => StateDescriptor<S>,
    use: (context: OperatorContext, of: StateDescriptor<S>, amount: Amount) => unknown,
  ): Place =>
  (amounts, version) =>
    amounts.process(() => {
      let context: OperatorContext;
      return {
        open: (opened) => void (context = opened),
        processElement: (amount) => void use(context, descriptor(version), amount),
      };
    });

const value = ({ codec }: Version) => valueState<Amount>({ name: "amount", codec });
const list = ({ codec }: Version) => listState<Amount>({ name: "amount", codec });
const map = ({ codec }: Version) => mapState<string, Amount>({ name: "amount", codec });
const keepFirst = (state: MapState<string, Amount>, amount: Amount) => state.put(String(state.keys().length), amount);

const places: [place: string, Place][] = [
  ["value state", byKey(value, (state, amount) => state.update(state.value() ?? amount))],
  ["list state", byKey(list, (state, amount) => state.add(amount))],
  ["map state", byKey(map, keepFirst)],
  [
    "reducing state",
    byKey(
      (version) => reducingState({ name: "amount", codec: version.codec, reduce: added(version) }),
      (state, amount) => state.add(amount),
    ),
  ],
  [
    "aggregating state, by its aggregate's codec",
    byKey(
      (version) => aggregatingState({ name: "amount", aggregate: summing(version) }),
      (state, amount) => state.add(amount),
    ),
  ],
  [
    "state with a time to live",
    byKey(
      ({ codec }) => listState<Amount>({ name: "amount", codec, ttl: { ms: 5 } }),
      (state, amount) => state.add(amount),
    ),
  ],
  ["a rolling reduce", (amounts, version) => amounts.keyBy(() => "k").reduce(added(version), { codec: version.codec })],
  ["windows that reduce", inWindows((windows, version) => windows.evictor(countEvictor(9)).reduce(added(version)))],
  ["windows that reduce, by pane", inWindows((windows, version) => windows.reduce(added(version)), 20)],
  ["windows that aggregate", inWindows((windows, version) => windows.aggregate(summing(version)))],
  [
    "windows that aggregate, by pane",
    inWindows((windows, version) => windows.aggregate({ ...summing(version), merge: added(version) }), 20),
  ],
  ["records that wait for their time", (amounts, version) => amounts.inEventTime([], version.codec)],
  [
    "records that wait for others within an interval",
    (amounts, { codec }) =>
      amounts
        .keyBy(() => "k")
        .intervalJoin(amounts.keyBy(() => "k"))
        .between(-5, 5)
        .codecs({ first: codec, second: codec })
        .process<never>(() => ({ processElement: () => {} })),
  ],
  [
    "windows of two streams",
    (amounts, { codec }) =>
      amounts
        .join(amounts.map((amount) => amount))
        .where(() => "k")
        .equalTo(() => "k")
        .window(tumblingWindows({ size: 10 }))
        .codecs({ first: codec, second: codec })
        .apply((a) => a),
  ],
  ["windows that keep records", inWindows((windows) => windows.evictor(countEvictor(9)).process(quiet))],
  ["windows that keep records, by pane", inWindows((windows) => windows.process(quiet), 20)],
  [
    "state of a window, and of its key",
    (amounts, version) =>
      amounts
        .keyBy(() => "k")
        .window(globalWindows())
        .trigger({ ...eventTimeTrigger(), name: "always", firesOnlyAtTheEnd: false, onElement: () => "FIRE_AND_PURGE" })
        .codec(version.codec)
        .process<never>(() => ({
          process([amount], context) {
            context.windowState(list(version)).add(amount!);
            context.globalState(list(version)).add(amount!);
          },
        })),
  ],
  [
    "state of a trigger",
    (amounts, version) =>
      amounts
        .keyBy(() => "k")
        .window(tumblingWindows({ size: 10 }))
        .trigger({
          ...eventTimeTrigger(),
          onElement({ value: amount }, context) {
            context.state(list(version)).add(amount);
            return "PURGE";
          },
        })
        .process(quiet),
  ],
  ["operator state", ofOperator(list, (context, of, amount) => context.operatorState(of).add(amount))],
  ["a list that is split", ofOperator(list, (context, of, amount) => context.splitListState(of).add(amount))],
  ["a union list", ofOperator(list, (context, of, amount) => context.unionListState(of).add(amount))],
  [
    "broadcast state of a function",
    ofOperator(map, (context, of, amount) => keepFirst(context.broadcastState(of), amount)),
  ],
  [
    "a broadcast side",
    (amounts, version) =>
      amounts.connect(amounts.broadcast(map(version))).process<never>(() => ({
        processElement: () => {},
        processBroadcastElement: (amount, context) => keepFirst(context.broadcastState(map(version)), amount),
      })),
  ],
];

function quiet(): { process(): void } {
  return { process: () => {} };
}

// S11.37
describe.each(places)("%s", (_, place) => {
  test("is brought to the shape of a later version, and goes on in it", () => {
    const snapshot = run(place, first, { n: 5 });
    const text = JSON.stringify(run(place, second, { snapshot, n: 2 }).operators["place"]);
    expect(text).toMatch(/"n":(5|7)\b/);
    expect(text).not.toMatch(/[^n]":5\b|\[5|,5\b/);
    expect(text).toContain('"version":2');
  });

  test("is refused where the later version does not know it, or a newer has written it", () => {
    const [before, after] = [run(place, first, { n: 5 }), run(place, second, { n: 5 })];
    expect(() => run(place, secondAlone, { snapshot: before, n: 2 })).toThrow(
      /^place: .* has version 1 in the snapshot, and the job has 2$/,
    );
    expect(() => run(place, first, { snapshot: after, n: 2 })).toThrow(
      /^place: .* has version 2 in the snapshot, and the job has 1$/,
    );
  });

  test("goes on as it was in the same version", () => {
    const snapshot = run(place, second, { n: 5 });
    expect(JSON.stringify(run(place, secondAlone, { snapshot, n: 2 }).operators["place"])).toMatch(/"n":(5|7)\b/);
  });
});

describe("a version", () => {
  test("may be skipped: what is migrated is told which one has written it", () => {
    const seen: number[] = [];
    const codec = jsonCodec<Amount>({
      version: 4,
      migrate(json, version) {
        seen.push(version);
        return version === 1 ? { n: json } : json;
      },
    });
    const place = places[0]![1];
    for (const version of [first, second]) {
      run(place, { of: second.of, codec }, { snapshot: run(place, version, { n: 5 }), n: 2 });
    }
    expect(seen).toEqual([1, 2]);
  });

  test("that cannot be brought on is told of with its place", () => {
    const migrate = (): never => {
      throw new Error("no such field");
    };
    const place = places[0]![1];
    const failing: Version = { of: second.of, codec: jsonCodec({ version: 2, migrate }) };
    expect(() => run(place, failing, { snapshot: run(place, first, { n: 5 }), n: 2 })).toThrow(
      "place: the value state `amount` cannot be brought from version 1 to 2: no such field",
    );
  });

  test("is said by a state or by its codec, and not by both", () => {
    expect(() => valueState({ name: "amount", version: 3, codec: second.codec })).toThrow(
      "state `amount` says of which version it is, and so does its codec",
    );
    expect(() => valueState({ name: "amount", codec: jsonCodec({ version: 0 }) })).toThrow(
      "the version of a codec is 0; expected a whole number, at least 1",
    );
  });
});
