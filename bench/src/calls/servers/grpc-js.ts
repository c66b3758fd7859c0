/**
 * The same answer from `@grpc/grpc-js`, with protobuf-es as its codec.
 *
 *     node grpc-js.ts PORT
 */
import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";

const { AsyncAgentService, GetTaskRequestSchema, GetTaskResponseSchema, TaskExecution_Phase } = flyteidl1;

const server = new Server();
const implementation: UntypedServiceImplementation = {
  getTask: (
    call: { request: MessageShape<typeof GetTaskRequestSchema> },
    answer: (error: null, response: unknown) => void,
  ) => {
    const job: unknown = JSON.parse(Buffer.from(call.request.resourceMeta).toString("utf8"));
    if (typeof job !== "object") throw new TypeError("not a job");
    answer(
      null,
      create(GetTaskResponseSchema, { resource: { phase: TaskExecution_Phase.RUNNING, message: "at work" } }),
    );
  },
};
server.addService(
  {
    getTask: {
      path: `/${AsyncAgentService.typeName}/GetTask`,
      requestStream: false,
      responseStream: false,
      ...codecOf("request", GetTaskRequestSchema),
      ...codecOf("response", GetTaskResponseSchema),
    },
  },
  implementation,
);
server.bindAsync(`127.0.0.1:${process.argv[2]}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});

function codecOf<Name extends "request" | "response", Schema extends DescMessage>(
  name: Name,
  schema: Schema,
): Record<`${Name}Serialize`, (message: MessageShape<Schema>) => Buffer> &
  Record<`${Name}Deserialize`, (bytes: Buffer) => MessageShape<Schema>> {
  const serialize = (message: MessageShape<Schema>): Buffer => Buffer.from(toBinary(schema, message));
  const deserialize = (bytes: Buffer): MessageShape<Schema> => fromBinary(schema, bytes);
  // A computed name loses its literal type.
  return { [`${name}Serialize`]: serialize, [`${name}Deserialize`]: deserialize } as ReturnType<
    typeof codecOf<Name, Schema>
  >;
}
