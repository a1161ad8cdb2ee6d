import { expect, test } from "@jest/globals";
import { createLogger } from "../../src/app/logger.ts";
import { Resources, StoppedError } from "../../src/app/resources.ts";

interface Opening {
  readonly name: string;
  /** Of opening and of closing; at once when left away. */
  readonly opened?: Promise<void>;
  readonly closed?: () => Promise<void>;
}

/** Opens in order, and gives what is closed, in order, when all is closed. */
function setUp(): { resources: Resources; open: (opening: Opening) => Promise<void>; closed: string[] } {
  const resources = new Resources(createLogger("silent"));
  const closed: string[] = [];
  const open = async ({ name, opened, closed: closing }: Opening): Promise<void> => {
    await resources.open(name, {
      open: async () => await opened,
      close: async () => {
        closed.push(name);
        await closing?.();
      },
    });
  };
  return { resources, open, closed };
}

test("what was opened last is closed first", async () => {
  const { resources, open, closed } = setUp();
  for (const name of ["database", "stores", "engine"]) await open({ name });
  await resources.closeAll();
  expect(closed).toEqual(["engine", "stores", "database"]);
});

test("one that cannot be closed does not keep the others open", async () => {
  const { resources, open, closed } = setUp();
  await open({ name: "database" });
  await open({ name: "engine", closed: () => Promise.reject(new Error("stuck")) });
  await resources.closeAll();
  expect(closed).toEqual(["engine", "database"]);
});

test("closing twice closes once", async () => {
  const { resources, open, closed } = setUp();
  await open({ name: "database" });
  await Promise.all([resources.closeAll(), resources.closeAll()]);
  expect(closed).toEqual(["database"]);
});

test("what is still being opened is closed as soon as it is there, and nothing is opened after", async () => {
  const { resources, open, closed } = setUp();
  await open({ name: "database" });
  let there = (): void => undefined;
  const opening = open({ name: "engine", opened: new Promise((resolve) => (there = resolve)) });
  const closing = resources.closeAll();
  await expect(open({ name: "http" })).rejects.toBeInstanceOf(StoppedError);
  there();
  await expect(opening).rejects.toBeInstanceOf(StoppedError);
  await closing;
  expect(closed).toEqual(["database", "engine"]);
});

test("what fails to open is not closed, and its error is the opener's", async () => {
  const { resources, open, closed } = setUp();
  await expect(open({ name: "engine", opened: Promise.reject(new Error("no room")) })).rejects.toThrow("no room");
  await resources.closeAll();
  expect(closed).toEqual([]);
});
