import type { JsonObject, Task } from "@flyte-agent/sdk";
import * as v from "valibot";

/**
 * What Flyte keeps of a sensor task. The four keys are those of flytekit's `SensorMetadata`, so that a task which waits
 * can go from a Python server to this one and back; flytekit refuses jobs with any other key.
 */
export interface SensorJob {
  /** Module of the Python class, for example `flytekit.sensor.file_sensor`. */
  readonly sensor_module: string;
  /** Name of the Python class, for example `FileSensor`. */
  readonly sensor_name: string;
  readonly sensor_config: JsonObject | null;
  /** Arguments of the class's `poke`. */
  readonly inputs: JsonObject | null;
  /**
   * When the task's time is over, in ISO 8601. Only in jobs of Flyte 2, where nobody else ends a task in time and no
   * Python server knows sensors; left out if the task has no time-out.
   */
  readonly deadline?: string;
}

// A job comes out of JSON, and `custom` out of a protobuf Struct: what is in an object is JSON already.
const jsonObject = v.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

const nonEmptyText = v.pipe(v.string("expected a string"), v.nonEmpty("expected a string that is not empty"));

const identity = {
  sensor_module: nonEmptyText,
  sensor_name: nonEmptyText,
  sensor_config: v.optional(v.nullable(jsonObject), null),
};

/** Reads a job back. Keys that a newer release may have added are dropped. */
export const sensorJob: v.GenericSchema<unknown, SensorJob> = v.object({
  ...identity,
  inputs: v.optional(v.nullable(jsonObject), null),
  deadline: v.exactOptional(v.pipe(v.string(), v.isoTimestamp("expected a time in ISO 8601"))),
});

/** Which sensor a task asks for: `custom` as flytekit writes it, without `inputs`, which is always null there. */
export type SensorRequest = Pick<SensorJob, "sensor_module" | "sensor_name" | "sensor_config">;

/** Reads a task's `custom`. */
export const sensorRequest: v.GenericSchema<unknown, SensorRequest> = v.object(
  identity,
  "use a sensor class of flytekit, which writes custom itself",
);

/**
 * When the time of a task that starts now is over.
 *
 * Flyte 1 ends a task after its `metadata.timeout` itself, so its jobs carry none.
 */
export function deadlineOf({ timeoutMs }: Pick<Task, "timeoutMs">, flyte: 1 | 2): Pick<SensorJob, "deadline"> {
  if (flyte === 1 || timeoutMs === undefined || timeoutMs <= 0) return {};
  return { deadline: new Date(Date.now() + timeoutMs).toISOString() };
}

/** Tells whether the task's time is over. */
export function isOverdue({ deadline }: SensorJob): boolean {
  return deadline !== undefined && Date.now() >= Date.parse(deadline);
}
