/**
 * Rows on flat files, beside np.memmap.
 *
 * @module
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { slice } from "../src/array/select/slice.ts";
import { openRaw, type RawOptions } from "../src/raw/open_raw.ts";
import { FOLDER } from "./files.ts";
import { type PairPlan, timed } from "./pairs.ts";
import { sumOfLastRow } from "./peers/check.ts";
import type { PythonPeer } from "./peers/h5py.ts";
import type { Selection } from "../src/array/types.ts";

const PATH = `${FOLDER}flat.dat`;
const SHAPE = [524_288, 64];
const ROWS = 1000;

/** 64 MiB of int16, made once. */
function makeFile(): void {
  if (existsSync(PATH)) return;
  mkdirSync(FOLDER, { recursive: true });
  const values = new Int16Array(SHAPE[0]! * SHAPE[1]!);
  for (let i = 0, state = 1; i < values.length; i++) values[i] = (state = Math.imul(state, 1664525) + 1013904223) >> 20;
  writeFileSync(`${PATH}.part`, values);
  renameSync(`${PATH}.part`, PATH);
}

/** Reads with the file open; opening it is not measured, as it is not for np.memmap. */
async function read(options: RawOptions, selections: readonly Selection[]) {
  await using array = await openRaw(PATH, { shape: SHAPE, ...options });
  const result = await timed(async () => {
    let check = 0;
    for (const selection of selections) check = sumOfLastRow(await array.read(selection));
    return check;
  });
  return { ...result, milliseconds: result.milliseconds / selections.length };
}

/**
 * The plans.
 *
 * @param quick Fewer repeats.
 * @param python NumPy, or `null` where it isn't installed.
 */
export function rawPlans(quick: boolean, python: PythonPeer | null): PairPlan[] {
  makeFile();
  const starts = (repeat: number) => Array.from({ length: 20 }, (_, i) => ((i * 37 + repeat * 11) % 500) * 1000);
  const plan = (
    id: string,
    title: string,
    ours: (repeat: number) => ReturnType<typeof read>,
    call: (repeat: number) => Record<string, unknown>,
  ): PairPlan => ({
    id,
    title,
    repeats: quick ? 3 : 11,
    run: {
      microtome: ours,
      ...(python === null ? {} : {
        NumPy: (repeat: number) => python.call("memmap_read", { path: PATH, shape: SHAPE, ...call(repeat) }),
      }),
    },
  });
  return [
    plan(
      "raw-slice",
      "flat int16, 64 channels: 1,000-row slice, file open",
      (repeat) => read({ dtype: "<i2" }, starts(repeat).map((start) => [slice(start, start + ROWS)])),
      (repeat) => ({ dtype: "<i2", starts: starts(repeat), rows: ROWS }),
    ),
    plan(
      "raw-column",
      "the same: one channel of all 524,288 samples",
      () => read({ dtype: "<i2" }, [[null, slice(3, 4)]]),
      () => ({ dtype: "<i2", column: 3 }),
    ),
    plan(
      "raw-big-endian",
      "flat big-endian int16, 64 MiB, whole, to native order",
      () => read({ dtype: ">i2" }, [null]),
      () => ({ dtype: ">i2" }),
    ),
    plan(
      "raw-gain",
      "flat int16, 64 MiB, whole, times a gain to float32",
      () => read({ dtype: "<i2", scale: { gain: 0.195, dtype: "float32" } }, [null]),
      () => ({ dtype: "<i2", gain: 0.195 }),
    ),
  ];
}
