import { type Plan, packageCommands } from "@flyte-agent/runtime";
import { noPlugins } from "../plan/no-plugins.ts";
import { pluginRows } from "../plan/plugin-row.ts";
import type { ServedAgent, ServedAt } from "../plan/served-agents.ts";
import { printRefusals } from "./plugin-table.ts";
import { table } from "./table.ts";
import { oneLine, type Printer } from "./terminal.ts";

/** What is told of a server that has started. */
export interface Served extends ServedAt {
  readonly agents: readonly ServedAgent[];
  /** Completed, so that inactive plugins are named too. */
  readonly plan: Plan;
  /** The flags with which another command sees the same server. */
  readonly flags: string;
}

/** Prints the table of agents, what is not served, the addresses, and the lines to type next. */
export function printServed(printer: Printer, { agents, plan, endpoint, scheme, metrics, flags }: Served): void {
  const header = ["AGENT", "TASK TYPE", "MODE", "PLUGIN", "STATE"];
  const rows = agents.map(({ name, taskType, mode, plugin, state }) => [
    oneLine(name),
    taskType,
    mode,
    plugin,
    printer.paint(state === "ready" ? "green" : "red", state),
  ]);
  printer.line();
  if (agents.length > 0) printer.line(table(printer, header, rows));
  else {
    const { text, fix } = noPlugins(plan.appRoot);
    printer.line(`${text}: ${fix}`);
  }
  printQuarantines(printer, agents);
  printRefusals(
    printer,
    pluginRows(plan).filter(({ state }) => state !== "disabled"),
  );
  printer.line();
  const facts = [
    ["app root", plan.appRoot],
    ["configuration", plan.configFile ?? "defaults (no file found)"],
    ["agents", `${scheme}://${endpoint} (gRPC, gRPC-Web, Connect)`],
    ["metrics", metrics ?? "off"],
  ] as const;
  for (const [name, value] of facts) printer.line(`${printer.paint("dim", name.padEnd(13))}  ${value}`);
  const commands = packageCommands(plan.appRoot);
  const at = scheme === "https" ? `https://${endpoint}` : endpoint;
  printer.line(`\nTry it:
  curl -H 'content-type: application/json' -d '{}' ${scheme}://${endpoint}/flyteidl.service.AgentMetadataService/ListAgents
  ${commands.run(`run TASK.yaml --endpoint ${at}`)}
Configure Flyte:
  ${commands.run(`doctor --flyte ${flags}`.trimEnd())}`);
}

function printQuarantines(printer: Printer, agents: readonly ServedAgent[]): void {
  const broken = new Map(agents.filter(({ reason }) => reason !== "").map((agent) => [agent.plugin, agent]));
  for (const { packageName, reason, fix } of broken.values()) {
    printer.line(`\n${printer.paint("bold", packageName)} is quarantined: ${oneLine(reason)}`);
    printer.line(`  to fix it: ${oneLine(fix)}`);
  }
}
