import { type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { ServiceMethod } from "../../services/service-method.ts";
import { methodCall } from "./method-call.ts";
import { toConnectError } from "./to-connect-error.ts";

/**
 * How a caller encodes messages. Binary requests are read with a method's envelopes (`flyteagent.wire.v1`), which leave the
 * payloads as bytes. JSON has no such twin, so those requests are read with the method's own messages and re-encoded.
 */
export type Encoding = "binary" | "json";

/** Registers methods with Connect, for one encoding. */
export function registerMethods(router: ConnectRouter, encoding: Encoding, methods: readonly ServiceMethod[]): void {
  for (const method of methods) register(router, encoding, method);
}

function register(router: ConnectRouter, encoding: Encoding, method: ServiceMethod): void {
  const { request, response, descriptor } = method;
  const isRecoded = encoding === "json" && request !== descriptor.input;
  const [input, output] = isRecoded ? [descriptor.input, descriptor.output] : [request, response];
  const read = isRecoded ? (message: Message) => recode(input, request, message) : same;
  const write = isRecoded ? (message: Message) => recode(response, output, message) : same;
  switch (method.kind) {
    case "unary":
      router.rpc({ ...method.descriptor, input, output }, async (message, context) => {
        try {
          return write(await method.answer(read(message), methodCall(context)));
        } catch (reason) {
          throw toConnectError(reason);
        }
      });
      return;
    case "serverStreaming":
      router.rpc({ ...method.descriptor, input, output }, (message, context) =>
        told(() => method.answer(read(message), methodCall(context)), write),
      );
      return;
    case "bidiStreaming":
      router.rpc({ ...method.descriptor, input, output }, (messages, context) =>
        told(() => method.answer(isRecoded ? mapEach(messages, read) : messages, methodCall(context)), write),
      );
  }
}

async function* told(
  answer: () => AsyncIterable<Message>,
  write: (message: Message) => Message,
): AsyncIterable<Message> {
  try {
    for await (const part of answer()) yield write(part);
  } catch (reason) {
    throw toConnectError(reason);
  }
}

async function* mapEach<From, To>(items: AsyncIterable<From>, map: (item: From) => To): AsyncIterable<To> {
  for await (const item of items) yield map(item);
}

function same(message: Message): Message {
  return message;
}

/** The same message read with another schema that has the same field numbers. */
function recode(from: DescMessage, to: DescMessage, message: Message): Message {
  return fromBinary(to, toBinary(from, message));
}
