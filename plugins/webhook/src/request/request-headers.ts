import { validateHeaderName } from "node:http";
import { invalidTask } from "@flyte-agent/sdk";

// These say how the message is cut out of the connection; a wrong one would make the far end wait, or read what was not sent.
const framing: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Refuses a header that cannot be sent. Messages name the header and never show its value.
 *
 * @throws AgentError `invalid_task`
 */
export function checkHeader(name: string, value: string): void {
  if (!isHeaderName(name)) {
    throw invalidTask(
      "custom.headers",
      `got the name ${JSON.stringify(name.slice(0, 100))}, expected letters, digits and hyphens`,
    );
  }
  if (framing.has(name.toLowerCase())) {
    throw invalidTask(`custom.headers.${name}`, "is set by the connection itself. Leave it out");
  }
  // Node would send Latin-1 in one encoding or the other, by whether there is a body; flytekit refuses it as well.
  if (/[^\t -~]/.test(value)) {
    throw invalidTask(
      `custom.headers.${name}`,
      "got a string with a line break, a control character or one outside ASCII, which a header cannot have. " +
        "Check the text and the inputs that are filled into it",
    );
  }
}

/** Adds headers that the task did not set; the task's spelling of a name does not matter. */
export function withDefaultHeaders(
  headers: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const missing = Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()));
  return { ...Object.fromEntries(missing), ...headers };
}

function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch {
    return false;
  }
}
