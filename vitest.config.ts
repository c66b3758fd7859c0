import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Tests run against `dist`, so `npm test` compiles first. The real peers are run by themselves: `npm run interop`. */
export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "plugins/*/test/**/*.test.ts",
      "tools/test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "e2e/test/**/*.test.ts",
      "interop/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "examples/protobuf-plugin/**"],
    pool: "forks",
    // Most tests wait for processes that they start; Vitest's default leaves one core to itself.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
  },
});
