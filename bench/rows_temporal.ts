/**
 * One-second windows of a session of spikes and a signal, beside torch_brain and temporaldata: local and over HTTP.
 *
 * @module
 */
import type { LazyArray } from "../src/array/types.ts";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Data } from "../src/temporal/data.ts";
import type { IrregularTimeSeries } from "../src/temporal/irregular.ts";
import type { RegularTimeSeries } from "../src/temporal/regular/regular.ts";
import type { LogEntry, RangeServer } from "../tests/support/range_server.ts";
import { bytesOf, FOLDER } from "./files.ts";
import { type PairPlan, timed } from "./pairs.ts";
import { h5pyPeer, type PythonPeer } from "./peers/h5py.ts";
import { FSSPEC } from "./remote.ts";
import type { Goal, RemoteResult, RemoteRow } from "./types.ts";

/** Who reads sessions over HTTP. */
export const TEMPORAL_PEERS = ["microtome", "torch_brain + fsspec", "torch_brain + fsspec, tuned"] as const;

const SCRIPT = fileURLToPath(new URL("./peers/temporal_peer.py", import.meta.url));

/** The session, and how much of it is read. */
interface Session {
  readonly path: string;
  readonly url: string;
  readonly title: string;
  /** Seconds that have spikes and a signal. */
  readonly seconds: number;
  /** Windows that are read locally; over HTTP it is a tenth. */
  readonly windows: number;
}

function sessionOf(quick: boolean): Session {
  const name = quick ? "temporal_quick.h5" : "temporal.h5";
  return {
    path: `${FOLDER}${name}`,
    url: `/bench/${name}`,
    title: `${quick ? "1,000,000" : "10,000,000"} spikes, 64 channels at 1 kHz`,
    seconds: quick ? 60 : 600,
    windows: quick ? 100 : 1000,
  };
}

/** Makes the session where it isn't there yet; says whether it is there. */
function makeSession({ path }: Session, quick: boolean, python: string | null): boolean {
  if (python !== null && !existsSync(path)) {
    mkdirSync(FOLDER, { recursive: true });
    execFileSync(python, [SCRIPT, "make", path, quick ? "1" : "0"], { stdio: ["ignore", "ignore", "inherit"] });
  }
  return existsSync(path);
}

/** Where windows of a second start: at random, the same each time. */
function windowStarts({ seconds }: Session, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (Math.imul(i, 2654435761) >>> 0) / 2 ** 32 * (seconds - 1));
}

/** Reads three arrays of each window; sums up a little of each, as the peer does. */
async function readWindows(session: Data, starts: readonly number[]): Promise<number> {
  let check = 0;
  for (const start of starts) {
    const window = session.slice(start, start + 1);
    const spikes = window.get("spikes") as IrregularTimeSeries<LazyArray>;
    const lfp = window.get("lfp") as RegularTimeSeries<LazyArray>;
    const [times, units, raw] = await Promise.all([
      spikes.get("timestamps"),
      spikes.get("unit_index"),
      lfp.array("raw"),
    ]);
    const [t, u, { data, shape }] = [times as Float64Array, units as BigInt64Array, raw];
    check += t.length + t[0]! + Number(u.at(-1)!);
    for (const value of (data as Float32Array).subarray(-shape[1]!)) check += value;
  }
  return check;
}

/**
 * The plan of the local row; none where there is no session, which Python makes.
 *
 * @param quick A tenth of the session and of the windows
 * @param python The interpreter with torch_brain, or `null`
 */
export function temporalPlans(quick: boolean, python: string | null): PairPlan[] {
  const session = sessionOf(quick);
  let peer: PythonPeer | undefined;
  const starts = windowStarts(session, session.windows);
  const theirs = (name: string) => () => {
    peer ??= h5pyPeer(python!, "temporal_peer.py");
    return peer.call("windows", { name, path: session.path, starts });
  };
  return [{
    id: "temporal-windows",
    title: `load a session, ${session.title}, and read ${session.windows.toLocaleString("en")} random windows of 1 s`,
    repeats: quick ? 3 : 5,
    goals: python === null ? [] : [{ peer: "torch_brain", factor: 1 }],
    run: {
      microtome: () =>
        timed(async () => {
          await using loaded = await Data.load(session.path);
          return await readWindows(loaded, starts);
        }),
      ...(python === null ? {} : { torch_brain: theirs("torch_brain"), temporaldata: theirs("temporaldata") }),
    },
  }].filter(() => makeSession(session, quick, python));
}

