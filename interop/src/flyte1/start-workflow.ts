import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runToSuccess } from "../harness/run-program.ts";
import type { SuiteContext } from "../harness/suite.ts";
import type { KubernetesClient } from "./kubernetes-client.ts";
import { isEnded, readWorkflowState, type WorkflowState } from "./workflow-state.ts";

/** A task, as propeller's compiler takes it. */
export interface CompilableTask {
  /** `flyteidl.core.TaskTemplate` */
  readonly template: Uint8Array;
  /** `flyteidl.core.LiteralMap` */
  readonly inputs: Uint8Array;
  /** Whether it runs once for each element of its inputs. @default false */
  readonly isMapped?: boolean;
}

/** An execution of one task. */
export interface WorkflowOptions extends CompilableTask {
  /** Name of the object, unique among all. */
  readonly name: string;
  readonly namespace: string;
}

/** What a workflow is started with. */
export interface WorkflowSetting extends Pick<SuiteContext, "evidenceFolder" | "signal"> {
  /** Path of the program that has propeller's compiler. */
  readonly compiler: string;
  readonly kubernetes: KubernetesClient;
}

/** A FlyteWorkflow object that is being watched. */
export interface Workflow {
  /** Waits for a state; rejects if the workflow ends before it, or the object goes. */
  until(what: string, isReached: (state: WorkflowState) => boolean): Promise<WorkflowState>;
  /** Waits for the end of the workflow. */
  ended(): Promise<WorkflowState>;
  /** Deletes the object, which aborts the workflow, and waits until it is gone. @returns its last state. */
  delete(): Promise<WorkflowState>;
}

/** Compiles a workflow of one task with propeller's compiler and creates its object. Each of its states is kept as evidence. */
export async function startWorkflow(
  { name, namespace, template, inputs, isMapped = false }: WorkflowOptions,
  { compiler, kubernetes, evidenceFolder, signal }: WorkflowSetting,
): Promise<Workflow> {
  const folder = join(evidenceFolder, "workflows", name);
  await mkdir(folder, { recursive: true });
  const taskFile = join(folder, "task-template.pb");
  const inputsFile = join(folder, "inputs.pb");
  await writeFile(taskFile, template);
  await writeFile(inputsFile, inputs);
  const compile = [compiler, "compile", "-task", taskFile, "-inputs", inputsFile] as const;
  const flags = ["-namespace", namespace, "-execution", name, ...(isMapped ? ["-map"] : [])];
  const object = await runToSuccess([...compile, ...flags], { signal });

  const all = `/apis/flyte.lyft.com/v1alpha1/namespaces/${namespace}/flyteworkflows`;
  await kubernetes.request("POST", all, object);
  const events = kubernetes.watch(`${all}?watch=true&fieldSelector=metadata.name=${name}`, signal);
  const states = statesOf(events, join(folder, "states.jsonl"));

  const until = async (what: string, isReached: (state: WorkflowState) => boolean): Promise<WorkflowState> => {
    for (;;) {
      const { value, done } = await states.next();
      if (done) throw new Error(`the workflow was deleted before it was ${what}: ${JSON.stringify(value)}`);
      if (isReached(value)) return value;
      if (isEnded(value)) throw new Error(`the workflow ended before it was ${what}: ${JSON.stringify(value)}`);
    }
  };
  return {
    until,
    ended: () => until("at its end", isEnded),
    async delete() {
      await kubernetes.request("DELETE", `${all}/${name}`);
      for (;;) {
        const { value, done } = await states.next();
        if (done) return value;
      }
    },
  };
}

async function* statesOf(
  events: AsyncIterable<unknown>,
  file: string,
): AsyncGenerator<WorkflowState, WorkflowState, undefined> {
  for await (const event of events) {
    // What Kubernetes' API says of a watch.
    const { type, object } = event as { readonly type: string; readonly object: unknown };
    await appendFile(file, `${JSON.stringify({ at: new Date().toISOString(), type, object })}\n`);
    if (type === "ERROR") throw new Error(`the watch of a workflow failed: ${JSON.stringify(object)}`);
    const state = readWorkflowState(object);
    if (type === "DELETED") return state;
    yield state;
  }
  throw new Error("unreachable: a watch ends with an error");
}
