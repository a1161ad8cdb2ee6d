import { beforeAll, describe, expect, test } from "@jest/globals";

import type { RuleGraph } from "../../src/engine/service/service-types.ts";
import { httpService, TWO_FAILURES } from "../support/http-service.ts";

const service = httpService();

describe("GET /v1/rules/{name}/graph", () => {
  beforeAll(async () => {
    await service.postRules(TWO_FAILURES);
  });

  test("gives the automaton as data", async () => {
    const answer = await service.call("GET /v1/rules/two_failures/graph");
    expect(answer.status).toBe(200);
    const { rule, version, title, within, states, edges } = answer.json<RuleGraph>();
    expect({ rule, version, title, within }).toEqual({
      rule: "two_failures",
      version: 1,
      title: "Two failures",
      within: "1m",
    });
    expect(states.map(({ name, kind, start }) => [name, kind, start])).toEqual([
      ["one", "normal", true],
      ["two", "normal", false],
      ["end", "final", false],
    ]);
    expect(edges.map(({ action, from, to, condition }) => [action, from, to, condition])).toEqual([
      ["TAKE", "one", "two", 'type == "failure"'],
      ["TAKE", "two", "end", 'type == "failure"'],
      ["IGNORE", "two", "two", 'not (type == "failure")'],
    ]);
    expect((await service.call("GET /v1/rules/two_failures/graph?format=json")).text).toBe(answer.text);
  });

  test("gives Mermaid as text", async () => {
    const answer = await service.call("GET /v1/rules/two_failures/graph?format=mermaid");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/plain; charset=UTF-8"]);
    expect(answer.text).toMatch(/^flowchart LR\n/);
  });

  test("gives a picture that a browser shows in colour and runs nothing of", async () => {
    const answer = await service.call("GET /v1/rules/two_failures/graph?format=svg");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
    expect(answer.text).toMatch(/^<svg xmlns=/);
    expect(answer.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
  });

  test("refuses other formats, and names those there are", async () => {
    const answer = await service.call("GET /v1/rules/two_failures/graph?format=png");
    expect([answer.status, answer.json()["code"]]).toEqual([400, "bad-parameter"]);
    expect(answer.json()["detail"]).toContain("one of json, mermaid, svg");
  });

  test("knows no rule by another name, and says which was perhaps meant", async () => {
    const answer = await service.call("GET /v1/rules/two_failure/graph");
    expect([answer.status, answer.json()["code"], answer.json()["hint"]]).toEqual([
      404,
      "unknown-rule",
      "did you mean `two_failures`?",
    ]);
  });

  test("has none of a rule with a window", async () => {
    await service.postRules("rule sums { from logins window { tumbling 1m } emit { n = count() } }");
    const answer = await service.call("GET /v1/rules/sums/graph");
    expect([answer.status, answer.json()["code"]]).toEqual([404, "no-automaton"]);
  });

  test("draws no automaton that is no picture any more", async () => {
    await service.postRules("rule many { from logins pattern { begin a times(600) } emit { n = count(a) } }");
    const answer = await service.call("GET /v1/rules/many/graph?format=svg");
    expect([answer.status, answer.json()["code"]]).toEqual([400, "too-large-to-draw"]);
    expect((await service.call("GET /v1/rules/many/graph?format=mermaid")).status).toBe(200);
  });
});
