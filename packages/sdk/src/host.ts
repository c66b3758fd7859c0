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
export { type DecodedJob, decodeJob, encodeJob } from "./job-codec.ts";
export { addOutputTypes } from "./job-output-types.ts";
export { nearestName } from "./nearest-name.ts";
export { pathText } from "./path-text.ts";
export { isPhase, phaseFromProto, phaseToProto } from "./phase.ts";
export { apiVersionOf, isPlugin, pluginApiVersion } from "./plugin.ts";
export { readOutputs } from "./read-outputs.ts";
export { type EncodedTask, type ReadTaskOptions, readTask } from "./read-task.ts";
export { type EncodedLiteral, type RewrittenLiteral, rewriteLiteral } from "./rewrite-literal.ts";
export { shownProblem } from "./schema-problem.ts";
export { issuePath } from "./standard-schema.ts";
export { type WriteLiteralsOptions, writeInputs, writeOutputs } from "./write-outputs.ts";
