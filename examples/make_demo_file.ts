/**
 * Makes the file of the demo: a recording laid out as NWB lays one out, written by h5wasm (which writes HDF5 by the
 * real library, and chunks compressed by deflate). `deno run -A examples/make_demo_file.ts FILE [SECONDS]`
 *
 * @module
 */

import { File, FS, type Group, ready } from "h5wasm";
import { makeRecording } from "./demo_signal.ts";

const RATE = 30000;
const CHANNELS = 32;
/** Volts per count: 0.195 µV, as in Intan's amplifiers. */
const CONVERSION = 1.95e-7;

/**
 * Makes the file.
 *
 * @param path Where to; it appears there whole or not at all
 * @param seconds Length of the recording: a second takes about 1.3 MB
 */
export async function makeDemoFile(path: string, seconds: number): Promise<void> {
  const { data, units } = makeRecording({ seconds, rate: RATE, channels: CHANNELS, conversion: CONVERSION });
  await ready;
  const inside = "demo.nwb";
  const file = new File(inside, "w");
  attributes(file, { neurodata_type: "NWBFile", namespace: "core", nwb_version: "2.7.0" });
  text(file, "identifier", "microtome-demo");
  text(file, "session_description", "A made-up recording of 32 channels, for the demo of microtome");
  text(file, "session_start_time", "2026-11-21T09:30:00+00:00");
  text(file, "timestamps_reference_time", "2026-11-21T09:30:00+00:00");
  // The small things first, so that they lie together at the head of the file.
  electrodes(file);
  unitTable(file, units.map(({ times }) => times));
  const series = group(file.create_group("acquisition"), "ElectricalSeries", "ElectricalSeries");
  attributes(series, { description: "Voltage against ground, all channels of one shank", comments: "made up" });
  const start = series.create_dataset({ name: "starting_time", data: [0], shape: [], dtype: "<d" });
  attributes(start, { rate: RATE, unit: "seconds" });
  const region = series.create_dataset({
    name: "electrodes",
    data: Int32Array.from({ length: CHANNELS }, (_, i) => i),
  });
  attributes(region, { neurodata_type: "DynamicTableRegion", namespace: "hdmf-common", description: "All of them" });
  const samples = series.create_dataset({
    name: "data",
    data,
    shape: [data.length / CHANNELS, CHANNELS],
    chunks: [2000, CHANNELS],
    compression: "gzip",
    compression_opts: 4,
  });
  attributes(samples, { unit: "volts", conversion: CONVERSION, offset: 0, resolution: -1 });
  file.close();
  const beside = `${path}.${crypto.randomUUID()}.tmp`;
  await Deno.writeFile(beside, FS!.readFile(inside));
  FS!.unlink(inside);
  await Deno.rename(beside, path);
}

function electrodes(file: File): void {
  const table = group(file.create_group("general").create_group("extracellular_ephys"), "electrodes", "DynamicTable");
  attributes(table, { description: "Where the channels lie" });
  table.create_attribute("colnames", ["x", "y", "location", "group_name"]);
  const each = <T>(value: (i: number) => T) => Array.from({ length: CHANNELS }, (_, i) => value(i));
  table.create_dataset({ name: "id", data: Int32Array.from(each((i) => i)) });
  attributes(table.create_dataset({ name: "x", data: Float32Array.from(each((i) => i % 2 * 16)) }), { unit: "µm" });
  attributes(table.create_dataset({ name: "y", data: Float32Array.from(each((i) => i * 20)) }), { unit: "µm" });
  table.create_dataset({ name: "location", data: each((i) => i < 20 ? "CA1" : "cortex") });
  table.create_dataset({ name: "group_name", data: each(() => "shank1") });
}

function unitTable(file: File, times: readonly Float64Array[]): void {
  const table = group(file, "units", "Units");
  attributes(table, { description: "Units that were sorted" });
  table.create_attribute("colnames", ["spike_times"]);
  table.create_dataset({ name: "id", data: Int32Array.from(times.keys()) });
  const ends: number[] = [];
  for (const { length } of times) ends.push((ends.at(-1) ?? 0) + length);
  attributes(
    table.create_dataset({ name: "spike_times", data: Float64Array.from(times.flatMap((unit) => [...unit])) }),
    {
      neurodata_type: "VectorData",
      unit: "seconds",
    },
  );
  attributes(table.create_dataset({ name: "spike_times_index", data: Uint32Array.from(ends) }), {
    neurodata_type: "VectorIndex",
  });
}

function group(parent: Group, name: string, type: string): Group {
  const made = parent.create_group(name);
  attributes(made, { neurodata_type: type, namespace: "core" });
  return made;
}

function text(parent: Group, name: string, value: string): void {
  parent.create_dataset({ name, data: value, shape: [] });
}

function attributes(
  object: { create_attribute: Group["create_attribute"] },
  values: Record<string, string | number>,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string") object.create_attribute(name, value, []);
    else object.create_attribute(name, value, [], "<d");
  }
}

if (import.meta.main) {
  const [path, seconds = "30"] = Deno.args;
  if (path === undefined) throw new Error("Cannot make a file without a path");
  await makeDemoFile(path, Number(seconds));
}
