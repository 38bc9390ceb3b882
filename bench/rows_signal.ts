/**
 * Rows on signals, beside SciPy on one thread.
 *
 * @module
 */
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { ndarray } from "../src/array/ndarray.ts";
import { openRaw } from "../src/raw/open_raw.ts";
import { bandpass, castTo } from "../src/signal/mod.ts";
import { FOLDER } from "./files.ts";
import { type PairPlan, timed } from "./pairs.ts";
import { h5pyPeer, type PythonPeer } from "./peers/h5py.ts";

const PATH = `${FOLDER}signal.dat`;
const [ROWS, CHANNELS, BLOCK] = [60_000, 384, 30_000];
const BAND = { samplingRate: 30_000, low: 300, high: 6000, order: 4, causal: true } as const;

/** Two seconds of 384 channels, 44 MiB, made once. */
function makeFile(): void {
  if (existsSync(PATH)) return;
  mkdirSync(FOLDER, { recursive: true });
  const values = new Int16Array(ROWS * CHANNELS);
  for (let i = 0, state = 1; i < values.length; i++) values[i] = (state = Math.imul(state, 1664525) + 1013904223) >> 20;
  writeFileSync(PATH, values);
}

/**
 * The plans.
 *
 * @param quick Fewer repeats.
 * @param python The Python with SciPy, or `null`.
 */
export function signalPlans(quick: boolean, python: string | null): PairPlan[] {
  let peer: PythonPeer | undefined;
  const scipy = (name: string) => () => {
    peer ??= h5pyPeer(python!, "signal_peer.py");
    return peer.call(name, { path: PATH, channels: CHANNELS, block: BLOCK });
  };
  const plan = (id: string, title: string, ours: PairPlan["run"][string], call: string, factor: number): PairPlan => ({
    id,
    title,
    repeats: quick ? 3 : 7,
    run: { microtome: ours, ...(python === null ? {} : { SciPy: scipy(call) }) },
    goals: python === null ? [] : [{ peer: "SciPy", factor }],
  });
  return [
    plan(
      "signal-bandpass",
      "band-pass of 1 s of 384 channels, int16 to float32, one thread",
      async () => {
        makeFile();
        await using file = await openRaw(PATH, { dtype: "<i2", shape: [ROWS, CHANNELS] });
        const { data } = await file.read([{ start: 0, stop: BLOCK, step: 1 }]);
        const filtered = bandpass(ndarray(data as Int16Array, [BLOCK, CHANNELS]), BAND);
        return timed(async () => {
          const { value } = await filtered.walk(BLOCK).next();
          return Math.round(value!.data[value!.data.length - 1]!);
        });
      },
      "filter_block",
      1,
    ),
    plan(
      "signal-file",
      "int16 file to band-passed int16 file, 2 s of 384 channels, one thread",
      async () => {
        makeFile();
        return await timed(async () => {
          await using file = await openRaw(PATH, { dtype: "<i2", shape: [ROWS, CHANNELS] });
          const out = openSync(`${PATH}.filtered`, "w");
          let last = 0;
          for await (const { data } of castTo(bandpass(file, BAND), { dtype: "int16" }).walk(BLOCK)) {
            writeSync(out, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
            last = Number(data[data.length - 1]);
          }
          closeSync(out);
          return last;
        });
      },
      "filter_file",
      0.8,
    ),
  ];
}
