import type { TaskCategory } from "../seam/agent-calls.ts";

/** One task category that a manifest declares. */
export interface DeclaredAgent {
  /** The task type that it serves, and the version. */
  readonly category: TaskCategory;
  /** How Flyte calls it; a sensor is async. */
  readonly mode: "async" | "sync";
  /** The name that Flyte lists: the manifest's `taskTypes[].agent`, else its `displayName`, else the plugin's id. */
  readonly name: string;
}

/** What a plugin says that it needs to reach, for the operator to read. */
export interface DeclaredPermissions {
  /** Whether it opens connections. */
  readonly net: readonly string[];
  /** Files and folders that it reads. */
  readonly fsRead: readonly string[];
  /** Files and folders that it writes. */
  readonly fsWrite: readonly string[];
  /** Whether it starts programs. */
  readonly childProcess: boolean;
  /** Whether it loads native code. */
  readonly nativeAddons: boolean;
}

/** A manifest (`package.json`, key `flyte-agent`) after validation, with its defaults. */
export interface Manifest {
  /** The contract between plugin and runtime that the plugin was written for. */
  readonly apiVersion: number;
  /** Key in configuration, command line and metrics. */
  readonly id: string;
  /** Path of the module with the default export, relative to the package; `undefined`: the package's own entry. */
  readonly entry: string | undefined;
  /** What it serves. */
  readonly agents: readonly DeclaredAgent[];
  /** Its name for people. */
  readonly displayName: string | undefined;
  /** Address of the documentation. */
  readonly docs: string | undefined;
  /** Names of the secrets that the plugin reads. */
  readonly secrets: readonly string[];
  /** Names of the environment variables that the plugin reads. */
  readonly env: readonly string[];
  /** The least isolation that the author asks for. */
  readonly isolation: "inline" | "worker" | "process";
  /** When the plugin's module is loaded: with the first call, after the server listens, or first of all. */
  readonly load: "lazy" | "warm" | "eager";
  /** What the plugin says that it needs. */
  readonly permissions: DeclaredPermissions;
  /** Bounds in milliseconds; `request` has none by default. */
  readonly timeouts: {
    readonly importMs: number;
    readonly activateMs: number;
    readonly requestMs: number | undefined;
  };
}
