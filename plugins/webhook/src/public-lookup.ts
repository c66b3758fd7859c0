import { type LookupAddress, type LookupOptions, lookup as lookupAny } from "node:dns";
import { BlockList, isIP } from "node:net";

/** The `code` of the error of {@link lookupPublic} for an address that is not public. */
export const notPublicCode = "ERR_ADDRESS_NOT_PUBLIC";

const notPublic = new BlockList();
// IPv4: this network, private, shared (with cloud metadata at 100.100.100.200), loopback, link-local (with cloud metadata
// at 169.254.169.254), protocol assignments, benchmarks, multicast and reserved. Source: IANA's special-purpose registry.
for (const range of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/3",
]) {
  addRange(range, "ipv4");
}
// Azure's metadata and DNS service has a public address.
notPublic.addAddress("168.63.129.16", "ipv4");
// IPv6: unspecified, loopback, discard, documentation, and everything that carries an IPv4 address for a gateway to unpack
// (NAT64, 6to4, Teredo); unique local (with cloud metadata at fd00:ec2::254), link-local, site-local, multicast.
// `BlockList` checks addresses such as ::ffff:127.0.0.1 against the ranges of IPv4.
for (const range of [
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/32",
  "2001:db8::/32",
  "2002::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
]) {
  addRange(range, "ipv6");
}

/** Tells whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  return !notPublic.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Looks up a host as `dns.lookup` does, and fails if any address is not public. Given to a connection as its `lookup`,
 * it sees the very addresses that are connected to, so a name that changes its address in between gains nothing.
 *
 * It is not asked for hosts that are IP addresses already: check those with {@link isPublicAddress}.
 */
export function lookupPublic(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookupAny(hostname, options, (error, address, family) => {
    if (error !== null) return callback(error, address, family);
    const found = Array.isArray(address) ? address.map((each) => each.address) : [address];
    if (found.every(isPublicAddress)) return callback(null, address, family);
    callback(Object.assign(new Error("the address is not public"), { code: notPublicCode }), address, family);
  });
}

function addRange(range: string, family: "ipv4" | "ipv6"): void {
  const [network = "", prefix] = range.split("/");
  notPublic.addSubnet(network, Number(prefix), family);
}
