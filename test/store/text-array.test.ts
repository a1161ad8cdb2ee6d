import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { textArray } from "../../src/store/text-array.ts";
import { testDatabase } from "../support/postgres.ts";

describe("texts as one binary parameter", () => {
  const database = testDatabase();

  const received = async (texts: readonly string[]): Promise<readonly string[]> => {
    const { rows } = await database.pool.query<{ texts: string[] }>("select $1::text[] as texts", [textArray(texts)]);
    return rows[0]!.texts;
  };

  test("come as they were sent, in order", async () => {
    const json = JSON.stringify({ 'a "quoted" name': "\\ and \n", empty: "", emoji: "🙂" });
    expect(await received([json, "", "NULL", "{}", "ä"])).toEqual([json, "", "NULL", "{}", "ä"]);
  });

  test("none are none", async () => {
    expect(await received([])).toEqual([]);
  });

  test("any are these", async () => {
    const text = fc.string({ unit: "binary" }).filter((each) => !each.includes("\0")); // no text in Postgres holds it
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (texts) => {
        expect(await received(texts)).toEqual(texts);
      }),
      { numRuns: 50 },
    );
  });
});
