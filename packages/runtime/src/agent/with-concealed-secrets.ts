import { AgentError, createConcealer, isAgentError } from "@flyte-agent/sdk";
import type { RuntimeLog } from "../log/create-log.ts";
import type { AgentCall, AgentCalls } from "../seam/agent-calls.ts";
import { aroundEach } from "../seam/around-each.ts";
import type { KnownSecrets } from "../secrets/known-secrets.ts";

/** Longer texts are cut before it is looked for secrets; no message of Flyte's takes more. */
const maxTextLength = 4096;
/** A task has a few; a caller who sends a million would have the server search for each. */
const maxSentSecrets = 1_000;

/**
 * Conceals secrets in the texts that a plugin's calls end with: sentences of errors, messages and error codes. Outputs,
 * custom info, links and logs are data that the agent chose, and go as they are.
 *
 * @param known what the plugin got from the server's own places; what came with a call is concealed in that call.
 */
export function withConcealedSecrets(next: AgentCalls, known: KnownSecrets, log: RuntimeLog): AgentCalls {
  function concealed(text: string, call: AgentCall): string {
    const sent = Object.values(call.connection.secrets).slice(0, maxSentSecrets);
    const secrets = [...known.values(), ...sent.map((value) => value.trim())];
    if (secrets.length === 0 || text === "") return cut(text);
    const shown = createConcealer(secrets).conceal(cut(text));
    if (shown !== cut(text)) {
      log.warn("a secret was concealed in what Flyte is told", {
        task_type: call.category.name,
        call: call.callId,
        concealed_in: call.operation,
      });
    }
    return shown;
  }

  return aroundEach(next, async (call, _signal, run) => {
    try {
      const answer = await run();
      return hasMessage(answer)
        ? { ...answer, message: concealed(answer.message, call), errorCode: concealed(answer.errorCode, call) }
        : answer;
    } catch (reason) {
      if (!isAgentError(reason)) throw reason;
      const message = concealed(reason.message, call);
      throw message === reason.message ? reason : new AgentError(reason.code, message, { cause: reason.cause });
    }
  });
}

function hasMessage(answer: unknown): answer is { readonly message: string; readonly errorCode: string } {
  return typeof answer === "object" && answer !== null && "message" in answer && "errorCode" in answer;
}

function cut(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength - 1)}…`;
}
