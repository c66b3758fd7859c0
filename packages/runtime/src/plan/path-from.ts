import { relative, sep } from "node:path";

/** A path as it is shown to people: relative to a directory, with slashes, `.` for the directory itself. */
export function pathFrom(directory: string, path: string): string {
  return relative(directory, path).split(sep).join("/") || ".";
}