/**
 * Measures the rows over HTTP; none where there is no session, which Python makes.
 *
 * @param server Where the session lies
 * @param quick A tenth of the session and of the windows
 * @param python The interpreter with torch_brain, or `null`
 * @param wanted Which rows are asked for
 */
export async function measureTemporal(
  server: RangeServer,
  quick: boolean,
  python: string | null,
  wanted: (id: string) => boolean,
): Promise<RemoteRow[]> {
  const session = sessionOf(quick);
  if (!wanted("temporal-http") || !makeSession(session, quick, python)) return [];
  const count = session.windows / 10;
  const starts = windowStarts(session, count);
  const own = await ours(session, starts, server);
  const results: Record<string, RemoteResult | string>[] = own.results.map((result) => ({ microtome: result }));
  const peer = python === null ? null : h5pyPeer(python, "temporal_peer.py");
  for (const [name, options] of Object.entries(FSSPEC)) {
    const label = name.replace("h5py", "torch_brain");
    const answer = peer === null ? null : await theirs(session, starts, server, peer, options);
    if (answer !== null && Math.abs(answer.check - own.check) > 1e-6 * Math.abs(own.check)) {
      throw new Error(`${session.url}: ${label} reads ${answer.check}, microtome ${own.check}`);
    }
    results.forEach((result, i) => result[label] = answer?.results[i] ?? "not installed");
  }
  await peer?.close?.();
  const titles = [
    `session, ${session.title}: load`,
    `then ${count} random windows of 1 s, one after the other`,
  ];
  return titles.map((title, i): RemoteRow => ({
    kind: "remote",
    of: "temporal",
    id: `temporal-http-${i === 0 ? "load" : "windows"}`,
    title,
    fileBytes: bytesOf(session.path),
    results: results[i]!,
    least: i === 0
      ? { bytes: null, roundTrips: 4, why: "a level of groups each" }
      : { bytes: null, roundTrips: 2 * count, why: "a window's timestamps, then what lies at their rows" },
    goals: i === 0 ? [] : goalsOf(results[i]!),
  }));
}

function goalsOf(results: Readonly<Record<string, RemoteResult | string>>): Goal[] {
  const [mine, others] = [results.microtome, results["torch_brain + fsspec"]];
  if (typeof mine !== "object" || typeof others !== "object") return [];
  return [
    {
      text: "fewer requests than torch_brain + fsspec",
      met: mine.requests < others.requests,
      reached: `${mine.requests} to ${others.requests}`,
    },
    {
      text: "1 x torch_brain + fsspec",
      met: mine.milliseconds <= others.milliseconds,
      reached: `${(others.milliseconds / mine.milliseconds).toFixed(2)} x`,
    },
  ];
}

async function ours(
  { url }: Session,
  starts: readonly number[],
  server: RangeServer,
): Promise<{ results: RemoteResult[]; check: number }> {
  const results: RemoteResult[] = [];
  server.clear();
  let start = performance.now();
  let before = 0;
  const step = (session: Data) => {
    const { roundTrips } = session.file!.cost;
    results.push({ ...served(server.log), roundTrips: roundTrips - before, milliseconds: performance.now() - start });
    before = roundTrips;
    server.clear();
    start = performance.now();
  };
  await using session = await Data.load(`${server.url}${url}`);
  step(session);
  const check = await readWindows(session, starts);
  step(session);
  return { results, check };
}

async function theirs(
  { url }: Session,
  starts: readonly number[],
  server: RangeServer,
  peer: PythonPeer,
  options: Record<string, unknown>,
): Promise<{ results: RemoteResult[]; check: number }> {
  const results: RemoteResult[] = [];
  const step = ({ milliseconds }: { readonly milliseconds: number }) => {
    const seen = served(server.log);
    // fsspec sends one request at a time, so each one waits for the one before.
    results.push({ ...seen, roundTrips: seen.requests, milliseconds });
    server.clear();
  };
  server.clear();
  step(await peer.call("http_open", { name: "torch_brain", url: `${server.url}${url}`, options }));
  const read = await peer.call("http_windows", { starts });
  step(read);
  await peer.call("http_close");
  return { results, check: read.check };
}

function served(log: readonly LogEntry[]): { requests: number; bytes: number } {
  return { requests: log.length, bytes: log.reduce((sum, { bytes }) => sum + bytes, 0) };
}
