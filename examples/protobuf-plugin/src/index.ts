import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  aborted,
  defineAsyncAgent,
  definePlugin,
  invalidInput,
  jobNotFound,
  running,
  succeeded,
  vendorRefused,
  vendorUnavailable,
} from "@flyte-agent/sdk";
import * as v from "valibot";
import { RenderService, RenderState } from "../gen/farm/render/v1/render_pb.js";

const options = v.strictObject({ endpoint: v.pipe(v.string(), v.url()) });

export default definePlugin({
  options,
  optionKeys: Object.keys(options.entries),
  setup: ({ options: { endpoint } }) => {
    const farm = createClient(RenderService, createGrpcTransport({ baseUrl: endpoint }));
    return [
      defineAsyncAgent({
        name: "Render",
        taskType: "render",
        job: v.object({ render_id: v.string() }),
        async create({ inputs: { scene } }, { idempotencyKey, signal }) {
          if (typeof scene !== "string") throw invalidInput("scene", "expected a string");
          const { renderId } = await asked(() => farm.submit({ requestId: idempotencyKey, scene }, { signal }));
          return { render_id: renderId };
        },
        async get({ render_id: renderId }, { signal }) {
          const { state, imageUri } = await asked(() => farm.getRender({ renderId }, { signal }));
          if (state === RenderState.DONE) return succeeded({ outputs: { image: imageUri } });
          if (state === RenderState.CANCELLED) return aborted("the render was cancelled");
          return running();
        },
        async delete({ render_id: renderId }, { signal }) {
          await asked(() => farm.cancel({ renderId }, { signal }));
        },
      }),
    ];
  },
});

/** What the farm answers, its errors in the words of the SDK. */
async function asked<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    if (code === Code.InvalidArgument) throw vendorRefused(`the farm: ${rawMessage}`);
    if (code === Code.NotFound) throw jobNotFound(`the farm: ${rawMessage}`);
    throw vendorUnavailable(`the farm: ${rawMessage}`);
  }
}
