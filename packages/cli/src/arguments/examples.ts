/** The examples below the help of a command. */
export function examplesOf(command: string): string {
  const lines = examples.get(command) ?? [];
  return lines.length === 0 ? "" : ["", "Examples:", ...lines.map((line) => `  flyte-agent ${line}`)].join("\n");
}

const examples: ReadonlyMap<string, readonly string[]> = new Map([
  ["serve", ["serve --port 8001 --prometheus-port off", "serve --modules ./my-plugin"]],
  ["list", ["list --all", "list --endpoint localhost:8000"]],
  ["why", ["why flyte-agent-webhook", "why webhook@0"]],
  ["doctor", ["doctor", "doctor --flyte"]],
  ["run", ["run task.yaml --input seconds=2.5", "run task.yaml --endpoint localhost:8000"]],
  ["literal", ["literal literals.jsonl --integers bigint"]],
  ["schema", ["schema manifest"]],
]);
