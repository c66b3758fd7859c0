/** A task as flytekit's WebhookTask writes it, with some keys of `custom` changed; `undefined` leaves a key out. */
export function webhookTask(
  custom: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, { readonly type: object; readonly value?: unknown }>> = {},
) {
  const whole: Record<string, unknown> = {
    method: "POST",
    headers: {},
    data: {},
    show_data: false,
    show_url: false,
    timeout_sec: 10,
    ...custom,
  };
  const given = Object.entries(inputs).filter(([, { value }]) => value !== undefined);
  return {
    type: "webhook",
    interface: {
      inputs: { variables: mapValues(inputs, ({ type }) => ({ type })) },
      outputs: { variables: { info: { type: { simple: "STRUCT" } } } },
    },
    custom: Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)),
    inputs: mapValues(Object.fromEntries(given), ({ value }) => value),
  };
}

/** An input of type STRING. */
export function stringInput(value: string): { readonly type: object; readonly value: string } {
  return { type: { simple: "STRING" }, value };
}

function mapValues<From, To>(object: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
