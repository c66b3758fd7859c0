import { packageMissing } from "./store-errors.ts";

/**
 * Imports a package that is an optional peer, so that only those who need it install it.
 *
 * @param purpose what it is for, for the error.
 * @throws AgentError `vendor_misconfigured` with the line to install it, if it is not there.
 */
export async function importOptional<Module>(
  name: string,
  purpose: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && /MODULE_NOT_FOUND$/.test(String(cause.code));
    throw isMissing ? packageMissing(name, purpose, cause) : cause;
  }
}
