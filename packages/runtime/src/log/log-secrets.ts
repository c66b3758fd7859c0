import { type Concealer, createConcealer } from "@flyte-agent/sdk";

/** The secrets that are concealed in a log's lines. */
export interface LogSecrets {
  /**
   * Takes note of a secret.
   *
   * @param callId of the call that brought it: then it counts in the lines of that call, and in those of no call. Who may send a
   *   task could else have any text concealed in the lines of others. @default the server's own, which counts in all lines
   */
  add(secret: string, callId?: string): void;
  /** A line of JSON without the secrets. */
  conceal(line: string): string;
}

/** So many of the server's own; a plugin asks for a handful. A renewed one is a further value. */
const rememberedSecrets = 500;
/** A stray error may come some time after the call that brought the secret. */
const rememberedCalls = 500;
/** What a caller sends beyond that is not looked for: it would cost every line. */
const secretsOfCall = 50;

/** Secrets that are known, and what looks for them: made when it is needed, and again when they change. */
interface KnownSecrets {
  readonly values: Set<string>;
  concealer: Concealer | undefined;
}

/** Makes a memory without secrets. */
export function createLogSecrets(): LogSecrets {
  const own: KnownSecrets = { values: new Set(), concealer: undefined };
  const ofCalls = new Map<string, KnownSecrets>();

  function addOfCall(secret: string, callId: string): void {
    const known = ofCalls.get(callId) ?? { values: new Set(), concealer: undefined };
    if (known.values.size < secretsOfCall) remember(known, secret, secretsOfCall);
    ofCalls.delete(callId);
    ofCalls.set(callId, known);
    const [oldest] = ofCalls.keys();
    if (ofCalls.size > rememberedCalls && oldest !== undefined) ofCalls.delete(oldest);
  }

  return {
    add(secret, callId) {
      if (callId === undefined) remember(own, secret, rememberedSecrets);
      else addOfCall(secret, callId);
    },
    conceal(line) {
      let shown = concealed(own, line);
      if (ofCalls.size === 0) return shown;
      const [, callId] = /"call":"([0-9a-f]{16})"/.exec(line) ?? [];
      const concerned = callId === undefined ? ofCalls.values() : [ofCalls.get(callId)];
      for (const known of concerned) if (known !== undefined) shown = concealed(known, shown);
      return shown;
    },
  };
}

function remember(known: KnownSecrets, secret: string, max: number): void {
  const { values } = known;
  if (!values.has(secret)) known.concealer = undefined;
  values.delete(secret);
  values.add(secret);
  const [oldest] = values;
  if (values.size > max && oldest !== undefined) values.delete(oldest);
}

function concealed(known: KnownSecrets, line: string): string {
  if (known.values.size === 0) return line;
  known.concealer ??= createConcealer(known.values);
  return known.concealer.conceal(line);
}
