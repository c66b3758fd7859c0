import { connect as connectSocket } from "node:net";
import { expect, test } from "vitest";
import { serve } from "../fixtures/serve.ts";

test("the metrics tell what the process takes, and which build it is", async () => {
  const { port, scrape } = await serve();
  const numberOf = async (name: string): Promise<number> => {
    const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (.+)$`, "m").exec(await scrape()) ?? [];
    return Number(value);
  };
  expect(await numberOf("process_resident_memory_bytes")).toBeGreaterThan(20e6);
  expect(await numberOf("process_virtual_memory_bytes")).toBeGreaterThan(
    await numberOf("process_resident_memory_bytes"),
  );
  expect(await numberOf("process_heap_bytes")).toBeGreaterThan(5e6);
  expect(await numberOf("process_max_fds")).toBeGreaterThan(100);
  expect(Math.abs((await numberOf("process_start_time_seconds")) - performance.timeOrigin / 1000)).toBeLessThan(1);
  expect(await numberOf("flyte_agent_build_info")).toBe(1);
  expect(await scrape()).toMatch(
    new RegExp(`flyte_agent_build_info\\{version="\\d+\\.\\d+\\.\\d+[^"]*",node="${process.versions.node}"\\}`),
  );

  const before = await numberOf("process_open_fds");
  const socket = connectSocket(port, "127.0.0.1");
  await expect.poll(() => numberOf("process_open_fds")).toBe(before + 2);
  socket.destroy();
  await expect.poll(() => numberOf("process_open_fds")).toBe(before);

  const cpu = await numberOf("process_cpu_seconds_total");
  for (let end = performance.now() + 50; performance.now() < end; );
  const more = (await numberOf("process_cpu_seconds_total")) - cpu;
  expect(more).toBeGreaterThan(0.02);
  expect(more).toBeLessThan(20);
});
