import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A TCP port of 127.0.0.1 that nobody listens on, for a program that has to be told its port. It is below those that
 * systems give to outgoing connections: one of these may be taken before the program listens, and is given twice in a row.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      // Somebody listens there.
      continue;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
