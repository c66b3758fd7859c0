import { registerHooks } from "node:module";

const sdk = "@flyte-agent/sdk";

/**
 * Gives the server's SDK to plugins that find none where they are: the SDK is their peer, and not every installation
 * hands peers out. Yarn installs none by itself, and a directory named by `--modules` may have no `node_modules`.
 */
export function provideSdk(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== sdk && !specifier.startsWith(`${sdk}/`)) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, context);
      } catch (reason) {
        // The server itself asks in the same way, and must not be asked what it asks for.
        if (context.parentURL === import.meta.url) throw reason;
        return { url: import.meta.resolve(specifier), shortCircuit: true };
      }
    },
  });
}
