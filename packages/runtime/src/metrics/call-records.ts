import type { MetricObjectWithValues, MetricValue, Registry } from "prom-client";
import { type Operation, operations } from "../seam/agent-calls.ts";

/** Counts calls in plain numbers, and makes Prometheus' series of them when somebody asks: calls are many, scrapes are few. */
export interface CallRecords {
  /** A call is being answered from now on. */
  started(operation: Operation): void;
  /** @param errorCode `undefined` for success. */
  ended(taskType: string, operation: Operation, seconds: number, errorCode: string | undefined): void;
  /** The size of a task's encoded inputs. */
  inputBytes(taskType: string, bytes: number): void;
}

/** What is known of the calls of one task type and operation. */
interface CallRecord {
  readonly labels: { readonly task_type: string; readonly operation: Operation };
  successes: number;
  readonly failures: Map<string, number>;
  /** How many calls took no longer than each of the {@link bounds}, and longer than the one before. */
  readonly buckets: number[];
  seconds: number;
  calls: number;
}

interface InputRecord {
  bytes: number;
  tasks: number;
}

/** In seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes the records, and registers their series. */
export function createCallRecords(registry: Registry): CallRecords {
  const inFlight = new Map<Operation, number>(operations.map((operation) => [operation, 0]));
  const byTaskType = new Map<string, Map<Operation, CallRecord>>();
  const inputs = new Map<string, InputRecord>();

  function recordOf(taskType: string, operation: Operation): CallRecord {
    const known = byTaskType.get(taskType)?.get(operation);
    if (known !== undefined) return known;
    const record: CallRecord = {
      labels: { task_type: taskType, operation },
      successes: 0,
      failures: new Map(),
      buckets: [...bounds, 0].map(() => 0),
      seconds: 0,
      calls: 0,
    };
    const ofType = byTaskType.get(taskType) ?? new Map<Operation, CallRecord>();
    byTaskType.set(taskType, ofType.set(operation, record));
    return record;
  }

  const all = (): readonly CallRecord[] => [...byTaskType.values()].flatMap((ofType) => [...ofType.values()]);

  register(registry, {
    name: "flyte_connector_requests_success_total",
    help: "Total number of successful requests",
    type: "counter",
    values: () => all().flatMap(({ labels, successes }) => (successes === 0 ? [] : [{ labels, value: successes }])),
  });
  register(registry, {
    name: "flyte_connector_requests_failure_total",
    help: "Total number of failed requests",
    type: "counter",
    values: () =>
      all().flatMap(({ labels, failures }) =>
        [...failures].map(([code, value]) => ({ labels: { ...labels, error_code: code }, value })),
      ),
  });
  register(registry, {
    name: "flyte_connector_request_latency_seconds",
    help: "Time spent processing connector requests",
    type: "summary",
    values: (name) => all().flatMap(({ labels, seconds, calls }) => sumAndCount(name, labels, seconds, calls)),
  });
  register(registry, {
    name: "flyte_connector_input_literal_bytes",
    help: "Size of input literal",
    type: "summary",
    values: (name) =>
      [...inputs].flatMap(([taskType, { bytes, tasks }]) => sumAndCount(name, { task_type: taskType }, bytes, tasks)),
  });
  register(registry, {
    name: "flyte_agent_request_duration_seconds",
    help: "Time from a decoded request to its answer",
    type: "histogram",
    values: (name) => all().flatMap((record) => histogramOf(name, record)),
  });
  register(registry, {
    name: "flyte_agent_requests_in_flight",
    help: "Requests that are being answered",
    type: "gauge",
    values: () => [...inFlight].map(([operation, value]) => ({ labels: { operation }, value })),
  });

  return {
    started(operation) {
      inFlight.set(operation, (inFlight.get(operation) ?? 0) + 1);
    },
    ended(taskType, operation, seconds, errorCode) {
      inFlight.set(operation, (inFlight.get(operation) ?? 0) - 1);
      const record = recordOf(taskType, operation);
      record.seconds += seconds;
      record.calls += 1;
      const bucket = bucketOf(seconds);
      record.buckets[bucket] = (record.buckets[bucket] ?? 0) + 1;
      if (errorCode === undefined) record.successes += 1;
      else record.failures.set(errorCode, (record.failures.get(errorCode) ?? 0) + 1);
    },
    inputBytes(taskType, bytes) {
      const record = inputs.get(taskType) ?? { bytes: 0, tasks: 0 };
      record.bytes += bytes;
      record.tasks += 1;
      inputs.set(taskType, record);
    },
  };
}

function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++;
  return bucket;
}

interface Series {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly values: (name: string) => readonly Value[];
}

interface Value {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

function register(registry: Registry, { name, help, type, values }: Series): void {
  const get = async (): Promise<MetricObjectWithValues<MetricValue<string>>> => ({
    ...{ name, help, aggregator: "sum", collect: () => {} },
    // prom-client's type is an enum of numbers, and its code compares with these words.
    type: type as unknown as MetricObjectWithValues<MetricValue<string>>["type"],
    values: values(name).map(({ labels, ...value }) => ({ ...value, labels: { ...labels } })),
  });
  // A registry asks nothing else of a metric.
  registry.registerMetric({ name, get } as unknown as Parameters<Registry["registerMetric"]>[0]);
}

function sumAndCount(name: string, labels: Value["labels"], sum: number, count: number): readonly Value[] {
  return [
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

function histogramOf(name: string, { labels, buckets, seconds, calls }: CallRecord): readonly Value[] {
  let below = 0;
  const lines = [...bounds, "+Inf"].map((le, index) => {
    below += buckets[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
  });
  return [...lines, ...sumAndCount(name, labels, seconds, calls)];
}
