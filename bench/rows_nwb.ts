/**
 * NWB over HTTP: opening and listing, then ten seconds of one series, beside pynwb and h5py on fsspec.
 *
 * @module
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CORPUS } from "../tests/corpus/find.ts";
import type { LogEntry, RangeServer } from "../tests/support/range_server.ts";
import { bytesOf, FOLDER } from "./files.ts";
import { NWBFile } from "../src/nwb/nwb_file.ts";
import type { ValueSeries } from "../src/series/value_series.ts";
import type { RemoteResult, RemoteRow } from "./types.ts";

/** Who reads NWB over HTTP. */
export const NWB_PEERS = ["microtome", "h5py + fsspec", "pynwb + fsspec"] as const;

/** A file, and which ten seconds of it are read. */
interface NwbPlan {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly path: string;
  /** Path of the series in the file. */
  readonly series: string;
  readonly from: number;
}

/** What the peer prints. */
interface Answer {
  readonly list: number;
  readonly read: number;
  readonly sum: number;
  readonly listCost: { readonly requests: number; readonly bytes: number };
}

const SCRIPT = fileURLToPath(new URL("./peers/nwb_peer.py", import.meta.url));
const MANY = `${FOLDER}many.nwb`;
const run = promisify(execFile);

/**
 * Measures the rows. Without Python the file of 2,000 objects can't be made, and only microtome is measured.
 *
 * @param server Where the files lie
 * @param python The interpreter with pynwb, or `null`
 * @param wanted Which rows are asked for
 */
export async function measureNwb(
  server: RangeServer,
  python: string | null,
  wanted: (id: string) => boolean,
): Promise<RemoteRow[]> {
  const rows: RemoteRow[] = [];
  for (const plan of plans(python).filter(({ id }) => wanted(id))) rows.push(...await measureOne(plan, server, python));
  return rows;
}

function plans(python: string | null): NwbPlan[] {
  const found: NwbPlan[] = [];
  if (python !== null && !existsSync(MANY)) {
    mkdirSync(FOLDER, { recursive: true });
    execFileSync(python, [SCRIPT, "make", MANY], { stdio: "ignore" });
  }
  if (existsSync(MANY)) {
    found.push({
      id: "nwb-many",
      title: "NWB of 2,000 series",
      url: "/bench/many.nwb",
      path: MANY,
      series: "/acquisition/recording",
      from: 300,
    });
  }
  if (CORPUS === null) return found;
  const corpus = (id: string, name: string, series: string, from: number): NwbPlan => ({
    id,
    title: `NWB of the corpus, ${name.split("__")[0]}`,
    url: `/corpus/nwb/${name}`,
    path: `${CORPUS}nwb/${name}`,
    series,
    from,
  });
  return [
    ...found,
    corpus("nwb-sweep", "ipfx__2018_03_20_0005.nwb", "/acquisition/index_0", 5),
    corpus("nwb-ophys", "ophys_testing_data__nwb_test.nwb", "/processing/ophys/Fluorescence/Neuropil", 5),
  ];
}

async function measureOne(plan: NwbPlan, server: RangeServer, python: string | null): Promise<RemoteRow[]> {
  const results: Record<string, RemoteResult | string>[] = [{}, {}];
  const own = await ours(plan, server);
  const sums: number[] = [own.sum];
  results.forEach((result, i) => result.microtome = own.results[i]!);
  for (const [name, kind] of [["h5py + fsspec", "h5py"], ["pynwb + fsspec", "pynwb"]] as const) {
    const answer = python === null ? "not installed" : await theirs(plan, server, python, kind);
    if (typeof answer !== "string") sums.push(answer.sum);
    results.forEach((result, i) => result[name] = typeof answer === "string" ? answer : answer.results[i]!);
  }
  if (sums.some((sum) => Math.abs(sum - sums[0]!) > 1e-6 * Math.abs(sums[0]!))) {
    throw new Error(`${plan.url}: the readers read different values, of sums ${sums.join(", ")}`);
  }
  const titles = ["open and list", "then read 10 s"];
  return titles.map((title, i): RemoteRow => ({
    kind: "remote",
    of: "nwb",
    id: `${plan.id}-${i === 0 ? "list" : "read"}`,
    title: `${plan.title}: ${title}`,
    fileBytes: bytesOf(plan.path),
    results: results[i]!,
    least: { bytes: null, roundTrips: i === 0 ? 4 : 1, why: i === 0 ? "a level of groups each" : "the chunks" },
    goals: [],
  }));
}

async function ours(plan: NwbPlan, server: RangeServer): Promise<{ results: RemoteResult[]; sum: number }> {
  const results: RemoteResult[] = [];
  server.clear();
  let start = performance.now();
  let before = 0;
  const step = (nwb: NWBFile) => {
    const { roundTrips } = nwb.cost;
    results.push({ ...served(server.log), roundTrips: roundTrips - before, milliseconds: performance.now() - start });
    before = roundTrips;
    server.clear();
    start = performance.now();
  };
  await using nwb = await NWBFile.open(`${server.url}${plan.url}`, { raw: true });
  step(nwb);
  const { data } = await (await nwb.get(plan.series) as ValueSeries).get(plan.from, plan.from + 10).read();
  step(nwb);
  let sum = 0;
  for (const value of data as Float64Array) sum += value;
  return { results, sum };
}

async function theirs(
  plan: NwbPlan,
  server: RangeServer,
  python: string,
  kind: "h5py" | "pynwb",
): Promise<{ results: RemoteResult[]; sum: number } | string> {
  server.clear();
  const args = [SCRIPT, kind, `${server.url}${plan.url}`, plan.series, String(plan.from), String(plan.from + 10)];
  try {
    const { stdout } = await run(python, args);
    const { list, read, sum, listCost } = JSON.parse(stdout) as Answer;
    const all = served(server.log);
    const readCost = { requests: all.requests - listCost.requests, bytes: all.bytes - listCost.bytes };
    // fsspec sends one request at a time, so each one waits for the one before.
    const result = (cost: typeof listCost, milliseconds: number): RemoteResult => ({
      ...cost,
      roundTrips: cost.requests,
      milliseconds,
    });
    return { results: [result(listCost, list), result(readCost, read)], sum };
  } catch (error) {
    return `failed: ${String((error as { stderr?: string }).stderr ?? error).trim().split("\n").at(-1)!.slice(0, 80)}`;
  }
}

function served(log: readonly LogEntry[]): { requests: number; bytes: number } {
  return { requests: log.length, bytes: log.reduce((sum, { bytes }) => sum + bytes, 0) };
}
