import { describe, expect, test } from "@jest/globals";
import { httpService } from "../support/http-service.ts";

const service = httpService();

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, object> };
}

async function load(): Promise<OpenApi> {
  return (await service.call("GET /openapi.json")).json<OpenApi>();
}

/** Every operation, as `GET /v1/rules`. */
async function operations(): Promise<[string, Operation][]> {
  return Object.entries((await load()).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

function failures(found: [string, Operation][], isRight: (operation: Operation, name: string) => boolean): string[] {
  return found.filter(([name, operation]) => !isRight(operation, name)).map(([name]) => name);
}

describe("/openapi.json", () => {
  test("is OpenAPI 3.1, and every reference in it leads somewhere", async () => {
    const document = await load();
    expect(document.openapi).toBe("3.1.0");
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    const targets = references.map((reference) => reference.slice('"$ref":"#/components/schemas/'.length, -1));
    expect(targets.filter((name) => !(name in document.components.schemas))).toEqual([]);
    expect(targets.length).toBeGreaterThan(50);
  });

  test("has every call that is answered, and no other", async () => {
    const names = (await operations()).map(([name]) => name).sort();
    expect(names).toMatchInlineSnapshot(`
     [
       "DELETE /v1/destinations/{name}",
       "DELETE /v1/lists/{name}",
       "DELETE /v1/rules/{name}",
       "DELETE /v1/savepoints/{name}",
       "GET /healthz",
       "GET /metrics",
       "GET /readyz",
       "GET /v1/alerts",
       "GET /v1/alerts/stream",
       "GET /v1/alerts/{id}",
       "GET /v1/checkpoints",
       "GET /v1/deliveries",
       "GET /v1/deliveries/{id}",
       "GET /v1/destinations",
       "GET /v1/destinations/{name}",
       "GET /v1/lists",
       "GET /v1/lists/{name}",
       "GET /v1/poison-records",
       "GET /v1/poison-records/{offset}",
       "GET /v1/rules",
       "GET /v1/rules/{name}",
       "GET /v1/rules/{name}/graph",
       "GET /v1/rules/{name}/versions",
       "GET /v1/savepoints",
       "GET /v1/savepoints/{name}",
       "GET /v1/savepoints/{name}/export",
       "GET /v1/state/{rule}/{key}",
       "GET /v1/status",
       "GET /v1/streams",
       "GET /v1/streams/{name}",
       "GET /v1/streams/{name}/late",
       "PATCH /v1/lists/{name}",
       "POST /v1/checkpoints",
       "POST /v1/deliveries/{id}/retry",
       "POST /v1/destinations/{name}/test",
       "POST /v1/events",
       "POST /v1/poison-records/{offset}/replay",
       "POST /v1/rules",
       "POST /v1/rules/validate",
       "POST /v1/rules/{name}/pause",
       "POST /v1/rules/{name}/resume",
       "POST /v1/rules/{name}/rollback",
       "POST /v1/savepoints",
       "POST /v1/savepoints/{name}/import",
       "POST /v1/savepoints/{name}/restore",
       "POST /v1/streams/{name}/events",
       "POST /v1/streams/{name}/watermark",
       "PUT /v1/destinations/{name}",
       "PUT /v1/lists/{name}",
       "PUT /v1/streams/{name}",
     ]
    `);
  });

  test("tells what each takes and answers", async () => {
    const found = await operations();
    expect(failures(found, ({ summary }) => summary !== undefined)).toEqual([]);
    expect(failures(found, ({ responses }) => Object.keys(responses).some((status) => status.startsWith("2")))).toEqual(
      [],
    );
    const withBody = found.filter(([name]) =>
      /^(PUT|PATCH|POST) .*\/(rules|validate|events|watermark|\{name\})$/.test(name),
    );
    expect(withBody).toHaveLength(9);
    expect(failures(withBody, ({ requestBody }) => requestBody !== undefined)).toEqual([]);
    const optional = (operation: Operation): boolean =>
      (operation.parameters ?? []).every((parameter) => parameter.required === (parameter.in === "path"));
    expect(failures(found, optional)).toEqual([]);
  });

  test("tells the problems of each call under /v1", async () => {
    const calls = (await operations()).filter(([name]) => name.includes(" /v1/"));
    const tells = (operation: Operation, status: string): boolean =>
      operation.responses[status]?.content?.["application/problem+json"] !== undefined;
    expect(
      failures(calls, (operation) => ["401", "403", "500", "503"].every((status) => tells(operation, status))),
    ).toEqual([]);
    const makesIt = /^PUT |\/import$/;
    const byName = calls.filter(([name]) => /\{(?:id|name)\}/.test(name) && !makesIt.test(name));
    expect(failures(byName, (operation) => tells(operation, "404"))).toEqual([]);
  });
});

describe("/docs", () => {
  test("is served from this machine alone", async () => {
    const page = await service.call("GET /docs");
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    expect(page.text).not.toMatch(/https?:\/\//);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    for (const file of files) expect((await service.call(`GET ${file}`)).status).toBe(200);
    const bundle = await service.call("GET /docs/swagger-ui-bundle.js");
    expect(bundle.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  });

  test.each(["package.json", "..%2f..%2fpackage.json", "index.html", "constructor"])(
    "does not give away %s",
    async (file) => {
      expect((await service.call(`GET /docs/${file}`)).status).toBe(404);
    },
  );
});

test("/ points to them", async () => {
  expect((await service.call("GET /")).json()).toMatchObject({
    name: "tripline",
    docs: "/docs",
    openapi: "/openapi.json",
  });
});
