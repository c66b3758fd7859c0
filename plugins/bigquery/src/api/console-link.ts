import type { LogLink } from "@flyte-agent/sdk";
import type { JobAddress } from "./bigquery-client.ts";

/** The link to a job in Google's console, with the name and address that the Python connectors give it. */
export function consoleLink({ project, jobId, location }: JobAddress): LogLink {
  const job = location === undefined ? jobId : `${location}:${jobId}`;
  return {
    name: "BigQuery Console",
    uri: `https://console.cloud.google.com/bigquery?project=${project}&j=bq:${job}&page=queryresults`,
  };
}
