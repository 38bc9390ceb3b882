/**
 * Rows on .npy and .npz files, beside np.load.
 *
 * @module
 */
import { existsSync, mkdirSync } from "node:fs";
import { ndarray } from "../src/array/ndarray.ts";
import { slice } from "../src/array/select/slice.ts";
import type { LazyArray, Selection } from "../src/array/types.ts";
import { openNpz } from "../src/npy/npz.ts";
import { openNpy } from "../src/npy/open_npy.ts";
import { writeNpy } from "../src/npy/write.ts";
import { writeNpz } from "../src/npy/write_npz.ts";
import { FOLDER } from "./files.ts";
import { type PairPlan, timed } from "./pairs.ts";
import { sumOfLastRow } from "./peers/check.ts";
import type { PythonPeer } from "./peers/h5py.ts";
import type { Timed } from "./types.ts";

const NPY = `${FOLDER}array.npy`;
const STORED = `${FOLDER}stored.npz`;
const PACKED = `${FOLDER}packed.npz`;
const SHAPE = [524_288, 64];
const KEY = "d";
const ROWS = 1000;

/** 64 MiB of int16 with noise of 6 bits, made once. */
async function makeFiles(): Promise<void> {
  if (existsSync(PACKED)) return;
  mkdirSync(FOLDER, { recursive: true });
  const values = new Int16Array(SHAPE[0]! * SHAPE[1]!);
  for (let i = 0, state = 1; i < values.length; i++) values[i] = (state = Math.imul(state, 1664525) + 1013904223) >> 26;
  const array = ndarray(values, SHAPE);
  await writeNpy(NPY, array);
  await writeNpz(STORED, { [KEY]: array });
  await writeNpz(PACKED, { [KEY]: array }, { compression: true });
}

/** With the file open, as a memory map is. */
async function inOpen(selections: readonly Selection[]): Promise<Timed> {
  await using array = await openNpy(NPY);
  const result = await timed(() => readAll(array, selections));
  return { ...result, milliseconds: result.milliseconds / selections.length };
}

/** From opening on. */
async function fromScratch(path: string, selection: Selection): Promise<Timed> {
  return await timed(async () => {
    if (path === NPY) {
      await using array = await openNpy(path);
      return await readAll(array, [selection]);
    }
    await using npz = await openNpz(path);
    return await readAll(await npz.get(KEY), [selection]);
  });
}

async function readAll(array: LazyArray, selections: readonly Selection[]): Promise<number> {
  let check = 0;
  for (const selection of selections) check = sumOfLastRow(await array.read(selection));
  return check;
}

/**
 * The plans.
 *
 * @param quick Fewer repeats.
 * @param python NumPy, or `null` where it isn't installed.
 */
export async function npyPlans(quick: boolean, python: PythonPeer | null): Promise<PairPlan[]> {
  await makeFiles();
  const starts = (repeat: number) => Array.from({ length: 20 }, (_, i) => ((i * 37 + repeat * 11) % 500) * 1000);
  const plan = (
    id: string,
    title: string,
    ours: (repeat: number) => Promise<Timed>,
    call: (repeat: number) => Record<string, unknown>,
  ): PairPlan => ({
    id,
    title,
    repeats: quick ? 3 : 11,
    run: {
      microtome: ours,
      ...(python === null ? {} : { NumPy: (repeat: number) => python.call("npy_read", call(repeat)) }),
    },
  });
  return [
    plan(
      "npy-whole",
      ".npy, int16, 64 MiB, opened and read whole",
      () => fromScratch(NPY, null),
      () => ({ path: NPY }),
    ),
    plan(
      "npy-slice",
      "the same: 1,000-row slice, file open (NumPy: memory map)",
      (repeat) => inOpen(starts(repeat).map((start) => [slice(start, start + ROWS)])),
      (repeat) => ({ path: NPY, mmap: true, starts: starts(repeat), rows: ROWS }),
    ),
    plan(
      "npy-column",
      "the same: one column of all 524,288 rows (NumPy: memory map)",
      () => inOpen([[null, slice(3, 4)]]),
      () => ({ path: NPY, mmap: true, column: 3 }),
    ),
    plan(
      "npz-whole",
      ".npz, stored, 64 MiB, opened and read whole, CRC checked",
      () => fromScratch(STORED, null),
      () => ({ path: STORED, key: KEY }),
    ),
    plan(
      "npz-slice",
      "the same: opened, 1,000-row slice (NumPy reads it all)",
      (repeat) => fromScratch(STORED, [slice(starts(repeat)[0]!, starts(repeat)[0]! + ROWS)]),
      (repeat) => ({ path: STORED, key: KEY, starts: [starts(repeat)[0]], rows: ROWS }),
    ),
    plan(
      "npz-packed",
      ".npz, deflated, 64 MiB, opened and read whole, CRC checked",
      () => fromScratch(PACKED, null),
      () => ({ path: PACKED, key: KEY }),
    ),
    plan(
      "npz-packed-slice",
      "the same: opened, the first 1,000 rows (NumPy reads it all)",
      () => fromScratch(PACKED, [slice(0, ROWS)]),
      () => ({ path: PACKED, key: KEY, starts: [0], rows: ROWS }),
    ),
  ];
}
