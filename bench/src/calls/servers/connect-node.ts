/**
 * The same answer from `@connectrpc/connect-node` as it comes, but for compression.
 *
 *     node connect-node.ts PORT
 */
import { createServer } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { flyteidl1 } from "@flyte-agent/idl";

const { AsyncAgentService, TaskExecution_Phase } = flyteidl1;

const handler = connectNodeAdapter({
  acceptCompression: [],
  routes(router) {
    router.rpc(AsyncAgentService.method.getTask, ({ resourceMeta }) => {
      const job: unknown = JSON.parse(Buffer.from(resourceMeta).toString("utf8"));
      if (typeof job !== "object") throw new TypeError("not a job");
      return { resource: { phase: TaskExecution_Phase.RUNNING, message: "at work" } };
    });
  },
});
createServer(handler).listen(Number(process.argv[2]), "127.0.0.1");
