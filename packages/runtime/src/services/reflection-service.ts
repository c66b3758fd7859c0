import { create, createRegistry, type DescFile, type Registry, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { flyteidl1, flyteidl2, grpcHealth, grpcReflection1, grpcReflection1alpha, runtimeApi } from "@flyte-agent/idl";
import { type GrpcCode, grpcCode } from "../calls/grpc-code.ts";
import { bidiStreaming, ownMessages, type ServiceMethod } from "./service-method.ts";

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

/** gRPC reflection, v1 and v1alpha, which differ in their package only. */
export function reflectionService(): readonly ServiceMethod[] {
  const registry = createRegistry(...allFiles());
  const { serverReflectionInfo } = grpcReflection1.ServerReflection.method;
  const { serverReflectionInfo: alphaInfo } = grpcReflection1alpha.ServerReflection.method;
  return [
    bidiStreaming(serverReflectionInfo, ownMessages(serverReflectionInfo), async function* (requests) {
      for await (const request of requests) {
        yield create(grpcReflection1.ServerReflectionResponseSchema, {
          originalRequest: request,
          messageResponse: reflect(registry, request),
        });
      }
    }),
    bidiStreaming(alphaInfo, ownMessages(alphaInfo), async function* (requests) {
      for await (const request of requests) {
        // The two generations of the messages are field for field the same; only their `$typeName` differs.
        const { messageRequest } = request as unknown as ReflectionRequest;
        const messageResponse = reflect(registry, { messageRequest, host: request.host });
        yield create(grpcReflection1alpha.ServerReflectionResponseSchema, {
          originalRequest: request,
          messageResponse: messageResponse as grpcReflection1alpha.ServerReflectionResponse["messageResponse"],
        });
      }
    }),
  ];
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
      return failure(grpcCode.invalidArgument, "the request asks for nothing");
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
  if (file === undefined) return failure(grpcCode.notFound, "not found");
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

function failure(errorCode: GrpcCode, errorMessage: string): ReflectionAnswer {
  return answer("errorResponse", { errorCode, errorMessage });
}

function answer(name: NonNullable<ReflectionAnswer["case"]>, value: object): ReflectionAnswer {
  // Connect accepts the plain form of a message and completes it.
  return { case: name, value } as ReflectionAnswer;
}
