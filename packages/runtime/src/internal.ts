/** For this repository alone: nothing here keeps its shape from one release to the next. */
export { createListener, type ListenerOptions } from "./server/create-listener.ts";
