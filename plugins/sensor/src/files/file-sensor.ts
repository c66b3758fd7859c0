import { resolve } from "node:path";
import { invalidInput } from "@flyte-agent/sdk";
import type { ObjectStore } from "../s3/s3-client.ts";
import type { SensorKind, Sighting } from "../sensors/sensor-kind.ts";
import { type FileLocation, parseFileLocation } from "./file-location.ts";
import { isBelow, lookAtDisk } from "./local-disk.ts";

/** What a file sensor may look at. */
export interface FileSensorSettings {
  readonly allowLocalPaths: boolean;
  /** Only paths below this directory, which is absolute; `undefined` for every path. */
  readonly localRoot?: string | undefined;
  /** Directories that are never looked at: see `closedDirectories`. */
  readonly closed: readonly string[];
  readonly objects: ObjectStore;
}

/**
 * The twin of flytekit's `FileSensor`: waits until `path` exists, on the server's own disk or in S3.
 *
 * "Exists" is what fsspec means by it: a file or a directory; in S3 an object, anything below `key/`, or the bucket.
 */
export function fileSensor(settings: FileSensorSettings): SensorKind {
  return (inputs) => {
    const path = readPath(inputs);
    const location = parseFileLocation(path);
    const problem = problemOf(location, settings);
    if (problem !== undefined) return { subject: path, refusal: invalidInput("path", problem) };
    return {
      subject: path,
      inputs: { path },
      look: (signal) => lookAt(location, settings, signal),
    };
  };
}

function lookAt(location: FileLocation, settings: FileSensorSettings, signal: AbortSignal): Promise<Sighting> {
  switch (location.kind) {
    case "local":
      return lookAtDisk(location.path, settings, signal);
    case "s3":
      return settings.objects.look(location.bucket, location.key, signal);
    case "unserved":
      return Promise.resolve({ there: false, note: location.problem });
  }
}

function readPath(inputs: Readonly<Record<string, unknown>>): string {
  const { path, ...others } = inputs;
  const [other] = Object.keys(others);
  if (other !== undefined) throw invalidInput(other, "FileSensor has no such input, only path. Remove it");
  if (path === undefined) throw invalidInput("path", "is missing. FileSensor needs the path to wait for, as a string");
  if (typeof path === "string") return path;
  throw invalidInput("path", `expected a string, got ${path === null ? "nothing" : typeof path}`);
}

function problemOf(location: FileLocation, settings: FileSensorSettings): string | undefined {
  switch (location.kind) {
    case "local":
      return localProblem(location.path, settings);
    case "s3":
      return undefined;
    case "unserved":
      return location.problem;
  }
}

function localProblem(path: string, { allowLocalPaths, localRoot, closed }: FileSensorSettings): string | undefined {
  if (!allowLocalPaths) {
    return "this server does not look at local paths (allowLocalPaths is off). Use s3://bucket/key";
  }
  const inside = closed.find((directory) => isBelow(resolve(directory), resolve(path)));
  if (inside !== undefined) {
    return `is in ${inside}, which this server never looks at for a task. Use another directory`;
  }
  if (localRoot !== undefined && !isBelow(resolve(localRoot), resolve(path))) {
    return "this server looks at local paths only below a directory that its operator chose (localRoot)";
  }
  return undefined;
}
