import type {
  DescMessage,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  Message,
  MessageShape,
} from "@bufbuild/protobuf";
import type { TraceContext } from "../seam/agent-calls.ts";

/** What a method knows of its request beside the message. Transports implement it. */
export interface MethodCall {
  /** Milliseconds since 1970 at which the caller stops waiting, `undefined` if it waits for ever. */
  readonly deadlineMs: number | undefined;
  /** The caller's trace, `undefined` if it has none. */
  readonly trace: TraceContext | undefined;
  /** Calls back when the caller goes away, at once if it has gone. It may also come after the answer: that means nothing. */
  whenGone(leave: () => void): void;
  /** Notes that the request lacked what a call needs: nobody but the transport tells of it. The method still rejects. */
  refused(reason: unknown): void;
}

/** The messages that a method reads and writes: Flyte's own, or envelopes with the same field numbers. */
export interface Envelopes<Request extends DescMessage = DescMessage, Response extends DescMessage = DescMessage> {
  readonly request: Request;
  readonly response: Response;
}

interface UnaryMethod extends Envelopes {
  readonly kind: "unary";
  /** The method as it is defined: its path, and the messages of its JSON form. */
  readonly descriptor: DescMethodUnary;
  answer(request: Message, call: MethodCall): Message | Promise<Message>;
}

interface ServerStreamingMethod extends Envelopes {
  readonly kind: "serverStreaming";
  readonly descriptor: DescMethodServerStreaming;
  answer(request: Message, call: MethodCall): AsyncIterable<Message>;
}

interface BidiStreamingMethod extends Envelopes {
  readonly kind: "bidiStreaming";
  readonly descriptor: DescMethodBiDiStreaming;
  answer(requests: AsyncIterable<Message>, call: MethodCall): AsyncIterable<Message>;
}

/**
 * A method of a service, for any transport: what it is called, what it reads and writes, and a function of message and
 * call. It rejects with an AgentError or a StatusError; {@link statusOf} makes the status of either.
 */
export type ServiceMethod = UnaryMethod | ServerStreamingMethod | BidiStreamingMethod;

/** Makes a method with one request and one response. */
export function unary<Request extends DescMessage, Response extends DescMessage>(
  descriptor: DescMethodUnary,
  { request, response }: Envelopes<Request, Response>,
  answer: (
    request: MessageShape<Request>,
    call: MethodCall,
  ) => MessageShape<Response> | Promise<MessageShape<Response>>,
): ServiceMethod {
  return { kind: "unary", descriptor, request, response, answer };
}

/** Makes a method with one request and a stream of responses. */
export function serverStreaming<Request extends DescMessage, Response extends DescMessage>(
  descriptor: DescMethodServerStreaming,
  { request, response }: Envelopes<Request, Response>,
  answer: (request: MessageShape<Request>, call: MethodCall) => AsyncIterable<MessageShape<Response>>,
): ServiceMethod {
  return { kind: "serverStreaming", descriptor, request, response, answer };
}

/** Makes a method with a stream of requests and one of responses. */
export function bidiStreaming<Request extends DescMessage, Response extends DescMessage>(
  descriptor: DescMethodBiDiStreaming,
  { request, response }: Envelopes<Request, Response>,
  answer: (requests: AsyncIterable<MessageShape<Request>>, call: MethodCall) => AsyncIterable<MessageShape<Response>>,
): ServiceMethod {
  return { kind: "bidiStreaming", descriptor, request, response, answer };
}

/** The messages of a method that needs no envelopes. */
export function ownMessages<Request extends DescMessage, Response extends DescMessage>({
  input,
  output,
}: {
  readonly input: Request;
  readonly output: Response;
}): Envelopes<Request, Response> {
  return { request: input, response: output };
}
