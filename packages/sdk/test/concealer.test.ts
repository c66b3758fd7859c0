import { createConcealer } from "@flyte-agent/sdk";
import fc from "fast-check";
import { expect, test } from "vitest";

function concealSecrets(text: string, secrets: readonly string[]): string {
  return createConcealer(secrets).conceal(text);
}

const secret = fc.stringMatching(/^[\x20-\x7e]{6,60}$/);
const words = fc.stringMatching(/^[a-z ]{0,40}$/);

test("no secret is left, however it is written, nor half of it from its beginning", () => {
  fc.assert(
    fc.property(secret, words, words, (secret, before, after) => {
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
        Buffer.from(secret).toString("base64"),
      ]) {
        for (const part of [form, form.slice(0, Math.max(8, form.length / 2))]) {
          if (part.length < 8 && part !== form) continue;
          const shown = concealSecrets(`${before}${part}${after}`, [secret]);
          expect(shown.startsWith(before) || shown.includes("***")).toBe(true);
          expect(shown).not.toContain(part);
        }
      }
    }),
  );
});

test("a string cut to 32 characters keeps at most three of a secret", () => {
  fc.assert(
    fc.property(secret, words, (secret, before) => {
      const text = JSON.stringify(`${before}${secret}`.length > 32 ? `${`${before}${secret}`.slice(0, 31)}…` : before);
      const shown = concealSecrets(text, [secret]);
      const left = JSON.stringify(secret).slice(1, 5);
      if (!before.includes(left)) expect(shown).not.toContain(left);
    }),
  );
});

test("texts without a secret stay as they are", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(concealSecrets(text, ["hunter2-and-more", ""])).toBe(text);
    }),
  );
});

test("secrets that overlap are concealed together", () => {
  expect(concealSecrets("<abcdefghijkl>", ["abcdefgh", "efghijkl"])).toBe("<***>");
  expect(concealSecrets("<aaaaaaaaaaaa>", ["aaaaaa", "aaaaaaaaa"])).toBe("<***>");
});

test("the longest text and a secret like it take no long time", () => {
  const startMs = performance.now();
  concealSecrets("a".repeat(4_096), [`${"a".repeat(3_000)}b`]);
  expect(performance.now() - startMs).toBeLessThan(1_000);
});

test("nor do a hundred such secrets", () => {
  const secrets = Array.from({ length: 100 }, (_, index) => `${"a".repeat(4_090)}b${index}`);
  const startMs = performance.now();
  expect(concealSecrets("a".repeat(4_096), secrets)).toBe("***");
  expect(performance.now() - startMs).toBeLessThan(1_000);
});

test("of an address that is a secret, what all addresses begin with is none", () => {
  const concealer = createConcealer(["https://hooks.vendor.example/services/T01/B02/k3y"]);
  expect(concealer.conceal("see https://docs.vendor.example/services")).toBe(
    "see https://docs.vendor.example/services",
  );
  expect(concealer.conceal("POST https://hooks.vendor.example/services/T01/B02/k3y failed")).toBe("POST *** failed");
});

test("in data only whole secrets are concealed, however short", () => {
  const concealer = createConcealer(["s3c", "hunter2-and-more"], { shortestSecret: 1, find: "whole" });
  expect(concealer.conceal("s3c hunter2-and-mo hunter2-and-more s3cs3c")).toBe("*** hunter2-and-mo *** ******");
});
