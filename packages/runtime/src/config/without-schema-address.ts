/** Takes the key away by which a JSON file names its schema to editors; what is no text stays, to be refused as an unknown key. */
export function withoutSchemaAddress(content: unknown): unknown {
  if (typeof content !== "object" || content === null || !("$schema" in content)) return content;
  const { $schema, ...rest } = content;
  return typeof $schema === "string" ? rest : content;
}
