/** `/openapi.json`, generated from the routes; `/docs`, a page to read and try it, served from this machine alone; and `/`. */

import { z } from "@hono/zod-openapi";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { App, Context } from "./context.ts";
import { relaxPolicy } from "./security-headers.ts";

const require = createRequire(import.meta.url);
const { version } = require("../../package.json") as { version: string };

export function docRoutes(app: App): void {
  app.openAPIRegistry.register(
    "WatermarkAdvance",
    z.object({
      time: z.union([z.string(), z.number()]).openapi({ description: "RFC 3339, epoch milliseconds or `end`." }),
    }),
  );
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });

  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument(app));
    return c.body(document, 200, { "content-type": "application/json" });
  });

  app.get("/docs", (c) => {
    relaxPolicy(c);
    return c.html(PAGE);
  });
  app.get("/docs/:file", sendAsset);

  app.get("/", (c) => c.json({ name: "tripline", version, docs: "/docs", openapi: "/openapi.json", api: "/v1" }));
}

export function openApiDocument(app: App): ReturnType<App["getOpenAPI31Document"]> {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Tripline",
      version,
      description: "Rules over event streams: patterns in, events in, alerts out. Errors are RFC 9457 problems.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }, {}],
  });
}

/** Swagger UI's own files; nothing else of its folder is served. */
const ASSETS: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8", // it has characters beyond ASCII, and does not parse without
  "favicon-32x32.png": "image/png",
};

const START = `window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tripline API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

async function sendAsset(c: Context): Promise<Response> {
  const file = c.req.param("file") ?? "";
  if (file === "start.js") return c.body(START, 200, { "content-type": "text/javascript; charset=utf-8" });
  const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
  if (type === undefined) return await c.notFound();
  const folder = path.dirname(require.resolve("swagger-ui-dist/package.json"));
  return c.body(await readFile(path.join(folder, file)), 200, {
    "content-type": type,
    "cache-control": "public, max-age=3600",
  });
}
