import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Group, open } from "../../mod.ts";
import { findPython } from "./python.ts";

const PYTHON = findPython();
const FOLDER = fileURLToPath(new URL("../data/", import.meta.url));
const FILES = ["odd/names.h5", "odd/order.h5", "odd/order_old.h5", "groups.h5", "many_groups.h5", "attributes.h5"];

/** What `listing.py` prints of a file, by path. */
type Listing = Record<string, { attributes: string[]; keys?: string[] }>;

for (const name of FILES) {
  Deno.test({
    name: `${name}: members and attributes are listed in h5py's order, under h5py's names${
      PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : ""
    }`,
    ignore: PYTHON === null,
    fn: async () => {
      const script = fileURLToPath(new URL("./listing.py", import.meta.url));
      const said = execFileSync(PYTHON!, [script, FOLDER + name], { encoding: "utf8", maxBuffer: 2 ** 28 });
      await using file = await open(FOLDER + name);
      const ours: Listing = {};
      for (const path of Object.keys(JSON.parse(said) as Listing)) {
        const object = path === "/" ? file : await file.get(path);
        ours[path] = { attributes: await object.attributes.keys() };
        if (object instanceof Group) ours[path]!.keys = await object.keys();
      }
      assert.deepEqual(ours, JSON.parse(said));
    },
  });
}
