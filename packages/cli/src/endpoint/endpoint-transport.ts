import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";

/** The way to a running server. */
export interface EndpointTransport {
  readonly transport: Transport;
  /** Hands on a call's answer; where the server cannot be reached, its error says which server that is. */
  reached<Answer>(call: Promise<Answer>): Promise<Answer>;
  /** Closes the connection. */
  close(): void;
}

/** Makes the transport to a server: gRPC over HTTP/2, in cleartext for `http:`. */
export function endpointTransport(baseUrl: string): EndpointTransport {
  const sessionManager = new Http2SessionManager(baseUrl);
  return {
    transport: createGrpcTransport({ baseUrl, sessionManager }),
    async reached(call) {
      try {
        return await call;
      } catch (reason) {
        throw unreachable(baseUrl, ConnectError.from(reason)) ?? reason;
      }
    },
    close: () => sessionManager.abort(),
  };
}

// A server of Flyte agents writes a code in brackets; what has none was said by the network, or by some other program.
function unreachable(baseUrl: string, { code, rawMessage, cause }: ConnectError): ConnectError | undefined {
  if (
    ![Code.Unavailable, Code.Internal, Code.Unknown, Code.Canceled, Code.Aborted].includes(code) ||
    /\[[a-z_]+\]$/.test(rawMessage)
  )
    return undefined;
  const { host } = new URL(baseUrl);
  return new ConnectError(
    `no agent server answers at ${host} (${rawMessage.trim()}): ${hintFor(baseUrl, rawMessage)}`,
    code,
    undefined,
    undefined,
    cause,
  );
}

// Node and OpenSSL have a code for some of these, which does not get as far as here.
function hintFor(baseUrl: string, problem: string): string {
  const { protocol, host } = new URL(baseUrl);
  if (protocol === "https:") {
    if (/certificate's altnames/.test(problem)) return "write a name that the certificate has";
    if (/certificate/.test(problem))
      return "if the certificate is the right one, name its authority's in SSL_CERT_FILE";
    if (/wrong version number/.test(problem)) return `if it speaks no TLS, write ${host}`;
  } else if (/CANCEL|ECONNRESET|Protocol error/.test(problem)) {
    return `if it speaks TLS, write https://${host}, else correct --endpoint`;
  }
  return "start it with `flyte-agent serve`, or correct --endpoint";
}
