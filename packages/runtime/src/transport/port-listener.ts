import { once } from "node:events";
import { createServer as createHttp1Server, type Server as Http1Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import type { Log } from "@flyte-agent/sdk";
import type { UnaryLane } from "./grpc/unary-lane.ts";
import { keepDescriptorsFree } from "./keep-descriptors-free.ts";
import { portUnavailable } from "./port-unavailable.ts";
import type { RequestHandler } from "./request-handler.ts";
import { sniffProtocol } from "./sniff-protocol.ts";
import { checkedTlsFiles, type TlsFiles, watchTlsFiles } from "./tls-files.ts";

/** What {@link createPortListener} needs. */
export interface PortListenerOptions {
  readonly handler: RequestHandler;
  /** Is asked first about each HTTP/2 stream. @default none is */
  readonly lane?: UnaryLane | undefined;
  readonly tls: TlsFiles | undefined;
  /** Streams that one HTTP/2 connection may have open at a time. */
  readonly maxConcurrentStreams: number;
  readonly timings: PortTimings;
  /** Told of each connection that was refused because too few file descriptors were left. */
  readonly onConnectionRefused: () => void;
  readonly log: Log;
}

/** How patient a port is, in milliseconds. */
export interface PortTimings {
  /** For a connection to say which protocol it speaks, for a TLS handshake, and for an HTTP/1 request's headers. */
  readonly openingTimeoutMs: number;
  /** For an HTTP/1 request to arrive completely. */
  readonly receiveTimeoutMs: number;
  /** How often an HTTP/2 connection is asked whether it is still there. */
  readonly pingIntervalMs: number;
  /** How often the TLS files are looked at. */
  readonly tlsWatchIntervalMs: number;
}

/**
 * One port that speaks HTTP/2 and HTTP/1.1, in the clear or over TLS.
 *
 * A client that ends its side of a connection has gone, and so have its calls: gRPC's servers hold it so, and Node does for
 * HTTP/1.1, as do nginx and Go.
 */
export interface PortListener {
  /** How many connections are open. */
  readonly connectionCount: number;
  /**
   * Starts to listen.
   *
   * @param port 0 takes a free one.
   * @throws AgentError `port_unavailable`.
   */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Stops to listen. Calls that arrive on open connections are answered as before. */
  refuseNewConnections(): void;
  /**
   * Ends the connections, each as soon as its calls are answered. HTTP/2 callers are told which calls those are
   * (GOAWAY): gRPC clients make any other one again, elsewhere.
   */
  endConnections(): Promise<void>;
  /** Cuts the connections at once. */
  destroyConnections(): void;
}

const maxHeaderBytes = 64 * 1024;

// Of more than nine frames of headers nghttp2 makes an end of the connection, with all its calls. In frames of this size
// what is over the limit ends its call only. (A single value over 64 KiB ends the connection all the same: HPACK's decoder
// gives up there, and Node has no switch for that nor for the number of frames.)
const maxFrameBytes = 256 * 1024;

// The HTTP/1 server owns the port: only then do its time-outs run and does its close() end.
/** Makes the listener of one port; {@link PortListener.listen} opens it. */
export function createPortListener(options: PortListenerOptions): PortListener {
  const { handler, lane, tls, maxConcurrentStreams, timings, onConnectionRefused, log } = options;
  const { openingTimeoutMs, receiveTimeoutMs } = timings;
  const http2 = createHttp2Server({
    settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes, maxFrameSize: maxFrameBytes },
    maxSessionMemory: 64,
    // FlytePropeller cancels each synchronous call once it has its answer. Node's default allows 33 resets a second,
    // and then cuts the connection with all its calls.
    streamResetBurst: 10_000,
    streamResetRate: 2_000,
  });
  serveStreams(http2, handler, lane);
  const sessions = trackSessions(http2, log);

  const limits = {
    headersTimeout: openingTimeoutMs,
    requestTimeout: Math.max(openingTimeoutMs, receiveTimeoutMs),
    // Node looks at these time-outs every 30 s by default.
    connectionsCheckingInterval: openingTimeoutMs / 5,
    maxHeaderSize: maxHeaderBytes,
  };
  const owner =
    tls === undefined
      ? createHttp1Server(limits)
      : createHttpsServer({ ...limits, ...alpn, handshakeTimeout: openingTimeoutMs, ...checkedTlsFiles(tls) });
  owner.on("request", handler);
  const handOver = {
    http1: takeOver(owner),
    http2(socket: Socket) {
      // The owner's sockets may be half open, as HTTP/1.1 needs it; nobody would end this one after its client has.
      socket.allowHalfOpen = false;
      // Emitted while the server takes the socket, so that it is this socket's session.
      const onSession = (session: ServerHttp2Session): void => keepPinging(session, socket, timings.pingIntervalMs);
      http2.once("session", onSession);
      http2.emit("connection", socket);
      http2.off("session", onSession);
    },
  };
  // Only now, or these listeners would be taken over as well.
  const sockets = trackSockets(owner);
  keepDescriptorsFree(owner, { onRefused: onConnectionRefused, log });
  if (tls === undefined) {
    owner.on("connection", (socket: Socket) => sniffProtocol(socket, openingTimeoutMs, handOver));
  } else {
    owner.on("secureConnection", (socket: TLSSocket) => {
      if (socket.alpnProtocol === "h2") {
        handOver.http2(socket);
        return;
      }
      handOver.http1(socket);
      // Node's HTTP parser reads past the socket until somebody listens to it. While an answer waits to be sent Node pauses
      // both, but a TLS connection goes on with what it has decrypted, and the paused parser takes that for an error.
      socket.on("data", () => {});
    });
  }
  owner.on("tlsClientError", (error: Error) => log.debug("TLS handshake failed", { error }));
  const stopWatching = tls === undefined ? () => {} : watchTlsFiles(tls, owner, timings.tlsWatchIntervalMs, log);

  return {
    get connectionCount() {
      return sockets.size;
    },
    async listen(port, host) {
      owner.listen({ port, host });
      try {
        await once(owner, "listening");
      } catch (cause) {
        stopWatching();
        throw portUnavailable(port, host, cause);
      }
      owner.on("error", (error) => log.error("the listening socket failed", { error }));
      // A TCP server that listens has an address of this form.
      return owner.address() as AddressInfo;
    },
    refuseNewConnections() {
      stopWatching();
      owner.close();
    },
    async endConnections() {
      for (const session of sessions) session.close();
      owner.closeIdleConnections();
      while (sockets.size > 0) {
        await delay(20);
        owner.closeIdleConnections();
      }
    },
    destroyConnections() {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function serveStreams(http2: Http2Server, handler: RequestHandler, lane: UnaryLane | undefined): void {
  if (lane === undefined) {
    http2.on("request", handler);
    return;
  }
  // Node makes a request and a response of each stream as soon as a server has a listener for requests. This one has, and never
  // listens to a port: it gets the streams that the lane does not take.
  const others = createHttp2Server();
  others.on("request", handler);
  http2.on("stream", (stream, headers, flags, rawHeaders) => {
    const isTaken: boolean = lane(stream, headers);
    if (!isTaken) others.emit("stream", stream, headers, flags, rawHeaders);
  });
}

const alpn = { ALPNProtocols: ["h2", "http/1.1"] };

// The listeners that Node put there when it made the server; from now on we decide which sockets they see.
function takeOver(owner: Http1Server): (socket: Socket) => void {
  const event = "setSecureContext" in owner ? "secureConnection" : "connection";
  const listeners = owner.listeners(event);
  owner.removeAllListeners(event);
  return (socket) => {
    for (const listener of listeners) listener.call(owner, socket);
  };
}

function trackSockets(owner: Http1Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  owner.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.setKeepAlive(true, 30_000);
    socket.setNoDelay(true);
    // Callers cut connections as they like; an unheard error event would end the process.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

function trackSessions(http2: Http2Server, log: Log): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  // Every disconnect of a grpc-go client is one (-505): it says nothing about us.
  http2.on("sessionError", (error) => log.debug("an HTTP/2 connection ended with an error", { error }));
  return sessions;
}

// A peer that went away without a word would keep its connection, and its calls, for ever.
function keepPinging(session: ServerHttp2Session, socket: Socket, intervalMs: number): void {
  let isAnswered = true;
  const timer = setInterval(() => {
    // A session that the peer has ended tells so only when its socket closes, which the peer may never do.
    if (!isAnswered || session.destroyed) {
      session.destroy();
      socket.destroy();
      return;
    }
    isAnswered = false;
    session.ping(() => {
      isAnswered = true;
    });
  }, intervalMs);
  timer.unref();
  socket.once("close", () => clearInterval(timer));
}
