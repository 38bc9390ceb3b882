/**
 * The tutorial of hdmf's `GenericDataChunkIterator`, step by step: `deno run -A examples/hdmf_chunk_iterator.ts`.
 *
 * It prints what the Python one prints. Where that draws random numbers with NumPy, they are made here from their place,
 * so that an array of 400 MB needs no memory but for the buffer that is looked at.
 *
 * @module
 */

import { rm } from "node:fs/promises";
import {
  create,
  type DataChunk,
  GenericDataChunkIterator,
  type GenericDataChunkIteratorOptions,
  type NDArray,
  ndarray,
  type Slice,
} from "../mod.ts";
import { formatArray } from "../src/array/mod.ts";

/** An array that is made where it is looked at: in place of `np.random.randint(0, 10, shape)`. */
interface RandomArray {
  readonly shape: readonly [rows: number, columns: number];
  readonly dtype: "int16" | "int32";
  get(rows: Slice, columns: Slice): NDArray;
}

function randomArray(shape: readonly [number, number], dtype: RandomArray["dtype"]): RandomArray {
  return {
    shape,
    dtype,
    get(rows, columns) {
      const [height, width] = [rows.stop! - rows.start!, columns.stop! - columns.start!];
      const data = dtype === "int16" ? new Int16Array(height * width) : new Int32Array(height * width);
      for (let row = 0, at = 0; row < height; row++) {
        const place = (rows.start! + row) * shape[1] + columns.start!;
        for (let column = 0; column < width; column++) {
          data[at++] = digitAt(place + column);
        }
      }
      return ndarray(data, [height, width]);
    },
  };
}

/** A digit from 0 to 9 that depends on a place alone: a hash of it, whose upper bits choose. */
function digitAt(place: number): number {
  const hash = Math.imul(place ^ 0x5bd1e995, 0x85ebca6b);
  return ((Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 16) * 10) >>> 16;
}

/** All that a chunk iterator of one's own needs: how long the data is, of which type, and how a part of it is had. */
class RandomArrayIterator extends GenericDataChunkIterator {
  readonly #array: RandomArray;

  constructor(array: RandomArray, options: Omit<GenericDataChunkIteratorOptions, "maxShape" | "dtype"> = {}) {
    super({ ...options, maxShape: array.shape, dtype: array.dtype });
    this.#array = array;
  }

  override getData([rows, columns]: readonly Slice[]): NDArray {
    return this.#array.get(rows!, columns!);
  }
}

/** A selection as Python writes it. */
function pythonText(selection: DataChunk["selection"]): string {
  const parts = selection.map((axis) =>
    typeof axis === "number" ? String(axis) : `slice(${axis.start}, ${axis.stop}, ${axis.step ?? "None"})`
  );
  return `(${parts.join(", ")}${parts.length === 1 ? "," : ""})`;
}

/**
 * Runs the tutorial.
 *
 * @param print Takes the lines
 * @param outFile Where the HDF5 file is written; it is removed in the end
 */
export async function tutorial(print: (line: string) => void, outFile: string): Promise<void> {
  // An iterator gives buffers; this array is small enough for one.
  const small = new RandomArrayIterator(randomArray([12, 6], "int16"));
  for await (const buffer of small) print(formatArray(buffer.data));

  // The point of it is data larger than memory: each buffer is at most bufferGb large.
  const large = new RandomArrayIterator(randomArray([20_000, 5000], "int32"), { bufferGb: 0.2 });
  let number = 1;
  for await (const buffer of large) {
    print(`Buffer number ${number++} returns data from selection: ${pythonText(buffer.selection)}`);
  }

  // Buffers are whole numbers of chunks, so that each chunk of the HDF5 dataset is written once.
  const shape = [20_000, 5000] as const;
  const iterator = new RandomArrayIterator(randomArray(shape, "int32"), {
    bufferShape: [10_000, 2500],
    chunkShape: [1000, 250],
  });
  {
    await using file = await create(outFile);
    const dataset = await file.createDataset("test", { shape, dtype: "int16", chunkShape: iterator.chunkShape });
    for await (const buffer of iterator) await dataset.write(buffer.selection, buffer.data);
    await file.close();
  }
  // In one line, and with the iterator's own type: await file.write("test", iterator).

  await rm(outFile, { force: true });
}

if (import.meta.main) await tutorial(console.log, "my_temporary_test_file.hdf5");
