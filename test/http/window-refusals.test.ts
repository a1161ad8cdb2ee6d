/** A window that cannot be is refused, put or validated: its code, its place, and what to try. */

import { expect, test } from "@jest/globals";
import { httpService } from "../support/http-service.ts";

const service = httpService();

test.each([
  ["tumbling 0s", "0s", "E133", "a window of `0s` holds nothing", "give a duration"],
  ["tumbling -5s", "-", "E020", "`-` cannot stand here: expected a duration", "a duration has no sign"],
  ["sliding 1m every 2m", "2m", "E141", "leave events between them out", "or write `tumbling 2m`"],
  ["sliding 1m every 0s", "0s", "E133", "are without number", "give a duration"],
  ["session gap 0s", "0s", "E133", "every session would be over at once", "give a duration"],
  ["count 0", "0", "E140", "a window of 0 events holds nothing", "count from 1"],
  ["count 10 every 20", "20", "E141", "leave events between them out", "or write `count 20`"],
  ["global", "global", "E146", "without a `trigger` it never fires", "`trigger onEvent`"],
  ["global trigger onClose", "trigger", "E146", "`trigger onClose` never fires", "`every 10s`"],
  ["tumbling 1m trigger every 0s", "0s", "E133", "would be all the time", "give a duration"],
  ["tumbling 30d trigger every 1s", "1s", "E149", "fire 2592000 times", "fire less often"],
  ["tumbling 1m allow lateness -1s", "-", "E020", "`-` cannot stand here", "a duration has no sign"],
  ['tumbling 1d in "Mars/Base"', '"Mars', "E144", "there is no time zone `Mars/Base`", '"Europe/Paris"'],
  ['tumbling 5h in "UTC"', "5h", "E143", "a calendar has whole days", "write `1d`"],
])("%s", async (window, at, code, message, hint) => {
  const body = `rule r {\n  from s\n  window { ${window} }\n  emit { n = count() }\n}\n`;
  const refusal = expect.objectContaining({
    code,
    line: 3,
    column: "  window { ".length + window.indexOf(at) + 1,
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
  const put = await service.call("POST /v1/rules", { body, type: "text/plain" });
  expect([put.status, put.json()]).toEqual([
    422,
    expect.objectContaining({ code: "rule-refused", diagnostics: [refusal] }),
  ]);
  const validated = await service.call("POST /v1/rules/validate", { body, type: "text/plain" });
  expect([validated.status, validated.json()]).toEqual([
    200,
    expect.objectContaining({ valid: false, diagnostics: [refusal] }),
  ]);
});
