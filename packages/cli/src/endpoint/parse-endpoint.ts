import { usageError } from "../arguments/usage-error.ts";

/**
 * Makes the base address of a server: `host:port` is cleartext, `https://host:port` is TLS.
 *
 * @throws a usage error for anything else.
 */
export function parseEndpoint(text: string): string {
  const address = /^https?:\/\//.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const hasPort = url !== undefined && (url.port !== "" || address !== `http://${text}`);
  if (url === undefined || !hasPort || url.pathname !== "/" || url.search !== "" || url.username !== "") {
    throw usageError(`--endpoint: got "${text}", expected host:port or https://host:port`);
  }
  return url.origin;
}
