/** What `Authorization: Basic` holds for the user part of a url, in both alphabets of base64; nothing without one. */
export function basicAuthForms(url: URL): readonly string[] {
  if (url.username === "" && url.password === "") return [];
  // `parseTargetUrl` lets only decodable ones pass.
  const auth = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  const base64 = auth.toString("base64");
  return [base64.replace(/=+$/, ""), encodeURIComponent(base64), auth.toString("base64url")];
}
