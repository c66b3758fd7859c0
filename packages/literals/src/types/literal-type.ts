import type { flyteidl2 } from "@flyte-agent/idl";

/** `flyteidl2.core.Literal`, which has the fields of Flyte 1's. Fields that we do not know are kept in it. */
export type Literal = flyteidl2.Literal;

/** `flyteidl2.core.LiteralType`, which has the fields of Flyte 1's. */
export type LiteralType = flyteidl2.LiteralType;
