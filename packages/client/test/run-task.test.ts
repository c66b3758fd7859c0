import { create, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, createRouterTransport, type Transport } from "@connectrpc/connect";
import { parseTaskDescription, runTask, type TaskProgress } from "@flyte-agent/client";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { writeOutputs } from "@flyte-agent/sdk/host";
import { expect, it } from "vitest";

const task = parseTaskDescription({
  type: "x",
  interface: { outputs: { variables: { n: { type: { simple: "INTEGER" } } } } },
});

const { QUEUED, RUNNING, SUCCEEDED, ABORTED, FAILED, RETRYABLE_FAILED, UNDEFINED } = flyteidl1.TaskExecution_Phase;

const outputs = fromBinary(flyteidl1.LiteralMapSchema, writeOutputs({ n: 7 }, task.outputTypes));

/** What an agent answers to each GetTask in turn; the last answer is repeated. */
type Answer = MessageInitShape<typeof flyteidl1.ResourceSchema> | ConnectError;

interface Peer {
  readonly transport: Transport;
  readonly deleted: string[];
  readonly polls: number[];
}

/** An agent server of Flyte 1 that plays back answers. */
function peer(answers: readonly Answer[], more: (router: ConnectRouter) => void = () => {}): Peer {
  const deleted: string[] = [];
  const polls: number[] = [];
  const transport = createRouterTransport((router) => {
    router.rpc(flyteidl1.AsyncAgentService.method.createTask, () => ({
      resourceMeta: new TextEncoder().encode("job"),
    }));
    router.rpc(flyteidl1.AsyncAgentService.method.getTask, () => {
      const answer = answers[Math.min(polls.length, answers.length - 1)];
      polls.push(performance.now());
      if (answer instanceof ConnectError) throw answer;
      return { resource: answer === undefined ? undefined : create(flyteidl1.ResourceSchema, answer) };
    });
    router.rpc(flyteidl1.AsyncAgentService.method.deleteTask, ({ resourceMeta }) => {
      deleted.push(new TextDecoder().decode(resourceMeta));
      return {};
    });
    more(router);
  });
  return { transport, deleted, polls };
}

it("polls until the task has ended, slower each time, and reads the outputs by their types", async () => {
  const { transport, polls, deleted } = peer([{ phase: QUEUED }, { phase: RUNNING }, { phase: SUCCEEDED, outputs }]);
  const seen: TaskProgress[] = [];
  const result = await runTask(transport, task, { flyte: 1, onProgress: (progress) => seen.push(progress) });
  expect(result).toMatchObject({ phase: "succeeded", outputs: { n: 7 }, stopped: undefined });
  expect(seen.map(({ phase }) => phase)).toEqual(["queued", "running", "succeeded"]);
  const [first = 0, second = 0, third = 0] = polls;
  expect(second - first).toBeGreaterThan(180);
  expect(third - second).toBeGreaterThan(280);
  expect(deleted).toEqual([]);
});

const ends: readonly (readonly [string, Answer])[] = [
  ["failed", { phase: FAILED, message: "no" }],
  ["retryable_failed", { phase: RETRYABLE_FAILED }],
  ["aborted", { phase: ABORTED }],
  ["retryable_failed", { phase: UNDEFINED }],
  ["failed", { phase: UNDEFINED, state: flyteidl1.State.PERMANENT_FAILURE }],
  ["succeeded", { phase: UNDEFINED, state: flyteidl1.State.SUCCEEDED, outputs }],
  // A phase of a Flyte to come.
  ["failed", { phase: Number("42") }],
];

it.each(ends)("ends %s", async (phase, answer) => {
  expect(await runTask(peer([answer]).transport, task, { flyte: 1 })).toMatchObject({ phase });
});

it("takes an answer without a resource for a retryable failure", async () => {
  expect(await runTask(peer([]).transport, task, { flyte: 1 })).toMatchObject({ phase: "retryable_failed" });
});

it("repeats a poll that fails for a passing reason, and says so", async () => {
  const gone = new ConnectError("away", Code.Unavailable);
  const { transport } = peer([{ phase: RUNNING }, gone, gone, { phase: SUCCEEDED, outputs }]);
  const problems: (string | undefined)[] = [];
  const result = await runTask(transport, task, { flyte: 1, onProgress: ({ problem }) => problems.push(problem) });
  expect(result.phase).toBe("succeeded");
  expect(problems).toEqual([undefined, "away", "away", undefined]);
});

it("gives up for any other reason, and deletes the job", async () => {
  const { transport, deleted } = peer([new ConnectError("not a job", Code.InvalidArgument)]);
  await expect(runTask(transport, task, { flyte: 1 })).rejects.toMatchObject({ code: Code.InvalidArgument });
  expect(deleted).toEqual(["job"]);
});

it("deletes the job when it is stopped, by the caller or by the time", async () => {
  const { transport, deleted } = peer([{ phase: RUNNING }]);
  const cancel = new AbortController();
  const cancelled = await runTask(transport, task, {
    flyte: 1,
    signal: cancel.signal,
    onProgress: () => cancel.abort(),
  });
  expect(cancelled).toMatchObject({ phase: "aborted", stopped: { reason: "cancelled", job: { kind: "deleted" } } });
  const late = await runTask(transport, task, { flyte: 1, timeoutMs: 50 });
  expect(late.stopped).toEqual({ reason: "timeout", job: { kind: "deleted" } });
  expect(deleted).toEqual(["job", "job"]);
});

