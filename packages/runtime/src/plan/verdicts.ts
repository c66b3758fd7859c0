import { pluginApiVersion } from "@flyte-agent/sdk/host";
import type { PackageCommands } from "../discovery/package-commands.ts";
import { isPluginPath } from "../files/plugin-path.ts";
import { pathFrom } from "./path-from.ts";
import type { Refusal, Verdict } from "./plan.ts";

/** A candidate that is not served because something about it is wrong. */
export type Rejection = Extract<Verdict, { kind: "rejected" }>;

/** A candidate that the operator switched off. */
export type Disablement = Extract<Verdict, { kind: "disabled" }>;

/** A candidate that nobody asked for. */
export type Inactivity = Extract<Verdict, { kind: "inactive" }>;

/** A package that was named or is depended on is not installed. */
export function packageNotFound(name: string, appRoot: string, commands: PackageCommands): Rejection {
  return isPluginPath(name)
    ? rejected("not-found", `there is no directory ${pathFrom(appRoot, name)}`, "correct the path")
    : rejected(
        "not-found",
        "it is not installed: no node_modules from the app root upwards has it",
        commands.add(name),
      );
}

/** A directory that was named has no `package.json`. */
export function noPackageFile(directory: string, appRoot: string): Rejection {
  return rejected(
    "unreadable",
    `there is no package.json in ${pathFrom(appRoot, directory)}`,
    "name the directory of a plugin package",
  );
}

/** A `package.json` is there and cannot be used; `reason` completes the sentence. */
export function packageFileUnreadable(reason: string): Rejection {
  return rejected("unreadable", `its package.json ${reason}`, "install the package again");
}

/** A package that somebody named, or that is named like a plugin, declares none. */
export function noManifest(): Rejection {
  return rejected(
    "no-manifest",
    'it is no plugin: its package.json has no "flyte-agent" object',
    "check the name, or ask its author for a release with a manifest",
  );
}

/** The manifest breaks the rules; each problem names its place. */
export function invalidManifest(problems: readonly string[]): Rejection {
  return rejected("invalid-manifest", problems.join("; "), "correct the manifest in the plugin's package.json");
}

/** The manifest is of a newer format. */
export function unknownManifestVersion(version: number, commands: PackageCommands): Rejection {
  return rejected(
    "unknown-manifest-version",
    `its manifest is of version ${version}, this runtime knows version 1`,
    commands.add("flyte-agent@latest"),
  );
}

/** The plugin needs another contract than this runtime offers. */
export function unsupportedApiVersion(version: number, commands: PackageCommands): Rejection {
  return rejected(
    "unsupported-api-version",
    `it needs apiVersion ${version}, this runtime offers 1 to ${pluginApiVersion}`,
    commands.add("flyte-agent@latest"),
  );
}

/** The plugin does not run on this version of Node. */
export function wrongNodeVersion(range: string, nodeVersion: string, { packageManager }: PackageCommands): Rejection {
  return rejected(
    "node-version",
    `it needs Node ${range}, this is ${nodeVersion}`,
    packageManager === "npm"
      ? "start with a Node of that range (npm install node@24 in the app root makes npx use it)"
      : "start with a Node of that range",
  );
}

/** The module that should be imported is not there; `reason` is a sentence. */
export function entryNotFound(reason: string): Rejection {
  return rejected("entry-not-found", reason, "build the plugin, or install it again");
}

/** Another package has a plugin of the same id. */
export function duplicateId(id: string, others: readonly string[]): Rejection {
  return rejected(
    "duplicate-id",
    `${others.join(" and ")} has the id "${id}" too`,
    "disable all but one by their package names under plugins.disabled",
  );
}

/** The configuration switches it off. */
export function disabledByConfig(pattern: string): Disablement {
  return {
    kind: "disabled",
    code: "disabled-by-config",
    reason: `plugins.disabled has "${pattern}"`,
    fix: `remove "${pattern}" from plugins.disabled`,
  };
}

/** The configuration forbids it. */
export function denied(pattern: string): Disablement {
  return {
    kind: "disabled",
    code: "denied",
    reason: `plugins.deny has "${pattern}"`,
    fix: `remove "${pattern}" from plugins.deny`,
  };
}

/** The configuration allows others only. */
export function notAllowed(packageName: string): Disablement {
  return {
    kind: "disabled",
    code: "not-allowed",
    reason: "plugins.allow has no pattern that fits it",
    fix: `add "${packageName}" to plugins.allow`,
  };
}

/** It is there because another package needs it. */
export function notADependency(packageName: string, commands: PackageCommands): Inactivity {
  return inactive({
    code: "not-a-dependency",
    reason: "it is installed, but is no dependency in the app root's package.json",
    fix: `${commands.add(packageName)}, or add "${packageName}" to plugins.list`,
  });
}

/** It is a development dependency, which is absent where it counts. */
export function devDependency(packageName: string, commands: PackageCommands): Inactivity {
  return inactive({
    code: "dev-dependency",
    reason: "it is only in devDependencies",
    fix: `${commands.addInPlaceOfDev(packageName)}, or add "${packageName}" to plugins.list`,
  });
}

/** A nearer copy of the same package counts. */
export function shadowed(nearer: string): Inactivity {
  return inactive({
    code: "shadowed",
    reason: `another copy of this package comes first: ${nearer}`,
    fix: "remove one of the two, or name the directory of the one to use under plugins.list",
  });
}

function rejected(code: Refusal["code"], reason: string, fix: string): Rejection {
  return { kind: "rejected", code, reason, fix };
}

function inactive(refusal: Refusal): Inactivity {
  return { kind: "inactive", ...refusal };
}
