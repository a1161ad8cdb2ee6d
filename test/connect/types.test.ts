/** What the compiler knows of sources and sinks; `tsc` is what runs these. */

import { expect, test } from "@jest/globals";
import {
  callbackSink,
  consoleSink,
  csvFile,
  csvFormat,
  csvNumber,
  csvOptional,
  csvText,
  execute,
  fileSink,
  fromArray,
  lineFormat,
  logSource,
  ndjsonFile,
  ndjsonFormat,
  postgresSink,
  sequence,
} from "../../src/connect/index.ts";
import type { Json } from "../../src/core/event.ts";
import { StreamEnvironment, type DataStream, type Source } from "../../src/stream/index.ts";

test("a stream carries what its source gives", () => {
  const env = new StreamEnvironment();
  const numbers: DataStream<number> = env.fromSource("numbers", sequence({ from: 1, to: 2 }), { timestamp: (n) => n });
  const values: DataStream<Json> = env.fromSource("values", ndjsonFile({ paths: "x" }));
  const lengths: DataStream<number> = env.fromSource(
    "lengths",
    ndjsonFile({ paths: "x", decode: (json) => JSON.stringify(json).length }),
  );
  const columns = { name: csvText, amount: csvOptional(csvNumber) };
  const rows: DataStream<{ name: string; amount: number | null }> = env.fromSource(
    "rows",
    csvFile({ paths: "x", columns }),
    { timestamp: ({ amount }) => amount ?? 0 },
  );
  const log = { read: async function* () {} } as {
    read(from: number): AsyncIterable<{ offset: number; id: string }[]>;
  };
  const ids: Source<string> = logSource({ log, select: ({ id }) => (id === "" ? undefined : id) });

  // @ts-expect-error a number is no text
  const texts: DataStream<string> = numbers;
  // @ts-expect-error the time of a text that is called a number's
  env.fromSource("texts", fromArray(["a"]), { timestamp: (n: number) => n });
  // @ts-expect-error a time is a number
  env.fromSource("times", fromArray(["a"]), { timestamp: (text) => text });
  // @ts-expect-error a source that is bounded has no third kind
  const boundedness: Source<number>["boundedness"] = "endless";
  expect([values, lengths, rows, texts, ids, boundedness]).toHaveLength(6);
});

test("a sink takes what the stream carries", () => {
  const env = new StreamEnvironment();
  const numbers = env.fromSource("numbers", fromArray([1]), { timestamp: (n) => n });
  numbers.sinkTo(callbackSink((values) => void values.map((value) => value.toFixed())));
  numbers.sinkTo(consoleSink());
  numbers.sinkTo(fileSink({ path: "x", format: ndjsonFormat() }));
  numbers.sinkTo(fileSink({ path: "x", format: csvFormat({ columns: { n: (n: number) => n } }) }));
  // @ts-expect-error the format is for texts
  numbers.sinkTo(fileSink({ path: "x", format: lineFormat() }));
  // @ts-expect-error the callback is for texts
  numbers.sinkTo(callbackSink((values: readonly string[]) => void values));
  const table = { name: "t", columns: [{ name: "n", type: "text", value: (text: string) => text }], key: ["n"] };
  // @ts-expect-error the rows are of texts
  numbers.sinkTo(postgresSink({ url: "postgres://nowhere", table }));
  // @ts-expect-error a mode is none of these
  expect(() => execute(env, { mode: "micro-batch" })).toThrow('the mode is "micro-batch"; expected "streaming"');
});
