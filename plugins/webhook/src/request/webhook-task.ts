import { checkCustom, renderInputs, type Task } from "@flyte-agent/sdk";
import * as v from "valibot";

/** What a webhook task asks for: its `custom`, checked, with the defaults of flytekit's connector. */
export interface WebhookTask {
  /** The address to call: a template, because secrets may stand in it (see `template.ts`). */
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Templates by header name. */
  readonly headers: Readonly<Record<string, string | number | boolean | null>>;
  /** The query of a GET (an object) or the JSON body of a POST, with the inputs filled in; `undefined` or `null` for none. */
  readonly data?: unknown;
  /** Whether the output shows `data`. */
  readonly show_data: boolean;
  /** Whether the output shows the url. */
  readonly show_url: boolean;
  /** How long to wait for the whole answer. */
  readonly timeout_sec: number;
  /** The statuses that are a success; left out, those of the operator. An extension: flytekit knows 200 only. */
  readonly success_statuses?: readonly number[] | null | undefined;
  /** The statuses after which another attempt may do better. An extension: in flytekit no failure is retried. */
  readonly retry_statuses: readonly number[];
}

const seconds = "expected a number of seconds above 0";
const flag = "expected true or false";
const headersByName = "expected an object: values by header name";
const statuses = v.array(
  v.pipe(v.number("expected an HTTP status"), v.integer("expected an HTTP status, a whole number")),
  "expected a list of HTTP statuses",
);

// An explicit null counts as absent.
const fields = v.object({
  url: v.string("expected the address to call, for example https://example.com/hook"),
  method: v.pipe(
    v.nullish(v.string("expected GET or POST"), "POST"),
    v.toUpperCase(),
    v.picklist(["GET", "POST"], "expected GET or POST"),
  ),
  headers: v.nullish(
    v.pipe(
      // To valibot a list is a record as well.
      v.custom<object>(isObject, headersByName),
      v.record(
        v.string(),
        v.union([v.string(), v.number(), v.boolean(), v.null()], "expected a string, a number or a boolean"),
        headersByName,
      ),
    ),
    {},
  ),
  data: v.optional(v.unknown()),
  show_data: v.nullish(v.boolean(flag), false),
  show_url: v.nullish(v.boolean(flag), false),
  timeout_sec: v.nullish(v.pipe(v.number(seconds), v.finite(seconds), v.gtValue(0, seconds)), 10),
  success_statuses: v.nullish(statuses),
  // Servers that answer so ask to be called again later.
  retry_statuses: v.nullish(statuses, [408, 425, 429, 502, 503, 504]),
});

// The query of a GET has names and values.
const webhookSchema = v.pipe(
  fields,
  v.forward(
    v.partialCheck(
      [["method"], ["data"]],
      ({ method, data }) => method !== "GET" || isObject(data ?? {}),
      "expected an object: the query of a GET has names and values",
    ),
    ["data"],
  ),
);

/**
 * Reads a webhook task. Everywhere but in `url` and `headers` the inputs are filled in first, as flytekit does: even
 * `timeout_sec: "{inputs.seconds}"` works, so that the agent itself can have no schema.
 *
 * @throws AgentError `invalid_task` or `invalid_input`, naming the key or the input.
 */
export async function readWebhookTask(task: Task): Promise<WebhookTask> {
  const custom: Record<string, unknown> = { ...task.custom };
  for (const [key, value] of Object.entries(task.custom)) {
    if (key !== "url" && key !== "headers" && Object.hasOwn(fields.entries, key)) {
      custom[key] = renderInputs(value, task);
    }
  }
  return await checkCustom(custom, webhookSchema);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
