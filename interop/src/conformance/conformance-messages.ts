import type { Message } from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import type { Any } from "@bufbuild/protobuf/wkt";

// The messages of connectrpc/conformance/v1 as far as our server reads them. Their descriptors come from the Go module at
// run time, so no code is generated from them; these types say by hand what the descriptors say.

/** `connectrpc.conformance.v1.ServerCompatRequest` */
export interface ServerCompatRequest extends Message {
  readonly useTls: boolean;
  readonly messageReceiveLimit: number;
  readonly serverCreds?: { readonly cert: Uint8Array; readonly key: Uint8Array };
}

/** `connectrpc.conformance.v1.Header` */
export interface Header {
  readonly name: string;
  readonly value: readonly string[];
}

/** `connectrpc.conformance.v1.Error` */
export interface WantedError {
  /** The same numbers as Connect's. */
  readonly code: number;
  readonly message?: string;
  readonly details: readonly Any[];
}

/** `connectrpc.conformance.v1.UnaryResponseDefinition` */
export interface WantedResponse {
  readonly responseHeaders: readonly Header[];
  readonly responseTrailers: readonly Header[];
  readonly responseDelayMs: number;
  readonly response:
    | { readonly case: "responseData"; readonly value: Uint8Array }
    | { readonly case: "error"; readonly value: WantedError }
    | { readonly case: undefined };
}

/** `connectrpc.conformance.v1.StreamResponseDefinition` */
export interface WantedResponses {
  readonly responseHeaders: readonly Header[];
  readonly responseTrailers: readonly Header[];
  readonly responseDelayMs: number;
  readonly responseData: readonly Uint8Array[];
  readonly error?: WantedError;
}

/** The requests of `Unary`, `IdempotentUnary` and `ClientStream`. */
export interface UnaryRequest extends Message {
  readonly responseDefinition?: WantedResponse;
}

/** The request of `ServerStream`. */
export interface ServerStreamRequest extends Message {
  readonly responseDefinition?: WantedResponses;
}

/** The request of `BidiStream`. */
export interface BidiStreamRequest extends ServerStreamRequest {
  readonly fullDuplex: boolean;
}

/** The response of each method. */
export interface Response extends Message {
  readonly payload?: Payload;
}

/** `connectrpc.conformance.v1.ConformancePayload` */
export interface Payload extends Message {
  readonly data: Uint8Array;
  readonly requestInfo?: Message;
}

/** `connectrpc.conformance.v1.ConformanceService`, without the method that nobody implements. */
export type ConformanceService = GenService<{
  readonly unary: Method<"unary", UnaryRequest>;
  readonly idempotentUnary: Method<"unary", UnaryRequest>;
  readonly serverStream: Method<"server_streaming", ServerStreamRequest>;
  readonly clientStream: Method<"client_streaming", UnaryRequest>;
  readonly bidiStream: Method<"bidi_streaming", BidiStreamRequest>;
}>;

interface Method<
  Kind extends "unary" | "server_streaming" | "client_streaming" | "bidi_streaming",
  Request extends Message,
> {
  readonly methodKind: Kind;
  readonly input: GenMessage<Request>;
  readonly output: GenMessage<Response>;
}
