/** Has what others write by `console.log` printed to standard error while they work: results have the other stream. */
export async function consoleOnStderr<Result>(work: () => Promise<Result>): Promise<Result> {
  const { log, info, debug } = console;
  Object.assign(console, { log: console.error, info: console.error, debug: console.error });
  try {
    return await work();
  } finally {
    Object.assign(console, { log, info, debug });
  }
}
