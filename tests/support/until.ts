/**
 * Waiting for something to be so, however long a busy machine takes for it.
 *
 * @module
 */

/** After how long it is taken for something that never comes, in milliseconds. */
const NEVER = 300_000;

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const started = performance.now();
  while (!isSo()) {
    if (performance.now() - started > NEVER) throw new Error(`It never came: ${isSo}`);
    await new Promise((done) => setTimeout(done, 1));
  }
}
