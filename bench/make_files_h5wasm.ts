/**
 * The same files as `make_files.py` makes, where there is no Python: other noise, the same structure.
 *
 * @module
 */
import h5wasm from "npm:h5wasm@0.10.3/node";
import { renameSync } from "node:fs";
import type { FileName } from "./files.ts";

const GROUP = "acquisition/ElectricalSeries";
const CHANNELS = 32;

/**
 * Makes one file.
 *
 * @param name Which.
 * @param path Where.
 */
export async function makeWithH5wasm(name: FileName, path: string): Promise<void> {
  await h5wasm.ready;
  console.error(`making ${name}.h5`);
  const file = new h5wasm.File(`${path}.part`, "w");
  try {
    MAKERS[name](file);
  } finally {
    file.close();
  }
  renameSync(`${path}.part`, path);
}

type File = InstanceType<typeof h5wasm.File>;

const MAKERS: Record<FileName, (file: File) => void> = {
  int16: (file) => series(file, signal(1_048_576), [1_048_576, CHANNELS], "<h", [10_000, CHANNELS], ["gzip", 4]),
  int16quiet: (file) =>
    series(file, signal(1_048_576, 0.04), [1_048_576, CHANNELS], "<h", [10_000, CHANNELS], ["gzip", 4]),
  float64: (file) => series(file, Float64Array.from(signal(262_144), (value) => value / 3), [262_144, CHANNELS], "<d"),
  groups: (file) => {
    file.create_group("many");
    for (let i = 0; i < 1000; i++) {
      file.create_group(`many/group${String(i).padStart(4, "0")}`).create_attribute("number", i);
    }
  },
  chunks100k: (file) => manyChunks(file, 100_000),
  chunks1m: (file) => manyChunks(file, 1_000_000),
};

function series(
  file: File,
  data: Int16Array | Float64Array,
  shape: number[],
  dtype: string,
  chunks?: number[],
  filter?: ["gzip", number],
): void {
  file.create_group("acquisition");
  file.create_group(GROUP);
  file.create_dataset({
    name: `${GROUP}/data`,
    data,
    shape,
    dtype,
    ...(chunks === undefined ? {} : { chunks, maxshape: [null, shape[1]!] }),
    ...(filter === undefined ? {} : { compression: filter[0], compression_opts: [filter[1]] }),
  });
}

function manyChunks(file: File, count: number): void {
  const data = Int16Array.from({ length: count * 32 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 22);
  series(file, data, [count * 4, 8], "<h", [4, 8]);
}

/** Slow waves under noise. */
function signal(rows: number, noise = 0.6): Int16Array {
  const result = new Int16Array(rows * CHANNELS);
  let state = 7;
  for (let i = 0; i < result.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    const drawn = ((state >> 24) + (state << 8 >> 24) + (state << 16 >> 24)) * noise;
    result[i] = 900 * Math.sin((i / CHANNELS | 0) * 2e-4 * (1 + i % CHANNELS)) + drawn;
  }
  return result;
}
