import {
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
} from "@flyte-agent/sdk";
import type { SensorOptions } from "./options.ts";
import {
  deadlineOf,
  isOverdue,
  readSensorRequest,
  type SensorJob,
  type SensorRequest,
  sensorJob,
} from "./sensor-job.ts";
import type { SensorKind, Watch } from "./sensor-kind.ts";

/** How long the look at the creation of a task may take: what is not known by then, the polls will show. */
const firstLookMs = 2_000;

/**
 * Makes the agent for the task type `sensor`.
 *
 * Whether a look is allowed is told when a task is created, where it costs an attempt and its author reads it. A task
 * that waits already is never failed by a refusal, which may be over at the next poll: it goes on waiting, with a warning.
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
    job: sensorJob,

    create: async (task, context) => {
      const request = readSensorRequest(task);
      const watch = findKind(kinds, request)(task.inputs);
      if (checkAccess) await assertAccess(watch, context);
      return {
        ...request,
        inputs: watch.inputs,
        ...deadlineOf(task, context.flyte),
      };
    },

    poke: async (job, context) => {
      const watch = watchOf(kinds, job);
      return "phase" in watch ? watch : await lookInTime(watch, job, context);
    },
  });
}

function findKind(kinds: ReadonlyMap<string, SensorKind>, { sensor_module, sensor_name }: SensorRequest): SensorKind {
  const kind = kinds.get(`${sensor_module}.${sensor_name}`);
  if (kind !== undefined) return kind;
  throw invalidTask(
    "custom.sensor_name",
    `this server has no sensor "${shorten(`${sensor_module}.${sensor_name}`)}", only ${[...kinds.keys()].join(", ")}. ` +
      "Use one of these, or let a Python server run your own class",
  );
}

async function assertAccess(watch: Watch, { signal, log }: CallContext): Promise<void> {
  const timer = AbortSignal.timeout(firstLookMs);
  try {
    await watch.look(AbortSignal.any([signal, timer]));
  } catch (reason) {
    if (signal.aborted) throw reason;
    if (!timer.aborted && !(isAgentError(reason) && reason.code === "vendor_unavailable")) throw reason;
    log.info("could not look when the task was created; the polls will", {
      subject: watch.subject,
      error: reason,
    });
  }
}

// A job may have been created elsewhere, by a Python server or an older release: what it asks for was not checked here.
function watchOf(kinds: ReadonlyMap<string, SensorKind>, job: SensorJob): Watch | FailedResource {
  try {
    return findKind(kinds, job)(job.inputs ?? {});
  } catch (reason) {
    if (isAgentError(reason)) return failed(reason.message);
    throw reason;
  }
}

// A last look is taken even if the time is over: what came since the poll before is not missed.
async function lookInTime(watch: Watch, job: SensorJob, context: CallContext): Promise<Resource> {
  if (!isOverdue(job)) return await look(watch, context);
  const last = await look(watch, context).catch((reason: unknown) => {
    if (isAgentError(reason)) return running();
    throw reason;
  });
  return isTerminal(last.phase) ? last : timedOut(watch, job);
}

async function look(watch: Watch, { signal, log }: CallContext): Promise<Resource> {
  try {
    const { there, note } = await watch.look(signal);
    if (there) return succeeded({ message: `${watch.subject} is there` });
    return running({ message: waiting(watch, note) });
  } catch (reason) {
    if (!isAgentError(reason) || reason.code !== "vendor_refused") throw reason;
    log.warn("the sensor is not let look", {
      subject: watch.subject,
      error: reason,
    });
    // Flyte shows no message of a task that runs, but it does show custom info.
    return running({
      message: waiting(watch, reason.message),
      customInfo: { warning: reason.message },
    });
  }
}

function waiting({ subject }: Watch, note: string | undefined): string {
  return `waiting for ${subject}${note === undefined ? "" : `: ${note}`}`;
}

// Retryable, as FlytePropeller has it.
function timedOut({ subject }: Watch, { deadline }: SensorJob): FailedResource {
  return retryableFailure(`${subject} was not there when the task's time-out passed (${deadline})`, {
    code: "TimeoutExpired",
  });
}

function shorten(name: string): string {
  return name.length <= 200 ? name : `${name.slice(0, 200)}…`;
}
