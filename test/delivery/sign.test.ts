import { webcrypto } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { sign } from "../../src/delivery/sign.ts";

describe("the signature of Standard Webhooks", () => {
  test("is the one that the specification's libraries publish for their example", () => {
    const signature = sign({
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
    });
    expect(signature).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  test("is over the body's UTF-8", async () => {
    const body = '{"name":"Žofie ☃"}';
    const key = Buffer.from("a secret of twenty-seven bytes");
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const imported = await webcrypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
    const signature = await webcrypto.subtle.sign(algorithm, imported, Buffer.from(`a.1.${body}`));
    const secret = `whsec_${key.toString("base64")}`;
    expect(sign({ secret, id: "a", timestamp: 1, body })).toBe(`v1,${Buffer.from(signature).toString("base64")}`);
  });
});
