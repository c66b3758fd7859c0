/**
 * The ways in which a string may hold a secret: as it is, as it stands in each part of a normalised url, as
 * `encodeURIComponent` and HTML forms write it, decoded, each of them as JSON text, and in both alphabets of base64.
 */
export function secretForms(secret: string): readonly string[] {
  const plain = [secret, ...decoded(secret)];
  const encoded = [...inUrl(secret), ...component(secret), new URLSearchParams({ x: secret }).toString().slice(2)];
  const escapes = /%[0-9a-f]{2}/gi;
  const written = [
    ...plain,
    ...encoded,
    ...encoded.map((form) => form.replaceAll(escapes, (digits) => digits.toLowerCase())),
    ...encoded.map((form) => form.replaceAll(escapes, (digits) => digits.toUpperCase())),
  ];
  const json = written.map((form) => JSON.stringify(form).slice(1, -1));
  const bytes = Buffer.from(secret);
  // Some writers of JSON escape the slash as well.
  const all = [...written, ...json, ...json.map((form) => form.replaceAll("/", "\\/"))];
  return [...new Set([...all, bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url")])];
}

function inUrl(secret: string): readonly string[] {
  // The letters around keep dots and spaces from being taken for something else.
  const path = URL.parse(`http://host/x${secret}x`)?.href.slice("http://host/x".length, -1);
  const query = URL.parse(`http://host/?x${secret}x`)?.href.slice("http://host/?x".length, -1);
  const user = new URL("http://host/");
  user.password = secret;
  return [path ?? "", query ?? "", user.password];
}

function component(secret: string): readonly string[] {
  return secret.isWellFormed() ? [encodeURIComponent(secret)] : [];
}

function decoded(secret: string): readonly string[] {
  try {
    return [decodeURIComponent(secret)];
  } catch {
    return [];
  }
}
