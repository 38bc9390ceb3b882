/**
 * `deno run -A examples/torch_brain_lazy_loading.ts`: torch_brain's "Saving and Loading Data", line by line, and what a
 * slice costs over HTTP.
 *
 * It prints what the Python one prints; where that draws random numbers with NumPy, it has its own. Files are written to a
 * folder that is removed afterwards.
 *
 * @module
 */

import { type ArrayValue, IrregularTimeSeries, RegularTimeSeries } from "../src/temporal/mod.ts";
import { Data, isNDArray, type NDArray, ndarray } from "../mod.ts";
import { formatArray } from "../src/array/mod.ts";
import { formatCost, subtractCost } from "../src/source/mod.ts";
import { startRangeServer } from "../tests/support/range_server.ts";

/** Takes a line of text. */
type Print = (line: string) => void;

/** What is in the session. Without it all works too, by `session.get("spikes.timestamps")`. */
interface Session {
  spikes: IrregularTimeSeries & { unit_id: BigInt64Array };
  behavior: RegularTimeSeries & { hand_vel: NDArray; eye_pos: NDArray; pupil_size: Float64Array };
}

/**
 * Runs the example.
 *
 * @param folder Where files are written
 * @param print Takes the lines
 */
export async function savingAndLoading(folder: string, print: Print): Promise<void> {
  const path = `${folder}/neural_data.h5`;
  await saving(path);
  await loading(path, print);
  await lazyLoading(path, print);
}

async function saving(path: string): Promise<void> {
  // Create a complex data object
  const session = new Data({
    spikes: new IrregularTimeSeries({
      timestamps: [1.2, 2.3, 3.1],
      unit_id: [1n, 2n, 1n],
    }),
    behavior: new RegularTimeSeries({
      hand_vel: randn(400, 2),
      eye_pos: randn(400, 2),
      pupil_size: randn(400),
    }, { samplingRate: 100 }),
  }, { domain: "auto" });

  // Save to a HDF5 file on disk
  await session.save(path);
}

async function loading(path: string, print: Print): Promise<void> {
  // Read neural data from HDF5 file on disk
  const session = await Data.load<Session>(path, { lazy: false });

  // Access neural data
  print(repr(session.spikes.timestamps));
  print(String(session.behavior.samplingRate));

  // Slice
  const sliced = session.slice(2, 4);
  print(String(sliced));
}

async function lazyLoading(path: string, print: Print): Promise<void> {
  // omit lazy: false to load lazily
  await using session = await Data.load<Session>(path);
  print(String(session));

  // An array that isn't in memory is a promise of it; once it was read, it is there.
  print(repr(await session.behavior.eye_pos));
  print(String(session));

  // With all arrays in memory it turns into a RegularTimeSeries.
  print(repr(await session.behavior.hand_vel));
  print(repr(await session.behavior.pupil_size));
  print(String(session));

  // Slicing reads nothing: behavior is in memory already, spikes remains lazy!!
  const sliced = session.slice(2, 4);
  print(String(sliced));

  // Only the two timestamps that fall within the [2, 4) window are read
  print(repr(await sliced.spikes.timestamps));
}

/**
 * What a slice costs where the session is an hour long and lies on a server.
 *
 * @param folder Where the session is written
 * @param print Takes the lines
 */
export async function overHttp(folder: string, print: Print): Promise<void> {
  const count = 100_000;
  await new Data({
    spikes: new IrregularTimeSeries({
      timestamps: Float64Array.from({ length: count }, (_, i) => i * 3600 / count),
      unit_id: BigInt64Array.from({ length: count }, (_, i) => BigInt(i % 50)),
    }),
    behavior: new RegularTimeSeries({ hand_vel: randn(360_000, 2), pupil_size: randn(360_000) }, { samplingRate: 100 }),
  }, { domain: "auto" }).save(`${folder}/hour.h5`);

  const server = await startRangeServer(folder);
  try {
    await using session = await Data.load<Session>(`${server.url}/hour.h5`);
    const file = session.file!;
    print(`Loading: ${formatCost(file.cost, file.byteLength)}`);

    let before = file.cost;
    const sliced = session.slice(1800, 1802);
    print(`Slicing: ${formatCost(subtractCost(file.cost, before), file.byteLength)}`);

    before = file.cost;
    const { length } = await sliced.spikes.unit_id;
    print(`unit_id of ${length} spikes: ${formatCost(subtractCost(file.cost, before), file.byteLength)}`);

    before = file.cost;
    const { shape } = await sliced.behavior.hand_vel;
    print(`hand_vel [${shape.join(", ")}]: ${formatCost(subtractCost(file.cost, before), file.byteLength)}`);
  } finally {
    await server.close();
  }
}

/** `numpy.random.randn`: normally distributed values, by Box and Muller. */
function randn(...shape: number[]): NDArray {
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1));
  return ndarray(
    values.map(() => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())),
    shape,
  );
}

/** An array as Python shows it: to eight digits. */
function repr(value: ArrayValue): string {
  const { data, shape } = isNDArray(value) ? value : ndarray(value as Float64Array);
  const digits = Float64Array.from(data as Float64Array, (number) => Number(number.toFixed(8)));
  const text = formatArray(ndarray(digits, shape), { maxRows: 4, maxColumns: 6 });
  return `array(${text.replace(/(?<=[^\s[]) /g, ", ").replaceAll("\n", ",\n      ")})`;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    await savingAndLoading(folder, console.log);
    await overHttp(folder, console.log);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
