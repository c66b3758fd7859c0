import { definePlugin, type Plugin } from "@flyte-agent/sdk";
import { sensorAgent } from "./agent.ts";
import { fileSensor } from "./files/file-sensor.ts";
import { closedDirectories } from "./options/closed-directories.ts";
import { sensorOptionKeys, sensorOptions } from "./options/options.ts";
import { createS3Client } from "./s3/s3-client.ts";
import { resolveS3Settings } from "./s3/s3-settings.ts";
import type { SensorKind } from "./sensors/sensor-kind.ts";

/** The plugin `flyte-agent-sensor`: one sensor for the task type `sensor`. */
const plugin: Plugin = definePlugin({
  options: sensorOptions,
  optionKeys: sensorOptionKeys,
  setup: ({ options, log }) => {
    const objects = createS3Client(resolveS3Settings(options.s3, process.env), log);
    // The sensors that are known. A task names a Python class; nothing else is ever looked up or imported by that name.
    const kinds = new Map<string, SensorKind>([
      [
        "flytekit.sensor.file_sensor.FileSensor",
        fileSensor({ ...options, objects, closed: closedDirectories(process.env) }),
      ],
    ]);
    return [sensorAgent(kinds, options)];
  },
});

export default plugin;
