import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { create, type PlainArray, writeNpy, writeNpz } from "../../mod.ts";
import { withFolder } from "../raw/support.ts";
import { findPython } from "./python.ts";

const PYTHON = findPython();
const without = PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : "";

const VALUES: Record<string, PlainArray> = {
  numbers: [1.5, 2],
  whole: [1, 2, 3],
  bigints: [1n, -2n],
  unsigned: [2n ** 63n, 2n ** 64n - 1n],
  booleans: [true, false, true],
  text: ["a", "Grüße", "😀"],
  nothing: [],
  empty_rows: [[], []],
  rows: [[1, 2], [3, 4.5], [5, 6]],
  text_rows: [["a", "b"], ["c", "de"]],
  box: [[[1n], [2n]], [[3n], [4n]]],
};

type Told = [dtype: string, shape: number[], values: string];

Deno.test({
  name: `what is written of plain values is what NumPy makes of them, in NPY, NPZ and HDF5${without}`,
  ignore: PYTHON === null,
  fn: async () => {
    await withFolder(async (folder) => {
      const npy: Record<string, string> = {};
      await using file = await create(`${folder}/a.h5`);
      for (const [name, value] of Object.entries(VALUES)) {
        npy[name] = `${folder}/${name}.npy`;
        await writeNpy(npy[name], value);
        await file.write(`/written/${name}`, value);
        if (name !== "nothing" && name !== "empty_rows") {
          await file.write(
            `/rows/${name}`,
            (async function* () {
              for (const row of value) yield await Promise.resolve(row);
            })(),
          );
        }
        await file.attributes.set(name, value);
      }
      await file.close();
      await writeNpz(`${folder}/a.npz`, VALUES, { compression: true });
      const values = JSON.stringify(VALUES, (_, value) => typeof value === "bigint" ? `${value}n` : value);
      const input = `{"values":${values},"npy":${JSON.stringify(npy)},"npz":"${folder}/a.npz","h5":"${folder}/a.h5"}`;
      const script = fileURLToPath(new URL("./plain.py", import.meta.url));
      const found: Record<string, Record<string, Told | null>> = JSON.parse(
        execFileSync(PYTHON!, [script], { input, encoding: "utf8" }),
      );
      assert.deepEqual(Object.keys(found), Object.keys(VALUES));
      for (const [name, { numpy, ...others }] of Object.entries(found)) {
        for (const [place, told] of Object.entries(others)) {
          if (told !== null) assert.deepEqual(told, numpy, `${name}: ${place}`);
        }
      }
    });
  },
});
