/** A message of `flyteidl.core` that leads to literals, or an offloaded literal. */
export type LiteralMessage = "map" | "entry" | "literal" | "scalar" | "union" | "collection" | "offloaded";

/** What stands in a field of a message, by the field's tag; `undefined` for what leads to no literal. */
export function messageIn(message: LiteralMessage, tag: number): LiteralMessage | undefined {
  switch (message) {
    case "literal":
      return tag === 0x0a
        ? "scalar"
        : tag === 0x12
          ? "collection"
          : tag === 0x1a
            ? "map"
            : tag === 0x42
              ? "offloaded"
              : undefined;
    case "scalar":
      return tag === 0x4a ? "union" : undefined;
    case "collection":
    case "union":
      return tag === 0x0a ? "literal" : undefined;
    case "map":
      return tag === 0x0a ? "entry" : undefined;
    case "entry":
      return tag === 0x12 ? "literal" : undefined;
    case "offloaded":
      return undefined;
  }
}
