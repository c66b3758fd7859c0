import type { Log } from "@flyte-agent/sdk";
import { type DestinationStream, type Logger, pino } from "pino";
import { createLogSecrets, type LogSecrets } from "./log-secrets.ts";

/** How log lines are written. */
export interface LogOptions {
  /** The least important lines that are written. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** `auto` is human-readable on a terminal and JSON elsewhere. */
  readonly format: "auto" | "json" | "pretty";
  /** Leaves secrets in the lines: for tests that look for them there. @default false */
  readonly showsSecrets?: boolean;
}

/** A log that can make children with further fields on every line. */
export interface RuntimeLog extends Log {
  /** The same log with further fields in each line. */
  with(fields: Readonly<Record<string, unknown>>): RuntimeLog;
  /** Whether lines of a level are written: what nobody will read need not be put together. */
  isWritten(level: LogOptions["level"]): boolean;
  /** What is concealed in each line, whoever writes it: the same for a log and all that are made of it. */
  readonly secrets: Pick<LogSecrets, "add">;
}

/** Makes a log that hands JSON lines to a stream, whatever the format of the options. */
export function createLog(
  { level, showsSecrets = false }: Pick<LogOptions, "level" | "showsSecrets">,
  stream: DestinationStream,
): RuntimeLog {
  const secrets = createLogSecrets();
  return fromPino(
    secrets,
    pino(
      {
        level,
        base: null,
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
        messageKey: "message",
        errorKey: "error",
        serializers: { error: describeError },
      },
      showsSecrets ? stream : { write: (line) => stream.write(secrets.conceal(line)) },
    ),
  );
}

/** How many causes of an error are shown. */
const maxCauses = 4;

// pino's own form has every property of an error, and those of HTTP clients hold requests with their credentials.
function describeError(error: unknown, causes = 0): unknown {
  if (!(error instanceof Error)) return typeof error === "object" ? { message: "an object was thrown" } : String(error);
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...("code" in error ? { code: String(error.code) } : {}),
    stack,
    ...(cause === undefined || causes >= maxCauses ? {} : { cause: describeError(cause, causes + 1) }),
  };
}

function fromPino(secrets: LogSecrets, logger: Logger): RuntimeLog {
  return {
    secrets,
    isWritten: (level) => logger.isLevelEnabled(level),
    debug: (message, fields) => logger.debug(besideOwn(fields), message),
    info: (message, fields) => logger.info(besideOwn(fields), message),
    warn: (message, fields) => logger.warn(besideOwn(fields), message),
    error: (message, fields) => logger.error(besideOwn(fields), message),
    with: (fields) => fromPino(secrets, logger.child(besideOwn(fields))),
  };
}

const ownFields = ["level", "time", "message"];

/** Fields as they stand in a line: one that is called like one of the line's own would be there twice, and one of them lost. */
function besideOwn(fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  if (!ownFields.some((name) => Object.hasOwn(fields, name))) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [ownFields.includes(name) ? `${name}_` : name, value]),
  );
}