it("waits for the job of a create that is under way when it is stopped", async () => {
  const cancel = new AbortController();
  const { transport, deleted } = peer([{ phase: RUNNING }], (router) => {
    router.rpc(flyteidl1.AsyncAgentService.method.createTask, async () => {
      cancel.abort();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { resourceMeta: new TextEncoder().encode("late job") };
    });
  });
  const { stopped } = await runTask(transport, task, { flyte: 1, signal: cancel.signal });
  expect(stopped).toEqual({ reason: "cancelled", job: { kind: "deleted" } });
  expect(deleted).toEqual(["late job"]);
});

it("says that a job could not be deleted", async () => {
  const { transport } = peer([{ phase: RUNNING }], (router) => {
    router.rpc(flyteidl1.AsyncAgentService.method.deleteTask, () => {
      throw new ConnectError("not today", Code.Internal);
    });
  });
  const { stopped } = await runTask(transport, task, { flyte: 1, timeoutMs: 50 });
  expect(stopped).toEqual({ reason: "timeout", job: { kind: "not-deleted", problem: "not today" } });
});

it("executes a sync agent in one call, in the order of frames that Flyte sends", async () => {
  const frames: unknown[] = [];
  const { transport, polls } = peer([], (router) => {
    router.rpc(flyteidl1.AgentMetadataService.method.listAgents, () => ({
      agents: [{ name: "X", isSync: true, supportedTaskCategories: [{ name: "x", version: 0 }] }],
    }));
    router.rpc(flyteidl1.SyncAgentService.method.executeTaskSync, async function* (requests) {
      for await (const { part } of requests) frames.push(part.case);
      yield { res: { case: "header", value: { resource: { phase: SUCCEEDED, outputs } } } };
    });
  });
  const result = await runTask(transport, task, { flyte: 1 });
  expect(result).toMatchObject({ phase: "succeeded", outputs: { n: 7 }, job: undefined });
  expect(frames).toEqual(["header", "inputs"]);
  expect(polls).toEqual([]);
});

it("takes a sync answer that is no end for a failure", async () => {
  const { transport } = peer([], (router) => {
    router.rpc(flyteidl1.SyncAgentService.method.executeTaskSync, async function* () {
      yield { res: { case: "header", value: { resource: { phase: RUNNING } } } };
    });
  });
  expect(await runTask(transport, task, { flyte: 1, mode: "sync" })).toMatchObject({ phase: "failed" });
});

it("calls Flyte 2's connector service, with inputs, category and prefix", async () => {
  const requests: string[] = [];
  const transport = createRouterTransport((router) => {
    router.rpc(
      flyteidl2.AsyncConnectorService.method.createTask,
      ({ template, outputPrefix, taskExecutionMetadata }) => {
        const { name } = taskExecutionMetadata?.taskExecutionId?.nodeExecutionId?.executionId ?? {};
        requests.push(`create ${template?.type} ${outputPrefix} ${name}`);
        return { resourceMeta: new Uint8Array([1]) };
      },
    );
    router.rpc(flyteidl2.AsyncConnectorService.method.getTask, ({ taskCategory, outputPrefix }) => {
      requests.push(`get ${taskCategory?.name}@${taskCategory?.version} ${outputPrefix}`);
      const literals = [{ name: "n", value: { value: { case: "scalar", value: primitive(7n) } } }] as const;
      return { resource: { phase: SUCCEEDED, outputs: { literals: [...literals] } } };
    });
  });
  const result = await runTask(transport, task, { flyte: 2, outputPrefix: "s3://b/p", execution: { name: "run-1" } });
  expect(result.outputs).toEqual({ n: 7 });
  expect(requests).toEqual(["create x s3://b/p run-1", "get x@0 s3://b/p"]);
});

function primitive(integer: bigint) {
  return { value: { case: "primitive", value: { value: { case: "integer", value: integer } } } } as const;
}

it("ends a task after its own time as FlytePropeller does: its job is deleted, and another attempt may be made", async () => {
  const timed = parseTaskDescription({ type: "x", metadata: { timeout: "0.3s" } });
  const { transport, deleted } = peer([{ phase: RUNNING }]);
  expect(await runTask(transport, timed, { flyte: 1 })).toMatchObject({
    phase: "retryable_failed",
    errorCode: "TimeoutExpired",
    message: "the task was still running after 0.3 s, the time that its metadata.timeout allows",
    stopped: undefined,
  });
  expect(deleted).toEqual(["job"]);
});

it("leaves the end of a task in time to its agent in Flyte 2, where nobody else ends it", async () => {
  const timed = parseTaskDescription({ type: "x", metadata: { timeout: "0.1s" } });
  let polls = 0;
  const transport = createRouterTransport((router) => {
    router.rpc(flyteidl2.AsyncConnectorService.method.createTask, () => ({ resourceMeta: new Uint8Array([1]) }));
    router.rpc(flyteidl2.AsyncConnectorService.method.getTask, () => {
      polls += 1;
      const phase = polls < 3 ? flyteidl2.TaskExecution_Phase.RUNNING : flyteidl2.TaskExecution_Phase.SUCCEEDED;
      return { resource: { phase } };
    });
  });
  expect(await runTask(transport, timed, { flyte: 2 })).toMatchObject({ phase: "succeeded" });
});
