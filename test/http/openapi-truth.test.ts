/** The check that every answer in these tests goes through: it sees what `/openapi.json` does not say. */

import { expect, test } from "@jest/globals";
import { untruth, type Described } from "../support/openapi-truth.ts";

const ITEM = {
  type: "object",
  properties: { name: { type: "string" }, kind: { enum: ["a", "b"] }, at: { type: ["integer", "null"], minimum: 0 } },
  required: ["name"],
};
const DOCUMENT: Described = {
  paths: {
    "/v1/items/{name}": {
      get: {
        responses: {
          200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Item" } } } },
          204: {},
        },
      },
    },
    "/v1/items": {
      get: {
        responses: {
          200: {
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  properties: { items: { type: "array", items: { $ref: "#/components/schemas/More" } } },
                },
              },
              "text/plain": { schema: { type: "string" } },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Item: ITEM,
      More: { allOf: [{ $ref: "#/components/schemas/Item" }, { type: "object", properties: { more: {} } }] },
    },
  },
};

test.each<[path: string, status: number, type: string, body: unknown, expected: string | null]>([
  ["/v1/items/a", 200, "application/json", { name: "a", kind: "b", at: null }, null],
  ["/v1/items/a?x=1", 200, "application/json; charset=utf-8", { name: "a" }, null],
  ["/v1/items/a", 200, "application/json", {}, "the body has no name"],
  ["/v1/items/a", 200, "application/json", { name: "a", x: 1 }, "the body.x is not described"],
  ["/v1/items/a", 200, "application/json", { name: 1 }, "the body.name is 1, and should be of string"],
  ["/v1/items/a", 200, "application/json", { name: "a", kind: "c" }, 'the body.kind is "c", and may be a,b'],
  ["/v1/items/a", 200, "application/json", { name: "a", at: -1 }, "the body.at is -1, below 0"],
  ["/v1/items/a", 200, "text/plain", "a", "the body is text/plain, which is not described"],
  ["/v1/items/a", 202, "application/json", {}, "the status is not described"],
  ["/v1/items/a", 204, "", "x", "the body is not described"],
  ["/v1/items", 200, "application/json", { items: [{ name: "a", more: 1 }] }, null],
  ["/v1/items", 200, "application/json", { items: [{ name: "a" }, { more: 1 }] }, "the body.items[1] has no name"],
  ["/v1/items", 200, "text/plain", "anything", null],
  ["/v1/others", 200, "text/plain", "anything", null],
])("%s %d %s %j", (path, status, type, body, expected) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const found = untruth(DOCUMENT, { method: "GET", path, status, type, text });
  expect(found?.replace(/^GET \S+ \d+: /, "") ?? null).toBe(expected);
});
