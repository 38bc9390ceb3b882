/**
 * `deno run -A examples/pynapple_io.ts [FILE.nwb]`: pynapple's "Input-output & lazy loading", step by step, on a small
 * recording that `tests/data/make_nwb.py` made, in a folder that is removed afterwards.
 *
 * @module
 */

import {
  computeEventTriggeredAverage,
  computeTuningCurves,
  IntervalSet,
  saveNpz,
  Ts,
  Tsd,
  TsdFrame,
  TsGroup,
  type TuningCurves,
} from "../src/series/mod.ts";
import { isNDArray, loadFile, NWBFile, openNpz, openRaw } from "../mod.ts";
import { countedZarr } from "./counted_zarr.ts";

/** Takes a line of text. */
type Print = (line: string) => void;

const SESSION = new URL("../tests/data/session.nwb", import.meta.url);

/**
 * Runs the example.
 *
 * @param source The recording
 * @param folder Where files are written
 * @param print Takes the lines
 */
export async function pynappleIo(source: string | URL, folder: string, print: Print): Promise<void> {
  print("NWB");
  await readNwb(source, print);
  print("\nSaving as NPZ");
  await saveSeries(`${folder}/my_tsd.npz`, print);
  await saveGroup(`${folder}/group.npz`, print);
  print("\nMemory map");
  await memoryMap(`${folder}/memmap.dat`, print);
  print("\nZarr");
  await zarrArray(print);
}

async function readNwb(source: string | URL, print: Print): Promise<void> {
  const data = await loadFile(source);
  if (!(data instanceof NWBFile)) throw new TypeError(`Cannot run the example on ${source}: it is no NWB file`);
  print(String(data));

  // Where the data lie in the file.
  print(JSON.stringify(data.keyToId, null, 1));

  // Building an entry reads its times; its values stay in the file, and printing reads what it shows.
  const z = await data.get<Tsd>("z");
  print(await z.format());
  print(`${typeOf(z.values)} in memory? ${!z.isLazy}`);
  print(`${typeOf(z.times)}`);

  // Ten seconds of data, which are read.
  const chunk = await z.get(680, 690).load();
  print(String(chunk));
  print(`${typeOf(chunk.values)} in memory? ${!chunk.isLazy}`);

  // Functions take lazy series as they are, and read blocks of them.
  const y = await data.get<Tsd>("y");
  const curves = await computeTuningCurves(await data.get<TsGroup>("units"), y, { bins: 10, featureNames: ["y"] });
  print(curvesText(curves));

  // What pynapple does by lazy_loading=False.
  const loaded = await z.load();
  print(`${typeOf(loaded.values)} in memory? ${!loaded.isLazy}`);
  await data.close();
}

async function saveSeries(path: string, print: Print): Promise<void> {
  const tsd = new Tsd(range(10), BigInt64Array.from(range(10), BigInt));
  await saveNpz(path, tsd);
  print(String(await loadFile(path)));
  print(await npzText(path));
}

async function saveGroup(path: string, print: Print): Promise<void> {
  const group = new TsGroup([new Ts([0, 1, 2]), new Ts([0, 1, 2])], { metadata: { my_label: ["a", "b"] } });
  await saveNpz(path, group);
  print(await npzText(path));
  // Labels lie in _metadata; loading brings them back.
  const again = await loadFile(path) as TsGroup;
  print(`my_label: ${Array.from(again.getInfo("my_label") as ArrayLike<unknown>).join(", ")}`);
}

async function memoryMap(path: string, print: Print): Promise<void> {
  await using map = await openRaw(path, { mode: "w+", dtype: "float32", shape: [10, 3] });
  await map.write(null, Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)));
  print(typeOf(map));
  const eeg = new TsdFrame(range(10), map);
  print(await eeg.format());
  print(typeOf(eeg.values));
}

async function zarrArray(print: Print): Promise<void> {
  const { array, chunksRead } = await countedZarr();
  // pynapple reads a Zarr array whole unless load_array=False; here it always stays where it is.
  const frame = new TsdFrame(range(10000), array);
  print(`${typeOf(frame.values)} Is it in memory? ${isNDArray(frame.values)}; chunks read: ${chunksRead()}`);
  const part = frame.restrict(new IntervalSet(0, 10));
  print(`restricted to ${part.length} rows; chunks read: ${chunksRead()}`);
  const group = new TsGroup([new Ts([10, 20, 30])]);
  const average = await computeEventTriggeredAverage(frame, group, 1, [2, 3]);
  print(`${typeOf(frame.values)} Is it in memory? ${isNDArray(frame.values)}; chunks read: ${chunksRead()}`);
  print(String(average));
}

// A row per centre of a bin, a column per unit, as pandas prints them.
function curvesText({ data, coords, dims }: TuningCurves): string {
  const [units, bins] = [coords.unit as readonly number[], coords[dims[1]!] as Float64Array];
  const row = (cells: string[]) => cells.map((cell) => cell.padStart(10)).join("");
  const lines = Array.from(bins, (centre, j) =>
    row([
      centre.toFixed(6),
      ...Array.from(units, (_, i) => data.data[i * bins.length + j]!.toFixed(6)),
    ]));
  return [row(["", ...Array.from(units, String)]), ...lines].join("\n");
}

/** What `print(np.load(path))` prints: the first five keys. */
async function npzText(path: string): Promise<string> {
  await using npz = await openNpz(path);
  const keys = npz.keys().slice(0, 5).join(", ") + (npz.keys().length > 5 ? "..." : "");
  return `NpzFile '${path.slice(path.lastIndexOf("/") + 1)}' with keys: ${keys}`;
}

function range(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => i);
}

function typeOf(value: object): string {
  const { name } = value.constructor;
  return `<class '${name !== "Object" ? name : isNDArray(value) ? "NDArray" : "LazyArray"}'>`;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    await pynappleIo(Deno.args[0] ?? SESSION, folder, console.log);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
