/** Does the work for every item, for at most `count` of them at a time. Rejects with the first failure, when all have ended. */
export async function allAtMost<Item>(
  count: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const results = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      for (const item of left) await work(item);
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
