import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { webhookBody } from "../../src/delivery/payload.ts";
import type { Alert } from "../../src/engine/output.ts";

const VECTORS = new URL("../vectors/webhook/", import.meta.url);
const alerts = readdirSync(VECTORS).filter((file) => file.endsWith(".alert.json"));

describe("the body of a webhook (vectors are added and never edited)", () => {
  test.each(alerts)("%s", (file) => {
    const alert = JSON.parse(readFileSync(new URL(file, VECTORS), "utf8")) as Alert;
    const body = readFileSync(new URL(file.replace(".alert.json", ".body.json"), VECTORS), "utf8");
    expect(webhookBody(alert)).toBe(body);
  });
});
