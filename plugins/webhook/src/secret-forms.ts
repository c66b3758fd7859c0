/**
 * The ways in which a server that repeats its request may write a secret: as it is, as it stands in each part of the
 * normalised url, as `encodeURIComponent` and HTML forms write it, decoded, and each of them as JSON text.
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
  // Some writers of JSON escape the slash as well.
  return [...written, ...json, ...json.map((form) => form.replaceAll("/", "\\/"))];
}

/** What `Authorization: Basic` holds for the user part of a url, in both alphabets of base64; nothing without one. */
export function basicAuthForms(url: URL): readonly string[] {
  if (url.username === "" && url.password === "") return [];
  // `parseTargetUrl` lets only decodable ones pass.
  const auth = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  const base64 = auth.toString("base64");
  return [base64.replace(/=+$/, ""), encodeURIComponent(base64), auth.toString("base64url")];
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
