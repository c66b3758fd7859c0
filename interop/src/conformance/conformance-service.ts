import { setTimeout as delay } from "node:timers/promises";
import { create, type DescMessage, type Message, type MessageInitShape, type Registry } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import { ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import type {
  BidiStreamRequest,
  ConformanceService,
  Header,
  Response,
  UnaryRequest,
  WantedError,
  WantedResponses,
} from "./conformance-messages.ts";

const packageName = "connectrpc.conformance.v1";

/** Registers ConformanceService, which answers what its caller asks for and repeats what it saw of the request. */
export function conformanceService(router: ConnectRouter, registry: Registry): void {
  const service = registry.getService(`${packageName}.ConformanceService`);
  if (service === undefined) throw new Error(`the descriptors have no ${packageName}.ConformanceService`);
  const { infoOf, infoAsAny } = requestInfos(registry);

  async function answer(requests: readonly UnaryRequest[], context: HandlerContext): Promise<Answer> {
    const definition = requests[0]?.responseDefinition;
    setHeaders(context, definition);
    await delay(definition?.responseDelayMs ?? 0);
    const info = infoOf(requests, context);
    const response = definition?.response;
    if (response?.case === "error") throw wantedError(response.value, infoAsAny(info));
    return answerWith(response?.case === "responseData" ? response.value : undefined, info);
  }

  // One response for each datum; the first, or the error in its place, tells what was seen.
  async function* answers(
    requests: readonly Message[],
    definition: WantedResponses | undefined,
    context: HandlerContext,
  ): AsyncIterable<Answer> {
    const info = infoOf(requests, context);
    let sent = 0;
    for (const data of definition?.responseData ?? []) {
      await delay(definition?.responseDelayMs ?? 0);
      yield answerWith(data, sent === 0 ? info : undefined);
      sent += 1;
    }
    if (definition?.error === undefined) return;
    throw wantedError(definition.error, sent === 0 ? infoAsAny(info) : undefined);
  }

  // One response to each request. When the requests end, the responses that are left follow.
  async function* answersInTurn(
    first: BidiStreamRequest,
    rest: AsyncIterator<BidiStreamRequest>,
    context: HandlerContext,
  ): AsyncIterable<Answer> {
    const { responseDefinition } = first;
    let request: BidiStreamRequest | undefined = first;
    let sent = 0;
    for (const data of responseDefinition?.responseData ?? []) {
      await delay(responseDefinition?.responseDelayMs ?? 0);
      const seen: Message | undefined =
        request === undefined ? undefined : infoOf([request], sent === 0 ? context : undefined);
      yield answerWith(data, seen);
      sent += 1;
      const next: IteratorResult<BidiStreamRequest> | undefined = request === undefined ? undefined : await rest.next();
      request = next?.done === false ? next.value : undefined;
    }
    if (responseDefinition?.error === undefined) return;
    throw wantedError(responseDefinition.error, sent === 0 ? infoAsAny(infoOf([first], context)) : undefined);
  }

  // What is known at run time alone has no types; these are what the descriptors say.
  router.service(
    service as ConformanceService,
    {
      unary: (request, context) => answer([request], context),
      idempotentUnary: (request, context) => answer([request], context),
      clientStream: async (requests, context) => await answer(await collected(requests), context),
      async *serverStream(request, context) {
        setHeaders(context, request.responseDefinition);
        yield* answers([request], request.responseDefinition, context);
      },
      async *bidiStream(requests, context) {
        const rest = requests[Symbol.asyncIterator]();
        const start = await rest.next();
        if (start.done === true) return;
        const first = start.value;
        setHeaders(context, first.responseDefinition);
        if (first.fullDuplex) {
          yield* answersInTurn(first, rest, context);
          return;
        }
        const others = await collected({ [Symbol.asyncIterator]: () => rest });
        yield* answers([first, ...others], first.responseDefinition, context);
      },
    },
    { jsonOptions: { registry } },
  );
}

type Answer = MessageInitShape<GenMessage<Response>>;

function answerWith(data: Uint8Array | undefined, requestInfo: Message | undefined): Answer {
  return {
    payload: { ...(data === undefined ? {} : { data }), ...(requestInfo === undefined ? {} : { requestInfo }) },
  };
}

interface RequestInfos {
  /** What was seen of requests; without a context, their messages alone. */
  infoOf(requests: readonly Message[], context: HandlerContext | undefined): Message;
  infoAsAny(info: Message): Any;
}

function requestInfos(registry: Registry): RequestInfos {
  const schemaOf = (name: string): DescMessage => {
    const schema = registry.getMessage(name);
    if (schema === undefined) throw new Error(`the descriptors have no ${name}`);
    return schema;
  };
  const infoSchema = schemaOf(`${packageName}.ConformancePayload.RequestInfo`);
  return {
    infoOf(requests, context) {
      const timeoutMs = context?.timeoutMs();
      return create(infoSchema, {
        requestHeaders: [...(context?.requestHeader ?? [])].map(([name, value]) => ({ name, value: [value] })),
        timeoutMs: timeoutMs === undefined ? undefined : BigInt(Math.round(timeoutMs)),
        requests: requests.map((request) => anyPack(schemaOf(request.$typeName), request)),
        connectGetInfo: context?.requestMethod === "GET" ? { queryParams: queryOf(context.url) } : undefined,
      });
    },
    infoAsAny: (info) => anyPack(infoSchema, info),
  };
}

function queryOf(url: string): readonly Header[] {
  return [...new URL(url).searchParams].map(([name, value]) => ({ name, value: [value] }));
}

function setHeaders(
  { responseHeader, responseTrailer }: HandlerContext,
  definition: { readonly responseHeaders: readonly Header[]; readonly responseTrailers: readonly Header[] } | undefined,
): void {
  const append = (target: Headers, headers: readonly Header[] = []): void => {
    for (const { name, value } of headers) for (const one of value) target.append(name, one);
  };
  append(responseHeader, definition?.responseHeaders);
  append(responseTrailer, definition?.responseTrailers);
}

function wantedError({ code, message = "", details }: WantedError, info: Any | undefined): ConnectError {
  // The numbers of connectrpc.conformance.v1.Code are those of Connect's codes.
  const error = new ConnectError(message, code);
  const all = info === undefined ? details : [...details, info];
  error.details = all.map(({ typeUrl, value }) => ({ type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value }));
  return error;
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
