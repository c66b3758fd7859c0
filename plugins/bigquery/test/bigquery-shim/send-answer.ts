import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, errorAnswer } from "./answer.ts";
import type { Fault } from "./fault.ts";

/** Sends the answer, as the fault has it. `answer` is called if the fault lets the work be done. */
export async function sendAnswer(
  response: ServerResponse,
  answer: () => Promise<Answer>,
  { fault, signal }: { fault: Fault | undefined; signal: AbortSignal },
): Promise<void> {
  if (fault === undefined) return send(response, await answer());
  if (fault.isDone) await answer();
  switch (fault.kind) {
    case "error": {
      const after = fault.retryAfterSeconds;
      const { headers, ...rest } = errorAnswer(fault.error);
      const more = after === undefined ? {} : { "retry-after": String(after) };
      return send(response, { ...rest, headers: { ...headers, ...more } });
    }
    case "page":
      return send(response, {
        status: fault.status,
        headers: { "content-type": "text/html; charset=UTF-8" },
        body: `<html><title>Error ${fault.status}</title><p>The server encountered a temporary error.</html>`,
      });
    case "hang":
      return;
    case "stall": {
      const { status, headers, body } = await answer();
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
      response.write(body.slice(0, Math.ceil(body.length / 2)));
      return;
    }
    case "cut":
      response.destroy();
      return;
    case "slow":
      await sleep(fault.delayMs, undefined, { signal });
      return send(response, await answer());
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers);
  response.end(body);
}
