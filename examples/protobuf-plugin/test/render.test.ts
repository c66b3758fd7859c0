import { describeAgentContract } from "@flyte-agent/testing";
import plugin from "../dist/index.js";
import { startFarm } from "./start-farm.ts";

const farm = await startFarm();
const text = { type: { simple: "STRING" } };

describeAgentContract({
  plugin,
  kind: "async",
  packageDir: new URL("..", import.meta.url),
  options: { endpoint: farm.endpoint },
  task: {
    type: "render",
    interface: { inputs: { variables: { scene: text } }, outputs: { variables: { image: text } } },
    inputs: { scene: "teapot" },
  },
  settle: ({ value }) => void farm.finish(String(value.render_id)),
  unknownJob: { render_id: "nobody's" },
  requiredInputs: ["scene"],
});
