import { create, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { flyteidl1, flyteidl2, wire } from "@flyte-agent/idl";

const job = { job_id: "4f1c5b1e-0d0c-4c7c-9b57-2d3b6f1f1c55" };

const fields = { taskCategory: { name: "bench" }, resourceMeta: Buffer.from(JSON.stringify(job)) } as const;

/** The request: both generations have the same field numbers. */
const request = create(wire.GetTaskRequestSchema, { ...fields, taskType: "bench" });

/** The request as one gRPC frame. */
export function getTaskFrame(): Uint8Array {
  const message = toBinary(wire.GetTaskRequestSchema, request);
  const frame = Buffer.alloc(5 + message.byteLength);
  frame.writeUInt32BE(message.byteLength, 1);
  frame.set(message, 5);
  return frame;
}

/** Path of GetTask in a generation of Flyte. */
export function getTaskPath(flyte: 1 | 2): string {
  const { parent, name } = services[flyte].method.getTask;
  return `/${parent.typeName}/${name}`;
}

/** Makes sure that a server answers the request with RUNNING: a server that refuses is fast, too. */
export async function checkAnswer(port: number, flyte: 1 | 2): Promise<void> {
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  const options = { timeoutMs: 10_000 };
  const { resource } =
    flyte === 1
      ? await createClient(services[1], transport).getTask({ ...fields, taskType: "bench" }, options)
      : await createClient(services[2], transport).getTask(fields, options);
  if (resource?.phase === flyteidl1.TaskExecution_Phase.RUNNING) return;
  throw new Error(`${getTaskPath(flyte)} answered phase ${resource?.phase}, expected RUNNING`);
}

const services = { 1: flyteidl1.AsyncAgentService, 2: flyteidl2.AsyncConnectorService } as const;
