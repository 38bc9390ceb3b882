/**
 * One time limit for all that a request takes.
 *
 * @module
 */
import { Refusal } from "./refusal.ts";

/**
 * Runs something under a time limit.
 *
 * @param milliseconds How long it may take
 * @param client Aborts when the client goes away
 * @param run Gets the signal to pass on
 * @returns What `run` gives
 * @throws {Refusal} 504 once time is up, whether `run` listens or not
 */
export async function withDeadline<T>(
  milliseconds: number,
  client: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const leave = () => controller.abort(client.reason);
  if (client.aborted) leave();
  client.addEventListener("abort", leave, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const refusal = new Refusal(
        504,
        "deadline",
        `Cannot answer within ${milliseconds / 1000} s: the file's server is slow`,
      );
      reject(refusal);
      controller.abort(refusal);
    }, milliseconds);
  });
  try {
    return await Promise.race([run(controller.signal), late]);
  } finally {
    clearTimeout(timer);
    client.removeEventListener("abort", leave);
  }
}
