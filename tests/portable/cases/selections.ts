/**
 * Selections, and views of them.
 *
 * @module
 */
import { type Dataset, open, type Selection, slice } from "../../../mod.ts";
import type { Case, Context } from "../types.ts";
import { errorOf, urlOf } from "./tools.ts";

/** 20,000 x 8 int16 in chunks of 200 x 8. */
const SIGNAL = "data/signal.h5";

/** What is selected from it, and how that is called. */
const SELECTIONS: readonly (readonly [string, Selection])[] = [
  ["one element", [12345, 3]],
  ["one row", [199]],
  ["one row from the end", [-1]],
  ["one column", [null, 5]],
  ["rows over a chunk's border", [slice(150, 450)]],
  ["rows and columns with steps", [slice(7, 5000, 13), slice(null, null, 3)]],
  ["rows backwards", [slice(1010, 990, -1), slice(null, null, -2)]],
  ["negative bounds", [slice(-500, -100, 7), slice(-3, null)]],
  ["bounds beyond the end", [slice(19_990, 99_999), slice(-99, 99)]],
  ["nothing", [slice(10, 10)]],
  ["a list out of order, with one twice", [[19_999, 0, 401, 0, 7], [7, 0]]],
  ["a list with negative indices", [[-1, -20_000, -300]]],
  ["a typed array as a list", [new Int32Array([5, 10, 15]), 1]],
  ["a mask of columns", [slice(0, 4), [true, false, false, true, true, false, false, true]]],
  ["an empty list", [[], null]],
  ["first of each chunk", [slice(0, null, 200), 0]],
];

/** What must be refused. */
const REFUSED: readonly (readonly [string, Selection])[] = [
  ["an index beyond the end", [20_000]],
  ["an index before the beginning", [-20_001]],
  ["a column beyond the end", [0, 8]],
  ["too many axes", [0, 0, 0]],
  ["a step of zero", [slice(0, 10, 0)]],
  ["a fraction", [1.5]],
  ["NaN", [NaN]],
  ["a mask of the wrong length", [null, [true, false]]],
  ["a list with an index beyond the end", [[0, 1, 20_000]]],
];

async function withSignal<T>(context: Context, use: (signal: Dataset) => Promise<T>): Promise<T> {
  await using file = await open(urlOf(context, SIGNAL));
  return await use(await file.dataset("/signal"));
}

/** Cases of what is selected. */
export const selectionCases: readonly Case[] = [
  ...SELECTIONS.map(([name, selection]): Case => ({
    name: `selecting ${name}`,
    run: (context) =>
      withSignal(context, async (signal) => ({
        direct: await signal.read(selection, { engine: "direct" }),
        library: await signal.read(selection, { engine: "library" }),
      })),
  })),
  {
    name: "selections that don't fit",
    run: (context) =>
      withSignal(context, async (signal) => {
        const errors: unknown[] = [];
        for (const [name, selection] of REFUSED) errors.push([name, await errorOf(signal.read(selection))]);
        return errors;
      }),
  },
  {
    name: "views, and views of views",
    run: (context) =>
      withSignal(context, async (signal) => {
        const rows = signal.view([slice(100, 19_000, 3)]);
        const backwards = rows.view([slice(null, null, -7), [6, 1, 1]]);
        const column = backwards.view([null, 0]);
        return [
          { shape: rows.shape, chunkShape: rows.chunkShape, first: await rows.read([0]) },
          { shape: backwards.shape, part: await backwards.read([slice(10, 40)]) },
          {
            shape: column.shape,
            dtype: column.dtype,
            part: await column.read([slice(-5, null)]),
            all: await column.read(),
          },
          await signal.view([5, null]).read([2]),
          await errorOf(backwards.read([0, 3])),
        ];
      }),
  },
  {
    name: "selections of every kind of element",
    run: async (context) => {
      const parts: unknown[] = [];
      for (const path of ["data/types.h5", "data/strings.h5", "data/records.h5", "data/fill.h5", "data/layouts.h5"]) {
        await using file = await open(urlOf(context, path));
        for (const { name, object } of await file.members()) {
          if (object?.kind !== "dataset") continue;
          const dataset = object as Dataset;
          if (dataset.shape.length === 0 || dataset.isNull || dataset.shape.includes(0)) continue;
          parts.push([path, name, await dataset.read([slice(null, null, 2)]), await dataset.read([-1])]);
        }
      }
      return parts;
    },
  },
];
