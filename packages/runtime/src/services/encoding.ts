import {
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";

/**
 * How a caller encodes messages. Binary requests are read with our envelopes (`flyteagent.wire.v1`), which leave the
 * payloads as bytes. JSON has no such twin, so those requests are read with Flyte's own messages and re-encoded.
 */
export type Encoding = "binary" | "json";

/** An envelope for requests and one for responses: same field numbers as the method's own messages. */
export interface Envelopes<Request extends DescMessage, Response extends DescMessage> {
  readonly request: Request;
  readonly response: Response;
}

/** Serves a unary method with envelopes in place of its own messages. */
export function unary<Request extends DescMessage, Response extends DescMessage>(
  router: ConnectRouter,
  encoding: Encoding,
  method: DescMethodUnary,
  { request, response }: Envelopes<Request, Response>,
  answer: (request: MessageShape<Request>, context: HandlerContext) => Promise<MessageShape<Response>>,
): void {
  if (encoding === "binary") {
    router.rpc({ ...method, input: request, output: response }, answer);
    return;
  }
  router.rpc(method, async (message, context) =>
    recode(response, method.output, await answer(recode(method.input, request, message), context)),
  );
}

/** Serves a server-streaming method with envelopes in place of its own messages. */
export function serverStreaming<Request extends DescMessage, Response extends DescMessage>(
  router: ConnectRouter,
  encoding: Encoding,
  method: DescMethodServerStreaming,
  { request, response }: Envelopes<Request, Response>,
  answer: (request: MessageShape<Request>, context: HandlerContext) => AsyncIterable<MessageShape<Response>>,
): void {
  if (encoding === "binary") {
    router.rpc({ ...method, input: request, output: response }, answer);
    return;
  }
  router.rpc(method, async function* (message, context) {
    for await (const part of answer(recode(method.input, request, message), context)) {
      yield recode(response, method.output, part);
    }
  });
}

/** The same message read with another schema that has the same field numbers. */
export function recode<From extends DescMessage, To extends DescMessage>(
  from: From,
  to: To,
  message: MessageShape<From>,
): MessageShape<To> {
  return fromBinary(to, toBinary(from, message));
}
