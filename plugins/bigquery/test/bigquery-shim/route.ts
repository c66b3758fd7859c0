import type { ShimCall } from "./fault.ts";

/** What a request asks for: the call and the names in its path. */
export interface Route {
  readonly call: ShimCall;
  readonly names: Readonly<Record<string, string>>;
}

const api = "^/bigquery/v2/projects/(?<project>[^/]+)";

const routes: readonly (readonly [method: string, path: RegExp, call: ShimCall])[] = [
  ["POST", new RegExp(`${api}/jobs$`), "insert"],
  ["GET", new RegExp(`${api}/jobs/(?<job>[^/]+)$`), "get"],
  ["POST", new RegExp(`${api}/jobs/(?<job>[^/]+)/cancel$`), "cancel"],
  ["GET", new RegExp(`${api}/queries/(?<job>[^/]+)$`), "results"],
  ["GET", new RegExp(`${api}/datasets/(?<dataset>[^/]+)/tables/(?<table>[^/]+)$`), "table"],
  ["GET", new RegExp(`${api}/datasets/(?<dataset>[^/]+)/tables/(?<table>[^/]+)/data$`), "rows"],
  ["POST", /^\/token$/, "token"],
  ["POST", /^\/sts$/, "exchange"],
  ["POST", /^\/v1\/projects\/-\/serviceAccounts\/(?<account>[^/]+):generateAccessToken$/, "impersonate"],
  ["GET", /^\/computeMetadata\/v1\/?(?<item>.*)$/, "metadata"],
];

/** The route of a request; undefined if the shim has none. `path` is without its query. */
export function findRoute(method: string, path: string): Route | undefined {
  for (const [known, pattern, call] of routes) {
    const match = known === method ? pattern.exec(path) : null;
    if (match === null) continue;
    const names = Object.entries(match.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
    return { call, names: Object.fromEntries(names) };
  }
  return undefined;
}
