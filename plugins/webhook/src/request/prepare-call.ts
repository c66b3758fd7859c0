import {
  type Concealer,
  type CreateContext,
  concealed,
  createConcealer,
  invalidTask,
  pythonText,
  type Task,
} from "@flyte-agent/sdk";
import { checkHost, checkSecret } from "../egress/egress-rules.ts";
import type { HttpRequest } from "../http/http-client.ts";
import { acceptedEncodings } from "../http/read-body.ts";
import type { WebhookOptions } from "../options/options.ts";
import { basicAuthForms } from "./basic-auth-forms.ts";
import { jsonBody } from "./json-body.ts";
import { checkHeader, withDefaultHeaders } from "./request-headers.ts";
import { parseTargetUrl, withQuery } from "./target-url.ts";
import { fillSecrets, readTemplate, secretsIn } from "./template.ts";
import type { WebhookTask } from "./webhook-task.ts";

/** A call that is ready to be made. */
export interface PreparedCall {
  readonly request: HttpRequest;
  /** The url as the task's author may see it: inputs filled in, secrets as `***`. */
  readonly shownUrl: string;
  /** Hides the secrets of this call in texts from outside. */
  readonly concealer: Concealer;
}

/**
 * Makes the request that a task asks for. Everything that is wrong with it is found here, before anything is sent, and
 * what the operator forbids before a secret is read.
 *
 * @throws AgentError `invalid_task`, `invalid_input` or `secret_not_found`.
 */
export async function prepareCall(
  webhook: WebhookTask,
  task: Task,
  { options, context }: { readonly options: WebhookOptions; readonly context: CreateContext },
): Promise<PreparedCall> {
  const urlTemplate = readTemplate("custom.url", webhook.url, task);
  const headerTemplates = Object.entries(webhook.headers).map(
    ([name, value]) => [name, readTemplate(`custom.headers.${name}`, value, task)] as const,
  );
  const names = secretsIn([urlTemplate, ...headerTemplates.map(([, template]) => template)]);

  const shownUrl = fillSecrets(urlTemplate, () => concealed);
  const shown = parseTargetUrl(shownUrl);
  checkHost(shown, options);
  for (const name of names) checkSecret(name, shown, options);

  const secrets = new Map<string, string>();
  for (const name of names) secrets.set(name, await context.secrets.get(name));
  const secretOf = (name: string): string => secrets.get(name) ?? "";

  const url = parseTargetUrl(fillSecrets(urlTemplate, secretOf));
  if (url.origin !== shown.origin) {
    throw invalidTask(
      "custom.url",
      "got a secret that changes the host. Secrets may stand in the user part, the path and the query",
    );
  }
  const headers: Record<string, string> = {};
  for (const [name, template] of headerTemplates) {
    const value = fillSecrets(template, secretOf);
    checkHeader(name, value);
    headers[name] = value;
  }
  checkHostHeader(headers, names.size > 0 || options.allowedHosts !== undefined);

  const hasSecretUser = url.username !== shown.username || url.password !== shown.password;
  const authForms = hasSecretUser ? basicAuthForms(url) : [];
  return {
    request: requestOf(webhook, url, headers, context.idempotencyKey),
    shownUrl,
    concealer: createConcealer([...secrets.values(), ...authForms], { shortestSecret: 1, find: "whole" }),
  };
}

function requestOf(
  { method, data }: WebhookTask,
  url: URL,
  headers: Readonly<Record<string, string>>,
  idempotencyKey: string,
): HttpRequest {
  const always = { Accept: "*/*", "Accept-Encoding": acceptedEncodings, "User-Agent": "flyte-agent-webhook" };
  if (method === "GET") {
    // `readWebhookTask` lets a GET have an object or nothing.
    const target = typeof data === "object" && data !== null ? withQuery(url, data, pythonText) : url;
    return { method, url: target, headers: withDefaultHeaders(headers, always), body: undefined };
  }
  const body = data === undefined || data === null ? undefined : jsonBody(data);
  const defaults = {
    ...always,
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    // Flyte calls at least once; a server that knows the key can tell a repeated call from a new one.
    "Idempotency-Key": idempotencyKey,
  };
  return { method, url, headers: withDefaultHeaders(headers, defaults), body };
}

// Behind a shared front door the Host header, not the address, decides who gets the request.
function checkHostHeader(headers: Readonly<Record<string, string>>, isHostRestricted: boolean): void {
  if (isHostRestricted && Object.keys(headers).some((name) => name.toLowerCase() === "host")) {
    throw invalidTask(
      "custom.headers.Host",
      "cannot be set where the operator restricts hosts (allowedHosts) or a secret is sent. Leave it out",
    );
  }
}
