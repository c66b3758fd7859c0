// For runtimes, published as "@flyte-agent/sdk/host" and outside semantic versioning: plugins import the index.
export { modeOf } from "./agent.ts";
export {
  invalidJob,
  invalidOutput,
  jobTooLarge,
  malformedMessage,
  operationNotSupported,
  pluginInvalid,
} from "./errors.ts";
export { isPhase, phaseFromProto, phaseToProto } from "./phase.ts";
export { apiVersionOf, isPlugin, pluginApiVersion } from "./plugin.ts";
export { issuePath } from "./standard-schema.ts";
