import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { RenderService, RenderState } from "../gen/farm/render/v1/render_pb.js";

/** A stand-in for the vendor: a gRPC server from the vendor's own .proto. */
export async function startFarm(firstState: RenderState = RenderState.RUNNING) {
  const renders = new Map<string, RenderState>();
  const stateOf = (id: string): RenderState => {
    const state = renders.get(id);
    if (state === undefined) throw new ConnectError(`there is no render ${id}`, Code.NotFound);
    return state;
  };
  const server = createServer(
    connectNodeAdapter({
      routes: (router) =>
        router.service(RenderService, {
          submit({ requestId }) {
            if (!renders.has(requestId)) renders.set(requestId, firstState);
            return { renderId: requestId };
          },
          getRender: ({ renderId }) => ({ state: stateOf(renderId), imageUri: `s3://renders/${renderId}.png` }),
          cancel({ renderId }) {
            if (stateOf(renderId) === RenderState.RUNNING) renders.set(renderId, RenderState.CANCELLED);
            return {};
          },
        }),
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server on a host and port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    finish: (id: string) => renders.set(id, RenderState.DONE),
  };
}
