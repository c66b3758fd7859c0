/** What became of a request on a known method. The transport fills it in, and reads it when all is over. */
export interface RequestRecord {
  /** Whether it became a call. Until it does, only the transport knows of it. */
  isCall: boolean;
  /** Why it did not, where that was found out; it is `undefined` where the message could not even be decoded. */
  problem: unknown;
}
