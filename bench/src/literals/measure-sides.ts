import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { readOutputs, writeOutputs } from "@flyte-agent/sdk/host";
import { decode, encode } from "@msgpack/msgpack";
import type { Cell, Figures } from "./cell.ts";
import { measureCpuMs } from "./measure-cpu.ts";

/** What the SDK needs: bytes to values by declared type, and back. */
export function measureSdk({ literals, types }: Cell, rounds: number): Figures {
  const values = readOutputs(literals, types);
  return {
    readMs: measureCpuMs(() => readOutputs(literals, types), rounds),
    writeMs: measureCpuMs(() => writeOutputs(values, types), rounds),
  };
}

/** The floor of protobuf: bytes to messages and back, without making values of them. */
export function measureProtobuf({ literals }: Cell, rounds: number): Figures {
  const message = fromBinary(flyteidl2.OutputsSchema, literals);
  return {
    readMs: measureCpuMs(() => fromBinary(flyteidl2.OutputsSchema, literals), rounds),
    writeMs: measureCpuMs(() => toBinary(flyteidl2.OutputsSchema, message), rounds),
  };
}

/** The floor of msgpack, for the cell that is one msgpack value: without declared types, 1.0 and 1 are the same to it. */
export function measureMsgpack({ literals }: Cell, rounds: number): Figures {
  const content = msgpackOf(literals);
  if (content === undefined) return { readMs: undefined, writeMs: undefined };
  const value = decode(content);
  return {
    readMs: measureCpuMs(() => decode(content), rounds),
    writeMs: measureCpuMs(() => encode(value), rounds),
  };
}

function msgpackOf(literals: Uint8Array): Uint8Array | undefined {
  const value = fromBinary(flyteidl2.OutputsSchema, literals).literals[0]?.value?.value;
  const scalar = value?.case === "scalar" ? value.value.value : undefined;
  return scalar?.case === "binary" ? scalar.value.value : undefined;
}
