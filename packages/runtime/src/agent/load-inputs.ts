import {
  countLiterals,
  findOffloadedLiterals,
  insertLiterals,
  isLiteral,
  type LiteralCount,
  type OffloadedLiteral,
} from "@flyte-agent/literals";
import { AgentError, isAgentError, vendorMisconfigured } from "@flyte-agent/sdk";
import { malformedMessage } from "@flyte-agent/sdk/host";
import type { InputsConfig } from "../config/resolved-config.ts";
import { tooManyLiterals } from "../seam/call-errors.ts";
import type { ReadStored } from "../stores/read-stored.ts";
import { objectText } from "../stores/store-errors.ts";
import { isWithin, parseStoredObject, type StoredObject } from "../stores/store-place.ts";

/**
 * Loads the offloaded literals of encoded inputs: FlytePropeller stores large ones in files of their own
 * (`literal-offloading-config`).
 *
 * @returns the inputs as they would be without offloading; the same bytes if nothing is offloaded.
 * @throws AgentError that begins with the path of the input: `invalid_input` for what is not there or is no literal;
 *   `message_too_large`; `vendor_misconfigured` for what the operator must allow; `vendor_unavailable`. The signal's
 *   reason if it aborts.
 */
export type LoadInputs = (inputs: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;

/** So many files may the inputs of one task be spread over. */
const maxFiles = 1_000;
/** A loaded literal can hold offloaded ones; so often is looked again. Two is what Flyte makes. */
const maxRounds = 8;
const readsAtATime = 8;

/** Makes the loader of one plugin's inputs. */
export function createLoadInputs(config: InputsConfig, read: ReadStored): LoadInputs {
  const { offloaded: options } = config;

  return async (inputs, signal) => {
    let bytes = inputs;
    let leftBytes = options.maxBytes;
    let files = 0;
    for (let round = 0; ; round++) {
      const { literals, offloaded } = countOf(bytes);
      if (literals > config.maxLiterals) throw tooManyLiterals(literals, config.maxLiterals);
      if (offloaded === 0) return bytes;
      files += offloaded;
      if (files > maxFiles) throw tooManyFiles(files);
      const found = findOffloadedLiterals(bytes);
      if (round === maxRounds) throw tooManyRounds(found);
      const wanted = plan(found, leftBytes);
      const loaded = await inTurns(wanted, signal, load);
      leftBytes -= loaded.reduce((sum, { length }) => sum + length, 0);
      bytes = insertLiterals(bytes, found, loaded);
    }
  };

  function plan(found: readonly OffloadedLiteral[], leftBytes: number): readonly WantedLiteral[] {
    // Those whose size is not told share what the others leave over.
    let restBytes = leftBytes;
    for (const { path, sizeBytes } of found) {
      restBytes -= sizeBytes;
      if (restBytes < 0) throw inputsTooLarge(path, options.maxBytes);
    }
    const unknown = found.filter(({ sizeBytes }) => sizeBytes === 0).length;
    return found.map(({ path, uri, sizeBytes }) => {
      const object = parseStoredObject(uri);
      if (object === undefined) throw notAnAddress(path, uri);
      if (!isWithin(object, options.allow)) throw notAllowed(path, object);
      return { path, object, maxBytes: sizeBytes > 0 ? sizeBytes : Math.floor(restBytes / unknown) };
    });
  }

  async function load({ path, object, maxBytes }: WantedLiteral, signal: AbortSignal): Promise<Uint8Array> {
    let bytes: Uint8Array;
    try {
      bytes = await read(object, { maxBytes, signal });
    } catch (reason) {
      if (signal.aborted || !isAgentError(reason)) throw reason;
      throw new AgentError(reason.code, `${path}: ${reason.message}`, { cause: reason.cause });
    }
    if (!isLiteral(bytes)) throw notALiteral(path, object);
    return bytes;
  }
}

interface WantedLiteral {
  readonly path: string;
  readonly object: StoredObject;
  readonly maxBytes: number;
}

function countOf(inputs: Uint8Array): LiteralCount {
  try {
    return countLiterals(inputs);
  } catch (cause) {
    throw malformedMessage("inputs", { cause });
  }
}

/** Works on a few items at a time; the first failure stops the others. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const waiting = items.entries();
  const results: Result[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item, either);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(readsAtATime, items.length) }, worker));
    return results;
  } catch (reason) {
    failure.abort(reason);
    throw reason;
  }
}

function notAnAddress(path: string, uri: string): AgentError {
  const scheme = /^([a-z][a-z0-9+.-]{0,15}):/i.exec(uri)?.[1]?.toLowerCase();
  const problem =
    scheme === undefined || ["s3", "gs"].includes(scheme)
      ? "is not of the form s3://bucket/key or gs://bucket/key"
      : `begins with ${scheme}:, from where literals are never read; s3:// and gs:// are known`;
  return new AgentError("invalid_input", `${path}: it was offloaded because of its size, but its address ${problem}`);
}

function notAllowed(path: string, object: StoredObject): AgentError {
  return vendorMisconfigured(
    `${path}: it was offloaded because of its size to ${objectText(object)}, from where this agent server may not read. ` +
      `Its operator can allow it in the configuration: inputs.offloaded.allow: ["${object.scheme}://${object.bucket}"]`,
  );
}

function notALiteral(path: string, object: StoredObject): AgentError {
  return new AgentError(
    "invalid_input",
    `${path}: ${objectText(object)} should hold it, but is no Flyte literal: run the task again from the node that made it`,
  );
}

function inputsTooLarge(path: string, maxBytes: number): AgentError {
  return new AgentError(
    "message_too_large",
    `${path}: with it the offloaded inputs are more than the ${maxBytes} bytes that are read for one task: pass data as ` +
      "a file or a structured dataset, or have the operator raise inputs.offloaded.maxBytes",
  );
}

function tooManyFiles(files: number): AgentError {
  return new AgentError(
    "message_too_large",
    `the inputs are spread over ${files} offloaded files, at most ${maxFiles} are read for one task: pass data as a ` +
      "file or a structured dataset",
  );
}

function tooManyRounds([first]: readonly OffloadedLiteral[]): AgentError {
  return new AgentError(
    "invalid_input",
    `${first?.path}: offloaded literals hold offloaded literals, more than ${maxRounds} within each other: is one in itself?`,
  );
}
