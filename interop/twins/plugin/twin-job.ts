import type { JsonObject, StandardSchema } from "@flyte-agent/sdk";

/** What Flyte keeps of a task: the fields of the Python twins' `TwinJob`, in their order. */
export interface TwinJob {
  readonly scenario: string;
  readonly job_id: string;
  readonly note: string;
  readonly seen: JsonObject | null;
}

/** Reads a job as the Python twins do, but ignores what it does not know. */
export const twinJob: StandardSchema<TwinJob> = {
  "~standard": {
    version: 1,
    vendor: "flyte-agent-twin",
    validate(value) {
      // The SDK hands over nothing but JSON objects.
      const { scenario, job_id, note = "", seen = null } = value as Partial<Record<string, unknown>>;
      for (const [key, text] of Object.entries({ scenario, job_id, note })) {
        if (typeof text !== "string") return { issues: [{ message: "expected a text", path: [key] }] };
      }
      // The texts were just checked, and `seen` is written by the twins alone.
      return { value: { scenario, job_id, note, seen } as TwinJob };
    },
  },
};
