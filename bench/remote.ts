/**
 * Rows that read over HTTP: microtome beside h5py on fsspec, from a server that adds a delay to each answer.
 *
 * @module
 */
import { type H5File, open, slice } from "../mod.ts";
import type { LogEntry, RangeServer } from "../tests/support/range_server.ts";
import type { PythonPeer } from "./peers/h5py.ts";
import type { Goal, RemoteResult, RemoteRow } from "./types.ts";

/** Milliseconds that the server adds to each answer. */
export const DELAY = 50;

/** How h5py opens URLs: fsspec's default, and settings that suit HDF5 better. */
export const FSSPEC = {
  "h5py + fsspec": {},
  "h5py + fsspec, tuned": { block_size: 2 ** 18, cache_type: "blockcache", cache_options: { maxblocks: 256 } },
} as const;

/** One thing done with a file that is open. */
export type Step =
  | { readonly kind: "slice"; readonly dataset: string; readonly start: number; readonly rows: number }
  | { readonly kind: "list"; readonly path: string };

/** A sequence of rows: the first opens the file as well. */
export interface RemotePlan {
  /** Path on the server. */
  readonly url: string;
  readonly fileBytes: number;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly step: Step;
    readonly least: RemoteRow["least"];
    goals(ours: RemoteResult): readonly Goal[];
  }[];
}

/**
 * Runs a plan with each reader; a reader that fails says why in its cell.
 *
 * @param plan What to do.
 * @param server Where the file lies.
 * @param python h5py, or `null`.
 */
export async function measureRemote(
  plan: RemotePlan,
  server: RangeServer,
  python: PythonPeer | null,
): Promise<RemoteRow[]> {
  const results: Record<string, RemoteResult | string>[] = plan.steps.map(() => ({}));
  const url = `${server.url}${plan.url}`;
  for (const [i, result] of (await ours(plan, url, server)).entries()) results[i]!.microtome = result;
  for (const [name, options] of Object.entries(FSSPEC)) {
    for (const [i, result] of (await theirs(plan, url, options, server, python)).entries()) results[i]![name] = result;
  }
  return plan.steps.map(({ id, title, least, goals }, i): RemoteRow => ({
    kind: "remote",
    id,
    title,
    fileBytes: plan.fileBytes,
    results: results[i]!,
    least,
    goals: goals(results[i]!.microtome as RemoteResult),
  }));
}

async function ours(plan: RemotePlan, url: string, server: RangeServer): Promise<RemoteResult[]> {
  const results: RemoteResult[] = [];
  let file: H5File | undefined;
  try {
    for (const { step } of plan.steps) {
      const before = file?.cost ?? { requests: 0, bytes: 0, roundTrips: 0 };
      server.clear();
      const start = performance.now();
      file ??= await open(url);
      if (step.kind === "list") await (await file.group(step.path)).links();
      else await (await file.dataset(step.dataset)).read([slice(step.start, step.start + step.rows)]);
      const milliseconds = performance.now() - start;
      const { cost } = file;
      const counted = { requests: cost.requests - before.requests, bytes: cost.bytes - before.bytes };
      const seen = served(server.log);
      if (seen.requests !== counted.requests || seen.bytes !== counted.bytes) {
        throw new Error(`microtome counts ${JSON.stringify(counted)}, the server ${JSON.stringify(seen)}`);
      }
      results.push({ ...counted, roundTrips: cost.roundTrips - before.roundTrips, milliseconds });
    }
  } finally {
    await file?.close();
  }
  return results;
}

async function theirs(
  plan: RemotePlan,
  url: string,
  options: Record<string, unknown>,
  server: RangeServer,
  python: PythonPeer | null,
): Promise<(RemoteResult | string)[]> {
  if (python === null) return plan.steps.map(() => "not installed");
  const results: RemoteResult[] = [];
  let opened = false;
  try {
    for (const { step } of plan.steps) {
      server.clear();
      let milliseconds = 0;
      if (!opened) milliseconds += (await python.call("remote_open", { url, options })).milliseconds;
      opened = true;
      const { kind, ...request } = step;
      milliseconds += (await python.call(`remote_${kind}`, request)).milliseconds;
      // fsspec sends one request at a time, so each one waits for the one before.
      const { requests, bytes } = served(server.log);
      results.push({ requests, bytes, roundTrips: requests, milliseconds });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return plan.steps.map((_, i) => results[i] ?? reason);
  } finally {
    if (opened) await python.call("remote_close");
  }
  return results;
}

function served(log: readonly LogEntry[]): { requests: number; bytes: number } {
  return { requests: log.length, bytes: log.reduce((sum, { bytes }) => sum + bytes, 0) };
}
