import { type KeyObject, verify } from "node:crypto";
import { type JsonRecord, jsonRecord } from "./json-record.ts";

/** The claims of a signed assertion, or what Google's token endpoint says is wrong with it (RFC 7523, RS256). */
export function readAssertion(
  assertion: string,
  { publicKey, tokenUri }: { publicKey: KeyObject; tokenUri: string },
): { readonly claims: JsonRecord } | { readonly problem: string } {
  const [header = "", payload = "", signature = ""] = assertion.split(".");
  const signed = Buffer.from(`${header}.${payload}`);
  if (readPart(header).alg !== "RS256") return { problem: "Invalid JWT: alg must be RS256." };
  if (!verify("sha256", signed, publicKey, Buffer.from(signature, "base64url"))) {
    return { problem: "Invalid JWT Signature." };
  }
  const claims = readPart(payload);
  const { iss, aud, iat, exp, scope } = claims;
  const nowSeconds = Date.now() / 1000;
  if (typeof iss !== "string") return { problem: "Invalid JWT: iss is missing." };
  // Google's libraries name Google's own endpoint, whatever the key file says.
  const audiences: readonly unknown[] = [tokenUri, "https://oauth2.googleapis.com/token"];
  if (!audiences.includes(aud)) return { problem: `Invalid JWT: aud must be ${tokenUri}, got ${String(aud)}.` };
  if (typeof scope !== "string" || scope === "")
    return { problem: "Invalid OAuth scope or ID token audience provided." };
  const isTimely = Number(iat) <= nowSeconds + 300 && Number(exp) > nowSeconds && Number(exp) - Number(iat) <= 3600;
  if (!isTimely)
    return { problem: "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe." };
  return { claims };
}

function readPart(part: string): JsonRecord {
  try {
    return jsonRecord(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
  } catch {
    return {};
  }
}
