/**
 * The demo: `deno task demo`. It serves a recording of some tens of MB from this machine by HTTP, opens it by its URL,
 * and shows the tree, one second of some channels, and what that cost.
 *
 * The file is made at the first run and kept in `examples/.cache/`.
 *
 * @module
 */

import { Dataset, Group, type H5File, open, slice } from "../mod.ts";
import { describeDType } from "../src/array/mod.ts";
import { formatBytes, formatCost, subtractCost } from "../src/source/mod.ts";
import { startRangeServer } from "../tests/support/range_server.ts";
import { makeDemoFile } from "./make_demo_file.ts";
import { plotTraces } from "./demo_plot.ts";

const SERIES = "/acquisition/ElectricalSeries";
const CHANNELS = [1, 6, 11, 16, 21, 26, 31];

/**
 * Runs the demo.
 *
 * @param seconds Length of the recording; 30 s are 40 MB
 * @param print Takes the lines
 */
export async function demo(seconds: number, print: (line: string) => void): Promise<void> {
  const folder = new URL("./.cache/", import.meta.url);
  const path = await cachedFile(folder, seconds, print);
  const server = await startRangeServer(folder);
  try {
    await using file = await open(`${server.url}/${path}`);
    print(`Opened ${file.name}, ${formatBytes(file.byteLength)} of HDF5: ${formatCost(file.cost, file.byteLength)}\n`);
    await printTree(file, print);
    await printSecond(file, Math.floor(seconds / 2), print);
    print(formatCost(file.cost, file.byteLength));
  } finally {
    await server.close();
  }
}

async function cachedFile(folder: URL, seconds: number, print: (line: string) => void): Promise<string> {
  const name = `recording_${seconds}s.nwb`;
  const path = decodeURIComponent(new URL(name, folder).pathname);
  try {
    await Deno.stat(path);
  } catch {
    print(`Making the file of the demo, ${seconds} s of 32 channels; it is kept in examples/.cache/ ...`);
    await Deno.mkdir(folder, { recursive: true });
    await makeDemoFile(path, seconds);
  }
  return name;
}

async function printTree(file: H5File, print: (line: string) => void): Promise<void> {
  const before = file.cost;
  const walk = async (group: Group, indent: string) => {
    const members = await group.members();
    for (const [i, { name, object }] of members.entries()) {
      const isLast = i === members.length - 1;
      const what = object instanceof Dataset
        ? `  ${describeDType(object.dtype)} (${object.shape.join(", ")})${
          object.chunkShape === null ? "" : ` in chunks of (${object.chunkShape.join(", ")})`
        }`
        : "/";
      print(`${indent}${isLast ? "└── " : "├── "}${name}${what}`);
      if (object instanceof Group) await walk(object, `${indent}${isLast ? "    " : "│   "}`);
    }
  };
  print("/");
  await walk(file, "");
  print(`The tree: ${formatCost(subtractCost(file.cost, before), file.byteLength)}\n`);
}

async function printSecond(file: H5File, start: number, print: (line: string) => void): Promise<void> {
  const before = file.cost;
  const data = await file.dataset(`${SERIES}/data`);
  const rate = Number(await (await file.dataset(`${SERIES}/starting_time`)).attributes.get("rate"));
  const conversion = Number(await data.attributes.get("conversion"));
  const chunk = await data.read([slice(start * rate, (start + 1) * rate), CHANNELS]);
  const cost = subtractCost(file.cost, before);
  const microvolts = (time: number, k: number) =>
    Number(chunk.data[time * chunk.stride[0]! + k * chunk.stride[1]!]) * conversion * 1e6;
  print(`data[${start * rate}:${(start + 1) * rate}, [${CHANNELS}]] in µV, second ${start} of the recording`);
  const row = (cells: (string | number)[]) => print(cells.map((cell) => String(cell).padStart(9)).join(""));
  row(["time (s)", ...CHANNELS.map((channel) => `ch ${channel}`)]);
  for (const time of [0, 1, 2, 3, null, rate - 2, rate - 1]) {
    if (time === null) row(new Array<string>(CHANNELS.length + 1).fill("..."));
    else row([(start + time / rate).toFixed(5), ...CHANNELS.map((_, k) => microvolts(time, k).toFixed(1))]);
  }
  print("");
  const traces = CHANNELS.map((channel, k) => ({
    label: `ch ${channel}`,
    values: Float32Array.from({ length: chunk.shape[0]! }, (_, time) => microvolts(time, k)),
  }));
  for (const line of plotTraces(traces, { columns: 72, lines: 3 })) print(line);
  print(`The second: ${formatCost(cost, file.byteLength)}\n`);
}

if (import.meta.main) await demo(Number(Deno.args[0] ?? 30), (line) => console.log(line));
