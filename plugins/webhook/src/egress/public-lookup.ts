import { type LookupAddress, type LookupOptions, lookup as lookupAny } from "node:dns";
import { BlockList, isIP } from "node:net";
import { isMetadataAddress } from "./metadata-address.ts";

/** The `code` of the error of a {@link guardedLookup} for an address that is not public. */
export const notPublicCode = "ERR_ADDRESS_NOT_PUBLIC";
/** The `code` of the error of a {@link guardedLookup} for an address of a metadata service. */
export const metadataCode = "ERR_ADDRESS_OF_METADATA";

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

/** What looks up a host for a connection, as `dns.lookup` does. */
export type Lookup = (hostname: string, options: LookupOptions, callback: LookupCallback) => void;

/**
 * Makes a `dns.lookup` that fails if any address is one of a metadata service, or is not public where only public ones
 * are allowed. Given to a connection as its `lookup`, it sees the very addresses that are connected to, so a name that
 * changes its address in between gains nothing.
 *
 * It is not asked for hosts that are IP addresses already: check those with {@link isPublicAddress} and `isMetadataHost`.
 */
export function guardedLookup({ denyPrivateNetworks }: { readonly denyPrivateNetworks: boolean }): Lookup {
  return (hostname, options, callback) => {
    lookupAny(hostname, options, (error, address, family) => {
      if (error !== null) return callback(error, address, family);
      const found = Array.isArray(address) ? address.map((each) => each.address) : [address];
      const code = found.some(isMetadataAddress)
        ? metadataCode
        : denyPrivateNetworks && !found.every(isPublicAddress)
          ? notPublicCode
          : undefined;
      if (code === undefined) return callback(null, address, family);
      callback(Object.assign(new Error("the address must not be called"), { code }), address, family);
    });
  };
}

function addRange(range: string, family: "ipv4" | "ipv6"): void {
  const [network = "", prefix] = range.split("/");
  notPublic.addSubnet(network, Number(prefix), family);
}
