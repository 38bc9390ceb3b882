/**
 * `deno run -A examples/npz_and_memmap.ts`: the parts on NPZ, memory maps and Zarr of pynapple's "Input-output & lazy
 * loading", in a folder that is removed afterwards.
 *
 * @module
 */

import {
  computeEventTriggeredAverage,
  IntervalSet,
  loadNpz,
  saveNpz,
  Ts,
  Tsd,
  TsdFrame,
  TsGroup,
} from "../src/series/mod.ts";
import { describeDType } from "../src/array/mod.ts";
import { isNDArray, type LazyArray, type NDArray, NotFoundError, openNpz, openRaw, slice } from "../mod.ts";
import { countedZarr } from "./counted_zarr.ts";

/** Takes a line of text. */
type Print = (line: string) => void;

/**
 * Runs the example.
 *
 * @param folder Where files are written
 * @param print Takes the lines
 */
export async function npzAndMemmap(folder: string, print: Print): Promise<void> {
  print("Saving as NPZ");
  await saveSeries(`${folder}/my_tsd.npz`, print);
  await saveGroup(`${folder}/group.npz`, print);
  print("\nMemory map");
  await memoryMap(`${folder}/memmap.dat`, print);
  print("\nZarr");
  await zarrArray(print);
}

/** What pynapple's `Tsd.save` writes for ten values at seconds 0 to 9, and what `load_file` makes of it. */
async function saveSeries(path: string, print: Print): Promise<void> {
  const seconds = Float64Array.from({ length: 10 }, (_, i) => i);
  await saveNpz(path, new Tsd(seconds, BigInt64Array.from({ length: 10 }, (_, i) => BigInt(i))));
  print(String(await loadNpz(path)));
  print(await describeNpz(path));
}

/** Two units with a label each, which pynapple stores in a pickled dictionary: it isn't found under its own name. */
async function saveGroup(path: string, print: Print): Promise<void> {
  const units = [new Ts([0, 1, 2]), new Ts([0, 1, 2])];
  await saveNpz(path, new TsGroup(units, { metadata: { my_label: ["a", "b"] } }));
  print(await describeNpz(path));
  await using npz = await openNpz(path);
  try {
    await npz.get("my_label");
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    print(`${error.name}: ${error.message.replace(path, nameOf(path))}`);
  }
  print(String(await loadNpz(path)));
}

/** What `print(np.load(path))` prints: the first five keys. */
async function describeNpz(path: string): Promise<string> {
  await using npz = await openNpz(path);
  const keys = npz.keys().slice(0, 5).join(", ") + (npz.keys().length > 5 ? "..." : "");
  return `NpzFile '${nameOf(path)}' with keys: ${keys}`;
}

/** The place of `np.memmap`: made, written, read in slices, changed in place. */
async function memoryMap(path: string, print: Print): Promise<void> {
  const data = await openRaw(path, { mode: "w+", dtype: "float32", shape: [10, 3] });
  await data.write(null, randomNormal(30));
  print(`${typeOf(data)}: ${describeArray(data)}`);
  await data.close();

  await using map = await openRaw(path, { mode: "r+", dtype: "float32", shape: [null, 3] });
  print(`the file has ${map.byteLength} bytes, and ${map.shape[0]} samples of ${map.shape[1]} channels`);
  const rows = await map.read([slice(2, 4)]);
  print(`[2:4] is ${describeArray(rows)}`);
  await map.write([slice(2, 4), 0], 0);
  const column = await map.read([slice(1, 5), 0]);
  print(`after [2:4, 0] = 0, [1:5, 0] holds ${column.data.filter((value) => value === 0).length} zeros`);
  const view = map.view([slice(2, 4)]);
  print(`${typeOf(view)}: ${describeArray(view)}, still in the file`);
  const eeg = new TsdFrame(Float64Array.from({ length: 10 }, (_, i) => i), map);
  print(`${typeOf(eeg)} ${eeg.get(2, 4).shape.join(" x ")} from 2 s to 4 s; its values are ${typeOf(eeg.values)}`);
  print(`${typeOf(map)} Is it in memory? ${isNDArray(map)}`);
}

/** A Zarr array as a lazy array: its chunks are asked for when they are read, and not before. */
async function zarrArray(print: Print): Promise<void> {
  const { array: lazy, chunksRead } = await countedZarr();
  print(`${describeArray(lazy)} in chunks of (${lazy.chunkShape!.join(", ")})`);
  print(`Is it in memory? ${isNDArray(lazy)}; chunks read: ${chunksRead()}`);
  const view = lazy.view([slice(1000, 2000)]);
  print(`a view of 1,000 rows, ${describeArray(view)}; chunks read: ${chunksRead()}`);
  const read = await view.read([slice(0, 10)]);
  print(`ten of them, ${describeArray(read)}; chunks read: ${chunksRead()}`);
  print(`${typeOf(read.data)} Is it in memory? ${isNDArray(read)}`);

  const frame = new TsdFrame(Float64Array.from({ length: 10000 }, (_, i) => i), lazy);
  const part = frame.restrict(new IntervalSet(0, 10));
  print(`${typeOf(part)} of 0 to 10 s, ${part.length} rows. Is it lazy? ${part.isLazy}; chunks read: ${chunksRead()}`);
  const group = new TsGroup([new Ts([10, 20, 30])]);
  const average = await computeEventTriggeredAverage(frame, group, 1, [2, 3]);
  print(`chunks read: ${chunksRead()}\n${average}`);
}

/** Values with a normal distribution, by Box and Muller. */
function randomNormal(count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
  );
}

function describeArray({ dtype, shape }: LazyArray | NDArray): string {
  return `${describeDType(dtype)} (${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

function typeOf(value: object): string {
  return `<class '${value.constructor.name}'>`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    await npzAndMemmap(folder, console.log);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
