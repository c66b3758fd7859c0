import { create, createFileRegistry, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { grpcReflection1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, type Clients, connect } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

type Ask = MessageInitShape<typeof grpcReflection1.ServerReflectionRequestSchema>["messageRequest"];
type Answer = grpcReflection1.ServerReflectionResponse["messageResponse"];
type Reflect = (ask: Ask) => Promise<Answer>;

// Both generations, asked alike: their messages differ in name only.
const generations: readonly [string, (clients: Clients) => Reflect][] = [
  [
    "v1",
    ({ reflection }) =>
      async (messageRequest) => {
        const [answer] = await all(reflection.serverReflectionInfo(one(asking(messageRequest))));
        return answer?.messageResponse ?? { case: undefined };
      },
  ],
  [
    "v1alpha",
    ({ reflectionAlpha }) =>
      async (messageRequest) => {
        const asked = { messageRequest } as { messageRequest: { case: "listServices"; value: string } };
        const [answer] = await all(reflectionAlpha.serverReflectionInfo(one(asked)));
        // Field for field the same as v1's.
        return (answer?.messageResponse ?? { case: undefined }) as unknown as Answer;
      },
  ],
];

function asking(messageRequest: Ask): MessageInitShape<typeof grpcReflection1.ServerReflectionRequestSchema> {
  return messageRequest === undefined ? {} : { messageRequest };
}

async function* one<Item>(item: Item): AsyncGenerator<Item> {
  yield item;
}

async function filesFor(reflect: Reflect, ask: Ask): Promise<readonly FileDescriptorProto[]> {
  const answer = await reflect(ask);
  if (answer.case !== "fileDescriptorResponse") throw new Error(`no file: ${JSON.stringify(answer)}`);
  return answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
}

test.each(generations)("%s lists every service", async (_name, clientOf) => {
  const { port } = await serve();
  const answer = await clientOf(connect(port))({ case: "listServices", value: "" });
  expect(answer.case === "listServicesResponse" && answer.value.service.map(({ name }) => name)).toEqual([
    "flyteidl.service.AsyncAgentService",
    "flyteidl.service.SyncAgentService",
    "flyteidl.service.AgentMetadataService",
    "flyteidl2.connector.AsyncConnectorService",
    "flyteidl2.connector.ConnectorMetadataService",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "flyteagent.runtime.v1.RuntimeService",
  ]);
});

test.each(generations)("%s resolves every service as grpcurl does, one file at a time", async (_name, clientOf) => {
  const { port } = await serve();
  const reflect = clientOf(connect(port));
  const listed = await reflect({ case: "listServices", value: "" });
  if (listed.case !== "listServicesResponse") throw new Error("no list");
  const files = new Map<string, FileDescriptorProto>();
  for (const { name } of listed.value.service) {
    const wanted: Ask[] = [{ case: "fileContainingSymbol", value: name }];
    for (let ask = wanted.shift(); ask !== undefined; ask = wanted.shift()) {
      // The first is the one that was asked for; a client need not look at the others.
      const [file] = await filesFor(reflect, ask);
      if (file === undefined || files.has(file.name)) continue;
      files.set(file.name, file);
      for (const value of file.dependency) {
        if (!files.has(value)) wanted.push({ case: "fileByFilename", value });
      }
    }
  }
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: inOrder([...files.values()], files) }));
  for (const { name } of listed.value.service) expect(registry.getService(name)?.methods.length).toBeGreaterThan(0);
  expect(registry.getMessage("flyteidl.core.TaskTemplate")).toBeDefined();
  expect(registry.getMessage("flyteidl2.core.Connection")).toBeDefined();
});

// A set of descriptors has each file after those that it imports.
function inOrder(
  from: readonly FileDescriptorProto[],
  files: ReadonlyMap<string, FileDescriptorProto>,
): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>();
  const add = (file: FileDescriptorProto): void => {
    for (const name of file.dependency) {
      const dependency = files.get(name);
      if (dependency !== undefined && !ordered.has(dependency)) add(dependency);
    }
    ordered.add(file);
  };
  for (const file of from) add(file);
  return [...ordered];
}

test.each([
  ["a message of a dependency", "flyteidl.core.TaskTemplate", "flyteidl/core/tasks.proto"],
  ["a nested message", "flyteidl.core.Container.Architecture", "flyteidl/core/tasks.proto"],
  ["an enum of a dependency", "flyteidl2.core.SimpleType", "flyteidl2/core/types.proto"],
  ["a method", "flyteidl.service.AsyncAgentService.CreateTask", "flyteidl/service/agent.proto"],
  ["a field", "flyteidl.admin.GetTaskRequest.resource_meta", "flyteidl/admin/agent.proto"],
  ["a well-known type", "google.protobuf.Struct", "google/protobuf/struct.proto"],
])("finds the file of %s", async (_what, value, file) => {
  const { port } = await serve();
  for (const [, clientOf] of generations) {
    const [found] = await filesFor(clientOf(connect(port)), { case: "fileContainingSymbol", value });
    expect(found?.name).toBe(file);
  }
});

test("what is not there is told as not found, and nothing asked is an error", async () => {
  const { port } = await serve();
  for (const [, clientOf] of generations) {
    const reflect = clientOf(connect(port));
    for (const ask of [
      { case: "fileContainingSymbol", value: "no.such.Thing" },
      { case: "fileByFilename", value: "no/such.proto" },
      { case: "fileContainingExtension", value: { containingType: "no.such.Type", extensionNumber: 1 } },
    ] satisfies Ask[]) {
      expect(await reflect(ask)).toMatchObject({ case: "errorResponse", value: { errorCode: 5 } });
    }
    expect(await reflect({ case: "allExtensionNumbersOfType", value: "flyteidl.core.TaskTemplate" })).toMatchObject({
      case: "allExtensionNumbersResponse",
      value: { baseTypeName: "flyteidl.core.TaskTemplate" },
    });
    expect(await reflect({ case: undefined })).toMatchObject({ case: "errorResponse", value: { errorCode: 3 } });
  }
});
