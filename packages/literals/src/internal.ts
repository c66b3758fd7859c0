// For @flyte-agent/sdk, published as "@flyte-agent/literals/internal" and outside semantic versioning.
export { readMsgpack } from "./msgpack/read-msgpack.ts";
export { quoteCut } from "./place/place.ts";
export { inheritsNothing } from "./plain/inherits-nothing.ts";
export { maxDepth, recursionLimit } from "./plain/max-depth.ts";
export { isPlainObject } from "./plain/plain-object.ts";
export type { TreeValue } from "./tree/tree-value.ts";
export { listTexts } from "./types/type-name.ts";
export { base64 } from "./values/base64.ts";
export {
  choiceKind,
  choiceOf,
  hashChoiceOf,
  type NumberChoice,
  numberChoiceOf,
  variantChoiceOf,
} from "./values/choice.ts";
export { durationNanosecondsOf } from "./values/duration.ts";
export { epochNanosecondsOf } from "./values/instant.ts";
export { pythonIso, pythonSeconds } from "./values/python-iso.ts";
export { taggedOf } from "./values/tagged-value.ts";
export { isBytes, isMap, itemsOf, membersOf, valueKind } from "./values/value-kind.ts";
export { containerBudget, tooManyContainers } from "./wire/container-budget.ts";
export { readStruct } from "./wire/read-struct.ts";
export { fieldEnd, finishMessage, skipField, wireSource } from "./wire/wire-source.ts";
