import {
  type AgentErrorCode,
  type CallContext,
  defineSensor,
  type FailedResource,
  failed,
  invalidTask,
  isAgentError,
  isTerminal,
  type Resource,
  retryableFailure,
  running,
  type Sensor,
  succeeded,
  vendorUnavailable,
} from "@flyte-agent/sdk";
import type { SensorOptions } from "./options/options.ts";
import {
  deadlineOf,
  isOverdue,
  type SensorJob,
  type SensorRequest,
  sensorJob,
  sensorRequest,
} from "./sensors/sensor-job.ts";
import type { SensorKind, Sighting, Unserved, Watch } from "./sensors/sensor-kind.ts";

/** How long the look at the creation of a task may take: what is not known by then, the polls will show. */
const firstLookMs = 2_000;

/** How long the look of a poll may take, if the caller would wait longer. */
const longestLookMs = 30_000;

/** Errors that say nothing about what is waited for. */
const couldNotLook: ReadonlySet<AgentErrorCode> = new Set(["vendor_misconfigured", "vendor_unavailable"]);

/**
 * Makes the agent for the task type `sensor`.
 *
 * Whether a look is allowed is told when a task is created, where it costs an attempt and its author reads it. A task
 * that waits already is never failed because it cannot be looked at: that may be over at the next poll, and what was not
 * seen is still waited for. The warning that goes with it is in the log and in the custom info.
 *
 * @param kinds the sensors by the full name of their Python class.
 */
export function sensorAgent(
  kinds: ReadonlyMap<string, SensorKind>,
  { checkAccess }: Pick<SensorOptions, "checkAccess">,
): Sensor<SensorJob> {
  return defineSensor({
    name: "Sensor",
    taskType: "sensor",
    custom: sensorRequest,
    job: sensorJob,
    pythonJobs: true,

    create: async (task, context) => {
      const watch = watchOf(kinds, task.custom, task.inputs);
      if ("refusal" in watch) throw watch.refusal;
      if (checkAccess) await assertAccess(watch, context);
      return {
        ...task.custom,
        inputs: watch.inputs,
        ...deadlineOf(task, context.flyte),
      };
    },

    poke: async (job, context) => {
      const watch = watchOfJob(kinds, job);
      if ("phase" in watch) return watch;
      const resource = "refusal" in watch ? leftRunning(watch, context) : await look(watch, context);
      // The look comes first: what came since the poll before is not missed.
      return isOverdue(job) && !isTerminal(resource.phase) ? timedOut(watch, job) : resource;
    },
  });
}

function watchOf(
  kinds: ReadonlyMap<string, SensorKind>,
  { sensor_module, sensor_name }: SensorRequest,
  inputs: Readonly<Record<string, unknown>>,
): Watch | Unserved {
  const subject = shorten(`${sensor_module}.${sensor_name}`);
  const kind = kinds.get(`${sensor_module}.${sensor_name}`);
  if (kind !== undefined) return kind(inputs);
  const refusal = invalidTask(
    "custom.sensor_name",
    `this server has no sensor "${subject}", only ${[...kinds.keys()].join(", ")}. ` +
      "Use one of these, or let a Python server run your own class",
  );
  return { subject, refusal };
}

async function assertAccess(watch: Watch, context: CallContext): Promise<void> {
  try {
    await lookInTime(watch, context, firstLookMs);
  } catch (reason) {
    if (!isAgentError(reason) || reason.code !== "vendor_unavailable") throw reason;
    context.log.info("could not look when the task was created; the polls will", {
      subject: watch.subject,
      error: reason,
    });
  }
}

// Gives up early enough for an answer to reach the caller, who counts the ones that he does not get.
async function lookInTime(watch: Watch, { signal, deadline }: CallContext, mostMs: number): Promise<Sighting> {
  const leftMs = deadline === undefined ? mostMs : (deadline.getTime() - Date.now()) * 0.8;
  const limitMs = Math.max(0, Math.round(Math.min(mostMs, leftMs)));
  const timer = AbortSignal.timeout(limitMs);
  try {
    return await watch.look(AbortSignal.any([signal, timer]));
  } catch (reason) {
    if (isAgentError(reason) || signal.aborted || !timer.aborted) throw reason;
    throw vendorUnavailable(`no answer within ${limitMs} ms`, { cause: reason });
  }
}

// A job may have been created elsewhere, by a Python server or an older release: what it asks for was not checked here. Only what
// can never come true anywhere ends it.
function watchOfJob(kinds: ReadonlyMap<string, SensorKind>, job: SensorJob): Watch | Unserved | FailedResource {
  try {
    return watchOf(kinds, job, job.inputs ?? {});
  } catch (reason) {
    if (isAgentError(reason)) return failed(reason.message);
    throw reason;
  }
}

// Both servers may stand behind one name, or the task may be given back: one that waits elsewhere is not ended here.
function leftRunning({ subject, refusal }: Unserved, context: CallContext): Resource {
  const warning = `only the server that began it can look: ${refusal.message}`;
  context.log.warn("another server's job is left running", { subject, problem: refusal.message });
  return running({ message: `waiting for ${subject}: ${warning}`, customInfo: { warning } });
}

async function look(watch: Watch, context: CallContext): Promise<Resource> {
  try {
    const { there, note } = await lookInTime(watch, context, longestLookMs);
    if (there) return succeeded({ message: `${watch.subject} is there` });
    return running({ message: waiting(watch, note) });
  } catch (reason) {
    if (!isAgentError(reason) || !couldNotLook.has(reason.code)) throw reason;
    context.log.warn("could not look", { subject: watch.subject, error: reason });
    // Flyte shows no message of a task that runs, but it does show custom info.
    return running({ message: waiting(watch, reason.message), customInfo: { warning: reason.message } });
  }
}

function waiting({ subject }: Watch, note: string | undefined): string {
  return `waiting for ${subject}${note === undefined ? "" : `: ${note}`}`;
}

// Retryable, as FlytePropeller has it.
function timedOut({ subject }: Watch | Unserved, { deadline }: SensorJob): FailedResource {
  return retryableFailure(`${subject} was not there when the task's time-out passed (${deadline})`, {
    code: "TimeoutExpired",
  });
}

function shorten(name: string): string {
  return name.length <= 200 ? name : `${name.slice(0, 200)}…`;
}
