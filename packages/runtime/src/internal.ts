/**
 * For this repository alone: nothing here keeps its shape from one release to the next.
 *
 * What has Connect's types in its own is here, too: they do not compile without `skipLibCheck` where the DOM's are not there
 * (`HeadersInit`), and whoever imports the package itself is to be free of that.
 */
export { createListener, type ListenerOptions } from "./server/create-listener.ts";
export { createRuntime, type Runtime, type RuntimeOptions } from "./server/create-runtime.ts";
export { registerMethods } from "./transport/connect/register-methods.ts";
