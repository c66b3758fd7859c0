/**
 * Leaves out warnings of Node and of libraries that tell an operator nothing: that Node strips the types of a
 * configuration in TypeScript, and that Google's library found no metadata server where there is none.
 */
export function quietWarnings(): void {
  const shown = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (isIdle(warning)) return;
    for (const show of shown) show(warning);
  });
}

function isIdle({ name, message }: Error): boolean {
  return (name === "ExperimentalWarning" && /strip/i.test(message)) || name === "MetadataLookupWarning";
}
