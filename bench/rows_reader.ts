/**
 * Rows on the reader's kernels, beside NumPy and zlib doing the same to the same numbers in memory.
 *
 * @module
 */
import { loadReader, type Reader } from "../src/wasm/reader/reader.ts";
import { type PairPlan, timed } from "./pairs.ts";
import type { PythonPeer } from "./peers/h5py.ts";

const ROWS = 131_072;
const COLUMNS = 128;

type Kernel = (reader: Reader, values: Int16Array) => number;

/** Each gives something of what it made, as `peers/reader_peer.py` does. */
const KERNELS: readonly { readonly id: string; readonly title: string; readonly run: Kernel }[] = [
  {
    id: "convert",
    title: "int16 to float32",
    run: (reader, values) => sum(reader.convert(values, "int16", "float32").subarray(-COLUMNS)),
  },
  {
    id: "swap",
    title: "byte order of int16",
    run: (reader, values) => sum(new Int16Array(reader.swap(values, 2).buffer).subarray(-COLUMNS)),
  },
  {
    id: "transpose",
    title: "128 interleaved channels taken apart, int16",
    run: (reader, values) => {
      const there = new Int16Array(reader.transpose(values, [ROWS, COLUMNS], 2).buffer);
      return sum(Array.from({ length: COLUMNS }, (_, i) => there[(i + 1) * ROWS - 1]!));
    },
  },
  {
    id: "decimate",
    title: "smallest, largest and mean of 128 samples each, int16",
    run: (reader, values) => {
      const { min, max, mean } = reader.decimate(values, "int16", { factor: 128, channels: COLUMNS });
      return [min, max, mean].reduce((total, part) => total + sum(part.subarray(-COLUMNS)), 0);
    },
  },
  { id: "crc32", title: "CRC-32", run: (reader, values) => reader.crc32(values) },
];

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

let made: Int16Array | undefined;

/** The numbers, made once. */
function numbers(): Int16Array {
  made ??= Int16Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.imul(i, 7919));
  return made;
}

/**
 * The plans.
 *
 * @param quick Fewer repeats.
 * @param python NumPy, or `null` where it isn't installed.
 */
export function readerPlans(quick: boolean, python: PythonPeer | null): PairPlan[] {
  return KERNELS.map(({ id, title, run }): PairPlan => ({
    id: `reader-${id}`,
    title: `${title}, 32 MiB in memory`,
    repeats: quick ? 3 : 11,
    run: {
      microtome: async () => {
        const [reader, values] = [await loadReader(), numbers()];
        return await timed(() => run(reader, values));
      },
      ...(python === null ? {} : {
        [id === "crc32" ? "zlib" : "NumPy"]: () =>
          python.call("reader_kernel", { kernel: id, rows: ROWS, columns: COLUMNS }),
      }),
    },
  }));
}
