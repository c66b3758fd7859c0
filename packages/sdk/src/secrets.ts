/**
 * Secrets by name. Flyte 2's `Connection.secrets` of the call come first, then the server's own: the environment
 * variable `_FSEC_<NAME>`, then the file `/etc/secrets/<name>` (both can be moved, see `docs/secrets.md`).
 */
export interface Secrets {
  /**
   * @returns the value without white space around it.
   * @throws AgentError `secret_not_found`, naming the places that were looked at.
   */
  get(name: string): Promise<string>;
  /** Like {@link get}, but `undefined` where there is none. */
  find(name: string): Promise<string | undefined>;
}
