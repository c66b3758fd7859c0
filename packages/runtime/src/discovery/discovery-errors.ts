import { AgentError } from "@flyte-agent/sdk";

/** The project was installed by Yarn Plug'n'Play, and Node does not know: no package could be found. */
export function pnpNotActive(pnpFile: string): AgentError {
  return new AgentError(
    "invalid_config",
    `${pnpFile} shows that Yarn Plug'n'Play installed this project, but Node was started without it: ` +
      "start with `yarn node` or `yarn run`, or set NODE_OPTIONS='--require ./.pnp.cjs --experimental-loader ./.pnp.loader.mjs'",
  );
}

/** The `package.json` of the app root, which names the plugins, cannot be used. `reason` completes the sentence. */
export function appRootUnreadable(file: string, reason: string): AgentError {
  return new AgentError("invalid_config", `${file} ${reason}: it names the plugins, so it is needed`);
}
