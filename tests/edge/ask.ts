/**
 * Asking the edge example's Worker.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { RunningWorker } from "../support/run_workerd.ts";

/** What must be refused: a route and its parameters, the status and the code of the answer. */
export type Fault = [route: string, parameters: Record<string, string>, status: number, code: string];

/** Asks a Worker. */
export function askWorker(to: RunningWorker, route: string, parameters: Record<string, string>): Promise<Response> {
  const url = new URL(route, to.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return fetch(url);
}

/** Asks for what must be refused; gives status and code. */
export async function refusalOf(
  to: RunningWorker,
  route: string,
  parameters: Record<string, string>,
): Promise<{ status: number; code: string; message: string }> {
  const response = await askWorker(to, route, parameters);
  const { error } = await response.json();
  assert.match(response.headers.get("content-type") ?? "", /json/);
  return { status: response.status, ...error };
}

/** Asserts that each fault has its status, its code, and a message that is a sentence. */
export async function assertRefused(to: RunningWorker, faults: readonly Fault[]): Promise<void> {
  for (const [route, parameters, status, code] of faults) {
    const found = await refusalOf(to, route, parameters);
    assert.deepEqual([route, parameters, found.status, found.code], [route, parameters, status, code], found.message);
    assert.match(found.message, /^[A-Z].*[^.]$/s);
  }
}
