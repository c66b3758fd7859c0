import { linkVariable } from "./config-errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the operator set, apart from what a cluster put there. */
export interface OwnVariables {
  /** The environment without the variables that describe services. */
  readonly env: Environment;
  /** Variables that look like a link and could be a mistake. */
  readonly warnings: readonly string[];
}

/**
 * Leaves out the `FLYTE_AGENT_*` variables that Kubernetes sets in every pod for services whose names begin with
 * `flyte-agent`, unless the pod says `enableServiceLinks: false`. A service `flyte-agent` makes `FLYTE_AGENT_PORT` an
 * address such as `tcp://10.0.0.1:8000`. Docker's `--link` sets such an address, too.
 *
 * https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
 */
export function ownVariables(env: Environment): OwnVariables {
  const names = Object.keys(env).filter((name) => name.startsWith("FLYTE_AGENT_"));
  const services = names
    .filter((name) => name.endsWith("_SERVICE_HOST"))
    .map((name) => name.slice(0, -"_SERVICE_HOST".length))
    .filter((service) => env[`${service}_SERVICE_PORT`] !== undefined);
  const links = names.filter((name) => name.endsWith("_PORT") && linkAddress.test(env[name] ?? ""));
  const described = names.filter((name) => services.some((service) => describesService(name, service)));
  const left = new Set([...links, ...described]);
  return {
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !left.has(name))),
    warnings: links
      .filter((name) => !services.includes(name.slice(0, -"_PORT".length)) && !described.includes(name))
      .map((name) => linkVariable(name, env[name] ?? "")),
  };
}

const linkAddress = /^(?:tcp|udp|sctp):\/\/(?:\[[\da-f:.]+\]|[\d.]+):\d+$/;

function describesService(name: string, service: string): boolean {
  if (!name.startsWith(`${service}_`)) return false;
  const rest = name.slice(service.length + 1);
  return /^(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/.test(rest);
}
