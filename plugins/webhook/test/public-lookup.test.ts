import { describe, expect, it } from "vitest";
import { isMetadataAddress, isMetadataHost } from "../dist/egress/metadata-address.js";
import { isPublicAddress } from "../dist/egress/public-lookup.js";

describe("isPublicAddress", () => {
  it.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "192.169.0.1", "100.63.255.255", "2606:4700::1111", "::ffff:8.8.8.8"])(
    "takes %s",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    "0.0.0.0",
    "10.0.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
  ])("refuses %s", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("isMetadataAddress", () => {
  it.each([
    "169.254.169.254",
    "169.254.170.2",
    "169.254.0.1",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "fe80::1",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::169.254.169.254",
    "64:ff9b::a83f:8110",
    "2002:a9fe:a9fe::",
    "2002:a83f:8110::1",
    "::ffff:100.100.100.200",
  ])("knows %s", (address) => expect(isMetadataAddress(address)).toBe(true));

  it.each([
    "127.0.0.1",
    "10.0.0.1",
    "169.253.255.255",
    "169.255.0.0",
    "100.100.100.201",
    "::1",
    "fd00:ec3::1",
    "8.8.8.8",
  ])("leaves %s", (address) => expect(isMetadataAddress(address)).toBe(false));
});

describe("isMetadataHost", () => {
  it.each([
    "http://169.254.169.254/",
    "http://2852039166/",
    "http://0xA9FEA9FE/",
    "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fe80::1]/",
    "http://metadata/",
    "http://METADATA.google.internal/",
    "http://metadata.google.internal./",
  ])("knows %s", (url) => expect(isMetadataHost(new URL(url).hostname)).toBe(true));

  it.each(["http://metadata.example.com/", "http://localhost/", "http://10.0.0.1/"])("leaves %s", (url) =>
    expect(isMetadataHost(new URL(url).hostname)).toBe(false),
  );
});
