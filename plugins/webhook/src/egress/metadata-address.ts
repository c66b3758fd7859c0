import { BlockList, isIP } from "node:net";

const metadata = new BlockList();
// Link-local addresses, where most clouds hand out an instance's credentials (169.254.169.254, ECS 169.254.170.2, EKS
// 169.254.170.23), and those that other services use: Azure, Alibaba Cloud, Oracle Cloud. `BlockList` checks addresses such as
// ::ffff:169.254.169.254 against the ranges of IPv4.
metadata.addSubnet("169.254.0.0", 16, "ipv4");
metadata.addAddress("168.63.129.16", "ipv4");
metadata.addAddress("100.100.100.200", "ipv4");
metadata.addAddress("192.0.0.192", "ipv4");
// The same in IPv6: link-local, AWS (fd00:ec2::254, fd00:ec2::23), Google Cloud, Oracle Cloud.
metadata.addSubnet("fe80::", 10, "ipv6");
metadata.addSubnet("fd00:ec2::", 32, "ipv6");
metadata.addAddress("fd20:ce::254", "ipv6");
metadata.addAddress("fd00:c1::a9fe:a9fe", "ipv6");
// The IPv4 addresses above within IPv6: compatible, NAT64, 6to4.
for (const [network, bits] of [
  ["a9fe:0", 16],
  ["a83f:8110", 32],
  ["6464:64c8", 32],
  ["c000:c0", 32],
] as const) {
  metadata.addSubnet(`::${network}`, 96 + bits, "ipv6");
  metadata.addSubnet(`64:ff9b::${network}`, 96 + bits, "ipv6");
  metadata.addSubnet(`2002:${network}::`, 16 + bits, "ipv6");
}

/** Tells whether an IP address is one at which a cloud hands out credentials, or only the machine's own link has it. */
export function isMetadataAddress(address: string): boolean {
  return metadata.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** Names of such services: through a proxy nobody sees what they stand for. */
const names: ReadonlySet<string> = new Set([
  "instance-data",
  "instance-data.ec2.internal",
  "metadata",
  "metadata.goog",
  "metadata.google.internal",
]);

/** Tells whether a host is the name or the address of such a service, as `URL.hostname` writes it. */
export function isMetadataHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return names.has(host) || (isIP(host) !== 0 && isMetadataAddress(host));
}
