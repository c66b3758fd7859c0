import type { RunningJob } from "./shim-job.ts";

/** The jobs of a shim. Ids are unique per project and location, as in BigQuery. */
export interface JobStore {
  /** Oldest first. */
  readonly jobs: readonly RunningJob[];
  /**
   * Where an id is used, also by an insert that is still under way; undefined if it is free. Without a location, any counts:
   * BigQuery infers the location from the query, and so the same one for the same query.
   */
  usedIn(projectId: string, location: string | undefined, jobId: string): string | undefined;
  /** Takes an id, until `release`. */
  reserve(projectId: string, location: string, jobId: string): void;
  /** Gives an id back, after an insert that made no job. */
  release(projectId: string, location: string, jobId: string): void;
  add(job: RunningJob): void;
  /** Without a location BigQuery looks into its two multi-regions only. */
  find(projectId: string, location: string | undefined, jobId: string): RunningJob | undefined;
}

/** An empty store. */
export function createJobStore(): JobStore {
  const jobs: RunningJob[] = [];
  const locations = new Map<string, string[]>();

  return {
    jobs,
    usedIn(projectId, location, jobId) {
      return locations.get(`${projectId}:${jobId}`)?.find((used) => location === undefined || isSame(used, location));
    },
    reserve(projectId, location, jobId) {
      const key = `${projectId}:${jobId}`;
      locations.set(key, [...(locations.get(key) ?? []), location]);
    },
    release(projectId, location, jobId) {
      const key = `${projectId}:${jobId}`;
      locations.set(
        key,
        (locations.get(key) ?? []).filter((used) => used !== location),
      );
    },
    add(job) {
      jobs.push(job);
    },
    find(projectId, location, jobId) {
      const places = location === undefined ? ["us", "eu"] : [location];
      return jobs.find(
        (job) =>
          job.projectId === projectId && job.jobId === jobId && places.some((place) => isSame(place, job.location)),
      );
    },
  };
}

function isSame(location: string, other: string): boolean {
  return location.toLowerCase() === other.toLowerCase();
}
