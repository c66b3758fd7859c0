/** What the command tells its caller. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;
