/**
 * Waits until all promises are settled: where one fails, nothing of the others goes on behind the caller's back.
 *
 * @param promises The promises
 * @returns What they give, in their order
 * @throws What the first of them, in their order, failed with
 */
export async function waitForAll<T>(promises: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
