/**
 * Which addresses deliveries may go to: public ones, so that a destination cannot be used to reach what only this host
 * can (its own services, its network, its cloud's metadata). Addresses are judged when a connection is made, after the
 * name has resolved: a name that resolves differently the second time gains nothing.
 */

import { lookup as resolve, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { UserError } from "../core/errors.ts";

/** True: every address. A list: those in these networks (CIDR) besides the public ones. */
export type AllowPrivate = boolean | readonly string[];

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

export class EndpointGuard {
  readonly #allowAll: boolean;
  readonly #networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  constructor(allowPrivate: AllowPrivate) {
    this.#allowAll = allowPrivate === true;
    this.#networks = typeof allowPrivate === "boolean" ? [] : allowPrivate.map((network) => ipaddr.parseCIDR(network));
  }

  /** UserError `endpoint-refused` for a URL that is wrong whatever its name resolves to. */
  check(url: string): void {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) {
      throw refused(`${JSON.stringify(url)} is not an http or https URL`, "write it as https://example.com/hook");
    }
    // An address in the URL is never looked up. The URL parser has made every way to write one into the usual one.
    const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1");
    if (isIP(host) !== 0 && !this.allows(host)) throw refused(`${host} is not a public address`);
  }

  allows(address: string): boolean {
    if (this.#allowAll) return true;
    const ip = ipaddr.process(address); // an IPv4 address mapped into IPv6 is that IPv4 address
    if (this.#networks.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits))) return true;
    return isPublic(ip);
  }

  /** For a connector: resolves a name to those of its addresses that are allowed. */
  readonly lookup = (host: string, options: LookupOptions, callback: LookupCallback): void => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const allowed = found.filter(({ address }) => this.allows(address));
      const [first] = allowed;
      if (first === undefined) return callback(refused(`${host} resolves to no public address`), []);
      return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}

const ALLOW =
  "use a public address, or start the service with TRIPLINE_ALLOW_PRIVATE_WEBHOOKS=true, or =10.0.0.0/8 for a network";

function refused(what: string, hint = ALLOW): UserError {
  return new UserError({ code: "endpoint-refused", message: `deliveries do not go there: ${what}`, hint });
}

/** The unicast addresses of the internet that IANA has given out; all of IPv6's are in 2000::/3. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** Public, and yet only reachable from inside: Azure's host. */
const AZURE_HOST = "168.63.129.16";

function isPublic(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  // NAT64, 6to4 and Teredo addresses have IPv4 addresses in them, and a range of their own, so they are refused.
  if (ip.range() !== "unicast") return false;
  return ip.kind() === "ipv6" ? ip.match(GLOBAL_UNICAST_V6) : ip.toString() !== AZURE_HOST;
}
