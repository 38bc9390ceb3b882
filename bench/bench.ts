/**
 * `deno task bench [--quick] [--json [FILE]] [--paste] [--only TEXT]`: microtome beside h5wasm, jsfive and native h5py,
 * in one run on the same files, with the plan's goals.
 *
 * @module
 */
import { cpus, platform } from "node:os";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { CORPUS } from "../tests/corpus/find.ts";
import { findNeoPython, findNwbPython, findPython } from "../tests/interop/python.ts";
import { startRangeServer } from "../tests/support/range_server.ts";
import { opening, peak, sizes } from "./figures.ts";
import { factsOf, type FileName, FOLDER, makeFiles } from "./files.ts";
import { measureLocal } from "./measure.ts";
import { measurePair } from "./pairs.ts";
import { h5pyPeer, type PythonPeer } from "./peers/h5py.ts";
import { h5wasmPeer } from "./peers/h5wasm.ts";
import { jsfivePeer } from "./peers/jsfive.ts";
import { microtome } from "./peers/microtome.ts";
import { pasteInto } from "./paste.ts";
import { DELAY, measureRemote } from "./remote.ts";
import { localPlans } from "./rows_local.ts";
import { modulePlans } from "./rows_module.ts";
import { npyPlans } from "./rows_npy.ts";
import { measureNwb } from "./rows_nwb.ts";
import { rawPlans } from "./rows_raw.ts";
import { readerPlans } from "./rows_reader.ts";
import { recordingPlans } from "./rows_recording.ts";
import { remotePlans } from "./rows_remote.ts";
import { seriesPlans } from "./rows_series.ts";
import { signalPlans } from "./rows_signal.ts";
import { measureTemporal, temporalPlans } from "./rows_temporal.ts";
import { writePlans } from "./rows_write.ts";
import { render } from "./table.ts";
import type { LocalPeer, Row } from "./types.ts";

interface Options {
  readonly quick: boolean;
  readonly only: string;
}

async function measure({ quick, only }: Options, python: PythonPeer | null): Promise<Row[]> {
  const rows: Row[] = [];
  const wanted = (id: string): boolean => id.includes(only);
  const said = (row: Row): void => {
    rows.push(row);
    console.error(`measured: ${row.title}`);
  };
  const peers: LocalPeer[] = [microtome(), microtome("library"), await h5wasmPeer(), jsfivePeer()];
  if (python !== null) peers.push(python);
  const absent = python === null ? { h5py: "not installed" } : {};
  for (const plan of localPlans(quick).filter(({ id }) => wanted(id))) said(await measureLocal(plan, peers, absent));
  const recordings = recordingPlans(quick, findNeoPython());
  const pairs = [
    ...await modulePlans(quick),
    ...rawPlans(quick, python),
    ...await npyPlans(quick, python),
    ...readerPlans(quick, python),
    ...writePlans(quick, python),
    ...seriesPlans(quick, findNwbPython()),
    ...signalPlans(quick, findNwbPython()),
    ...temporalPlans(quick, findNwbPython()),
    ...recordings.plans,
  ];
  for (const plan of pairs.filter(({ id }) => wanted(id))) said(await measurePair(plan));
  recordings.close();

  const folders = { "/bench/": FOLDER, ...(CORPUS === null ? {} : { "/corpus/": CORPUS }) };
  const server = await startRangeServer(folders, { latency: DELAY, logLength: 1_000_000 });
  try {
    for (const plan of remotePlans(quick)) {
      if (!plan.steps.some(({ id }) => wanted(id))) continue;
      for (const row of await measureRemote(plan, server, python)) said(row);
    }
    for (const row of await measureNwb(server, findNwbPython(), wanted)) said(row);
    for (const row of await measureTemporal(server, quick, findNwbPython(), wanted)) said(row);
  } finally {
    await server.close();
  }
  if (wanted("size")) { for (const row of await sizes()) said(row); }
  if (wanted("start-up") || wanted("memory-open")) { for (const row of await opening(quick ? 10 : 30)) said(row); }
  if (wanted("memory-peak")) { for (const row of peak()) said(row); }
  return rows;
}

/** Where and how it was measured. */
function conditions(quick: boolean, python: boolean): string {
  const [cpu] = cpus();
  const made = factsOf("int16").chunks === undefined ? " Files made by h5wasm, which has no shuffle." : "";
  return `Measured by \`deno task bench${quick ? " --quick" : ""}\` on ${cpus().length} x ${
    cpu?.model.trim() ?? "CPU"
  }, ` +
    `${platform()}, Deno ${Deno.version.deno}, beside h5wasm 0.10.3, jsfive 0.4.2 and ` +
    `${
      python ? "h5py 3.16.0 (HDF5 2.0.0)" : "no h5py"
    }. Local: median of runs in turn on files that the system has cached, ` +
    `range in brackets.${made} HTTP: a server on 127.0.0.1 that adds ${DELAY} ms to each answer.`;
}

async function main(args: string[]): Promise<void> {
  const quick = args.includes("--quick");
  const only = args.includes("--only") ? args[args.indexOf("--only") + 1] ?? "" : "";
  const interpreter = findPython();
  if (interpreter === null) console.error("No Python with h5py: deno run -A tests/interop/python.ts installs one.");
  const names: FileName[] = ["int16", "int16quiet", "float64", "groups", "chunks100k"];
  await makeFiles(quick ? names : [...names, "chunks1m"], interpreter);
  const python = interpreter === null ? null : h5pyPeer(interpreter);
  try {
    const rows = await measure({ quick, only }, python);
    const text = render(rows, conditions(quick, python !== null));
    if (args.includes("--paste")) pasteInto(new URL("../docs/benchmarks.md", import.meta.url), text);
    if (args.includes("--json")) {
      const json = `${JSON.stringify({ conditions: conditions(quick, python !== null), quick, rows }, null, 2)}\n`;
      const target = args[args.indexOf("--json") + 1];
      if (target === undefined || target.startsWith("--")) console.log(json);
      else writeFileSync(target, json);
    } else console.log(text);
  } finally {
    await python?.close?.();
  }
}

if (import.meta.main) {
  await main(process.argv.slice(2));
  process.exit(0);
}
