/** Networks in CIDR notation, IPv4 and IPv6. An IPv4 address that is mapped into IPv6 is the IPv4 address (S8.5). */

import ipaddr from "ipaddr.js";

import { limits } from "../core/limits.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export interface Network {
  readonly base: Address;
  readonly prefixLength: number;
}

const MAPPED_PREFIX_LENGTH = 96;

/** Null when the text is no network. */
export function parseNetwork(text: string): Network | null {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) {
    const [base, prefixLength] = ipaddr.IPv4.parseCIDR(text);
    return { base, prefixLength };
  }
  if (!ipaddr.IPv6.isValidCIDR(text)) return null;
  const [base, prefixLength] = ipaddr.IPv6.parseCIDR(text);
  if (!base.isIPv4MappedAddress() || prefixLength < MAPPED_PREFIX_LENGTH) return { base, prefixLength };
  return { base: base.toIPv4Address(), prefixLength: prefixLength - MAPPED_PREFIX_LENGTH };
}

/** Null when the text is no address. `010.1`, octal and shortened forms that some systems accept, is none. */
export function parseAddress(text: string): Address | null {
  const known = parsedAddresses.get(text);
  if (known !== undefined) return known;
  if (text.length > ADDRESS_LENGTH_MAX) return null;
  if (parsedAddresses.size >= limits.addressesCachedMax) parsedAddresses.clear();
  const address = parseUnknown(text);
  parsedAddresses.set(text, address);
  return address;
}

const parsedAddresses = new Map<string, Address | null>();

/** An IPv6 address with an IPv4 part and a zone of a readable length. */
const ADDRESS_LENGTH_MAX = 80;

function parseUnknown(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(":") || !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

export function networkHas({ base, prefixLength }: Network, address: Address): boolean {
  return base.kind() === address.kind() && address.match([base, prefixLength]);
}
