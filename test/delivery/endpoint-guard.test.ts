import { describe, expect, test } from "@jest/globals";
import { EndpointGuard } from "../../src/delivery/endpoint-guard.ts";

const guard = new EndpointGuard(false);

describe("addresses that deliveries may go to", () => {
  test.each(["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"])("%s", (address) => {
    expect(guard.allows(address)).toBe(true);
  });
});

describe("addresses that deliveries may not go to", () => {
  test.each([
    ["127.0.0.1", "loopback"],
    ["127.8.8.8", "loopback"],
    ["0.0.0.0", "this host"],
    ["10.0.0.1", "private"],
    ["172.16.0.1", "private"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "carrier-grade NAT"],
    ["100.100.100.200", "Alibaba's metadata"],
    ["169.254.169.254", "link-local: the metadata of most clouds"],
    ["192.0.0.192", "Oracle's metadata"],
    ["168.63.129.16", "Azure's host"],
    ["198.18.0.1", "benchmarks"],
    ["203.0.113.1", "documentation"],
    ["192.88.99.1", "6to4 relay"],
    ["224.0.0.1", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["::", "this host"],
    ["::1", "loopback"],
    ["::127.0.0.1", "IPv4-compatible"],
    ["::ffff:127.0.0.1", "IPv4-mapped"],
    ["::ffff:7f00:1", "IPv4-mapped"],
    ["::ffff:0:127.0.0.1", "IPv4-translated"],
    ["64:ff9b::7f00:1", "NAT64"],
    ["64:ff9b::101:101", "NAT64, of a public address too"],
    ["64:ff9b:1::7f00:1", "local NAT64"],
    ["2002:7f00:1::", "6to4"],
    ["2001:0:7f00:1::", "Teredo"],
    ["fc00::1", "unique local"],
    ["fd00:ec2::254", "Amazon's metadata"],
    ["fe80::1", "link-local"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["100::1", "discard"],
    ["2001:db8::1", "documentation"],
    ["4000::1", "not given out"],
  ])("%s: %s", (address) => {
    expect(guard.allows(address)).toBe(false);
  });
});

describe("URLs refused before anything is sent", () => {
  test.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://①②⑦.⓪.⓪.①/",
    "http://[::1]:8080/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "nothing",
  ])("%s", (url) => {
    expect(() => guard.check(url)).toThrow(expect.objectContaining({ code: "endpoint-refused" }) as unknown as Error);
  });

  test("names pass: they are judged by what they resolve to", () => {
    expect(() => guard.check("https://example.com/hook")).not.toThrow();
    expect(() => guard.check("http://localhost/")).not.toThrow();
  });
});

describe("names", () => {
  test.each([{ all: true }, { all: false }])("that resolve to this host are refused, with %j", async (options) => {
    const error = await new Promise((resolve) => guard.lookup("localhost", options, resolve));
    expect(error).toMatchObject({
      code: "endpoint-refused",
      message: expect.stringContaining("localhost") as unknown as string,
    });
  });

  test("that do not resolve fail as the resolver says", async () => {
    const error = await new Promise((resolve) => guard.lookup("nowhere.invalid", {}, resolve));
    expect(error).toMatchObject({ syscall: "getaddrinfo" });
  });
});

describe("networks that are allowed", () => {
  test("all of them", () => {
    expect(new EndpointGuard(true).allows("127.0.0.1")).toBe(true);
    expect(() => new EndpointGuard(true).check("http://[::1]/")).not.toThrow();
  });

  test("those listed, and no others", () => {
    const some = new EndpointGuard(["10.1.0.0/16", "fd00::/8"]);
    expect(["10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "1.1.1.1"].every((ip) => some.allows(ip))).toBe(true);
    expect(["10.2.0.1", "127.0.0.1", "fc00::1"].some((ip) => some.allows(ip))).toBe(false);
  });
});
