import { invalidTask, renderInputs, type Task } from "@flyte-agent/sdk";
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
const customSchema = v.object({
  url: v.string("expected the address to call, for example https://example.com/hook"),
  method: v.pipe(
    v.nullish(v.string("expected GET or POST"), "POST"),
    v.toUpperCase(),
    v.picklist(["GET", "POST"], "expected GET or POST"),
  ),
  headers: v.nullish(
    v.pipe(
      // To valibot a list is a record as well.
      v.custom<object>((headers) => kindOf(headers) === "an object", headersByName),
      v.record(
        v.string(),
        v.union([v.string(), v.number(), v.boolean(), v.null()], "expected a text, a number or a boolean"),
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

/**
 * Reads a webhook task. Everywhere but in `url` and `headers` the inputs are filled in, as flytekit does: even
 * `timeout_sec: "{inputs.seconds}"` works.
 *
 * @throws AgentError `invalid_task` or `invalid_input`, naming the key or the input.
 */
export function readWebhookTask(task: Task): WebhookTask {
  const custom: Record<string, unknown> = { ...task.custom };
  for (const [key, value] of Object.entries(task.custom)) {
    if (key !== "url" && key !== "headers" && Object.hasOwn(customSchema.entries, key)) {
      custom[key] = renderInputs(value, task);
    }
  }
  const result = v.safeParse(customSchema, custom, { abortEarly: true });
  if (!result.success) throw invalidKey(result.issues[0]);
  const { method, data } = result.output;
  if (method === "GET" && kindOf(data ?? {}) !== "an object") {
    throw invalidTask(
      "custom.data",
      `got ${kindOf(data)}, expected an object: the query of a GET has names and values`,
    );
  }
  return result.output;
}

function invalidKey(issue: v.BaseIssue<unknown>): Error {
  // Says what kind of value was got and not the text itself, which may be a credential; a method is none.
  const got = issue.type === "picklist" ? String(issue.received).slice(0, 30) : kindOf(issue.input);
  return invalidTask(`custom.${v.getDotPath(issue) ?? ""}`, `got ${got}, ${issue.message}`);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : "a text";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  return String(value);
}
