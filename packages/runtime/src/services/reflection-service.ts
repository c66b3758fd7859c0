import { createRegistry, type DescFile, type Registry, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import { flyteidl1, flyteidl2, grpcHealth, grpcReflection1, grpcReflection1alpha, runtimeApi } from "@flyte-agent/idl";
import { callReached } from "./call-reached.ts";

const services = [
  flyteidl1.AsyncAgentService,
  flyteidl1.SyncAgentService,
  flyteidl1.AgentMetadataService,
  flyteidl2.AsyncConnectorService,
  flyteidl2.ConnectorMetadataService,
  grpcHealth.Health,
  grpcReflection1.ServerReflection,
  grpcReflection1alpha.ServerReflection,
  runtimeApi.RuntimeService,
];

type ReflectionRequest = Pick<grpcReflection1.ServerReflectionRequest, "messageRequest" | "host">;
type ReflectionAnswer = Pick<grpcReflection1.ServerReflectionResponse, "messageResponse">["messageResponse"];

/** Serves gRPC reflection, v1 and v1alpha, which differ in their package only. */
export function reflectionService(router: ConnectRouter): void {
  const registry = createRegistry(...allFiles());
  router.rpc(grpcReflection1.ServerReflection.method.serverReflectionInfo, async function* (requests, context) {
    callReached(context);
    for await (const request of requests) {
      yield { originalRequest: request, messageResponse: reflect(registry, request) };
    }
  });
  router.rpc(grpcReflection1alpha.ServerReflection.method.serverReflectionInfo, async function* (requests, context) {
    callReached(context);
    for await (const request of requests) {
      // The two generations of the messages are field for field the same; only their `$typeName` differs.
      const { messageRequest } = request as unknown as ReflectionRequest;
      const messageResponse = reflect(registry, { messageRequest, host: request.host });
      yield { originalRequest: request, messageResponse } as unknown as grpcReflection1alpha.ServerReflectionResponse;
    }
  });
}

function reflect(registry: Registry, { messageRequest }: ReflectionRequest): ReflectionAnswer {
  switch (messageRequest.case) {
    case "listServices":
      return answer("listServicesResponse", { service: services.map(({ typeName }) => ({ name: typeName })) });
    case "fileByFilename": {
      const name = messageRequest.value;
      return files(allFiles().find((file) => `${file.name}.proto` === name));
    }
    case "fileContainingSymbol":
      return files(fileOf(registry, messageRequest.value));
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = messageRequest.value;
      const extendee = registry.getMessage(containingType);
      return files(extendee && registry.getExtensionFor(extendee, extensionNumber)?.file);
    }
    case "allExtensionNumbersOfType":
      return answer("allExtensionNumbersResponse", { baseTypeName: messageRequest.value, extensionNumber: [] });
    default:
      return failure(Code.InvalidArgument, "the request asks for nothing");
  }
}

// A symbol may also be a method of a service, or a field or oneof of a message: look for what it stands in.
function fileOf(registry: Registry, symbol: string): DescFile | undefined {
  const found = registry.get(symbol) ?? registry.get(symbol.slice(0, Math.max(0, symbol.lastIndexOf("."))));
  return found?.file;
}

// A registry of files knows what they define, not what they import.
function allFiles(): readonly DescFile[] {
  return [...new Set(services.flatMap(({ file }) => withDependencies(file)))];
}

function files(file: DescFile | undefined): ReflectionAnswer {
  if (file === undefined) return failure(Code.NotFound, "not found");
  const fileDescriptorProto = withDependencies(file).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return answer("fileDescriptorResponse", { fileDescriptorProto });
}

function withDependencies(file: DescFile): readonly DescFile[] {
  const found = new Map<string, DescFile>();
  const add = (next: DescFile): void => {
    if (found.has(next.name)) return;
    found.set(next.name, next);
    for (const dependency of next.dependencies) add(dependency);
  };
  add(file);
  return [...found.values()];
}

function failure(errorCode: Code, errorMessage: string): ReflectionAnswer {
  return answer("errorResponse", { errorCode, errorMessage });
}

function answer(name: NonNullable<ReflectionAnswer["case"]>, value: object): ReflectionAnswer {
  // Connect accepts the plain form of a message and completes it.
  return { case: name, value } as ReflectionAnswer;
}
