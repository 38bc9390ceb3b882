/**
 * Rows on writing HDF5, beside h5py and h5wasm. Every file is on the disk when its time ends: all are synced.
 *
 * @module
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import h5wasm from "npm:h5wasm@0.10.3/node";
import { slice } from "../src/array/select/slice.ts";
import { create } from "../src/hdf5/write/create.ts";
import { open } from "../src/hdf5/file.ts";
import { FOLDER } from "./files.ts";
import { type PairPlan, timed } from "./pairs.ts";
import { sumOfLastRow } from "./peers/check.ts";
import type { PythonPeer } from "./peers/h5py.ts";
import type { Timed } from "./types.ts";

const SOURCE = `${FOLDER}write_source.dat`;
const CHANNELS = 32;
const ROWS = 1_048_576;
const CHUNK = [10_000, CHANNELS];
/** Rows of a piece of 1 MiB. */
const PIECE = 16_384;

/** 64 MiB of int16: slow waves under noise of 9 bits. */
function signal(): Int16Array {
  const values = new Int16Array(ROWS * CHANNELS);
  let state = 7;
  for (let i = 0; i < values.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    const drawn = ((state >> 24) + (state << 8 >> 24) + (state << 16 >> 24)) * 0.6;
    values[i] = 900 * Math.sin((i / CHANNELS | 0) * 2e-4 * (1 + i % CHANNELS)) + drawn;
  }
  if (!existsSync(SOURCE)) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${SOURCE}.part`, values);
    renameSync(`${SOURCE}.part`, SOURCE);
  }
  return values;
}

/** Runs a writer, and shows what of it microtome reads back. */
async function writing(name: string, write: (path: string) => Promise<Timed>): Promise<Timed> {
  const path = `${FOLDER}written_${name}.h5`;
  rmSync(path, { force: true });
  const { milliseconds } = await write(path);
  await using file = await open(path);
  const check = sumOfLastRow(await (await file.dataset("data")).read([slice(-1, null)]));
  await file.close();
  rmSync(path);
  return { milliseconds, check };
}

function sync(path: string): void {
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
}

/** h5wasm makes no dataset without data but a chunked one that grows, and has no shuffle. */
async function withH5wasm(path: string, write: (file: InstanceType<typeof h5wasm.File>) => void): Promise<Timed> {
  await h5wasm.ready;
  return await timed(() => {
    const file = new h5wasm.File(path, "w");
    write(file);
    file.close();
    sync(path);
    return 0;
  });
}

/**
 * The plans.
 *
 * @param quick Fewer repeats.
 * @param python h5py, or `null` where it isn't installed.
 */
export function writePlans(quick: boolean, python: PythonPeer | null): PairPlan[] {
  let made: Int16Array | undefined;
  const data = (): Int16Array => made ??= signal();
  const h5py = (call: string, options: Record<string, unknown>): PairPlan["run"] =>
    python === null ? {} : {
      h5py: () =>
        writing("h5py", (path) => python.call(call, { path, source: SOURCE, channels: CHANNELS, ...options })),
    };
  const pieces = (quick ? 64 : 256) * PIECE;
  const piece = (): Int16Array => data().subarray(0, PIECE * CHANNELS);
  return [{
    id: "write-gzip",
    title: "write int16 with noise of 9 bits, gzip 4 + shuffle, 64 MiB (h5wasm without shuffle)",
    repeats: quick ? 1 : 5,
    run: {
      microtome: () => {
        const values = data();
        return writing("microtome", (path) =>
          timed(async () => {
            const file = await create(path);
            await file.createDataset("data", {
              data: values,
              shape: [ROWS, CHANNELS],
              chunkShape: CHUNK,
              compression: "gzip",
              shuffle: true,
            });
            await file.close();
            return 0;
          }));
      },
      h5wasm: () =>
        writing("h5wasm", (path) =>
          withH5wasm(path, (file) =>
            file.create_dataset({
              name: "data",
              data: data(),
              shape: [ROWS, CHANNELS],
              dtype: "<h",
              chunks: CHUNK,
              compression: "gzip",
              compression_opts: [4],
            }))),
      ...h5py("write_gzip", { chunks: CHUNK }),
    },
  }, {
    id: "write-pieces",
    title: `write int16, uncompressed, ${quick ? 64 : 256} MiB in pieces of 1 MiB (h5wasm in chunks of that)`,
    repeats: quick ? 1 : 5,
    run: {
      microtome: () => {
        const values = piece();
        return writing("microtome", (path) =>
          timed(async () => {
            const file = await create(path);
            const dataset = await file.createDataset("data", { shape: [pieces, CHANNELS], dtype: "<i2" });
            for (let row = 0; row < pieces; row += PIECE) await dataset.write([slice(row, row + PIECE)], values);
            await file.close();
            return 0;
          }));
      },
      h5wasm: () =>
        writing("h5wasm", (path) =>
          withH5wasm(path, (file) => {
            const values = piece();
            const dataset = file.create_dataset({
              name: "data",
              data: values,
              shape: [PIECE, CHANNELS],
              dtype: "<h",
              maxshape: [pieces, CHANNELS],
              chunks: [PIECE, CHANNELS],
            });
            dataset.resize([pieces, CHANNELS]);
            for (let row = PIECE; row < pieces; row += PIECE) {
              dataset.write_slice([[row, row + PIECE], [0, CHANNELS]], values);
            }
          })),
      ...h5py("write_pieces", { rows: pieces, piece: PIECE }),
    },
  }];
}
