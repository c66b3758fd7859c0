import type { Facts } from "./facts.ts";

/** The metrics that both kinds of server have, as facts: the labels of each, with the operations and error codes seen. */
export async function metricsFacts(port: number): Promise<Facts> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const labels = new Map<string, Set<string>>();
  for (const line of text.split("\n")) {
    const { name = "", list = "" } = /^(?<name>flyte_connector_\w+)(?:\{(?<list>[^}]*)\})? /.exec(line)?.groups ?? {};
    if (name === "" || name.endsWith("_created")) continue;
    const names = [...list.matchAll(/(\w+)="/g)].map(([, label = ""]) => label).filter((label) => label !== "quantile");
    labels.set(name, new Set([...(labels.get(name) ?? []), ...names]));
  }
  const types = [...text.matchAll(/^# TYPE (flyte_connector_\w+) (\w+)$/gm)].filter(
    ([, name = ""]) => !name.endsWith("_created"),
  );
  return {
    ...Object.fromEntries(
      [...labels].map(([name, names]) => [name, [...names].sort((a, b) => a.localeCompare(b)).join(", ")]),
    ),
    ...Object.fromEntries(types.map(([, name = "", type = ""]) => [`${name} is a`, type])),
  };
}
