import { once } from "node:events";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";

/** A gRPC client, on grpc-js, that sends message bytes as they are and gives them as they come. */
export interface BytesClient extends Disposable {
  /** Calls a unary method. */
  call(method: string, message: Uint8Array): Promise<Uint8Array>;
  /**
   * Calls a method that streams both ways, sends all messages and reads the answers to the end of the stream.
   *
   * @param options `halfClose: false` leaves the client's side open, as FlytePropeller did before 1.14
   */
  stream(method: string, messages: readonly Uint8Array[], options: { halfClose: boolean }): Promise<Uint8Array[]>;
}

/** Connects to a server on the loopback interface. A failed call rejects with grpc-js's `ServiceError`. */
export function connectForBytes(port: number): BytesClient {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  return {
    call(method, message) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      client.makeUnaryRequest(method, asIs, asIs, message, (error: ServiceError | null, answer?: Uint8Array) => {
        if (error !== null || answer === undefined) reject(error ?? new Error(`${method} gave no answer`));
        else resolve(answer);
      });
      return promise;
    },
    async stream(method, messages, { halfClose }) {
      const stream = client.makeBidiStreamRequest(method, asIs, asIs);
      const answers: Uint8Array[] = [];
      stream.on("data", (answer: Uint8Array) => answers.push(answer));
      for (const message of messages) stream.write(message);
      if (halfClose) stream.end();
      await once(stream, "end");
      return answers;
    },
    [Symbol.dispose]: () => client.close(),
  };
}
