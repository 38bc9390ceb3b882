import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { change, create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { findOlderPython, findPython } from "./python.ts";
import { writeRecipe } from "./write_recipe.ts";

const PYTHON = findPython();
const OLDER = findOlderPython();
const without = PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : "";
const H5DUMP = spawnSync("h5dump", ["--version"]).status === 0;
const SCRIPT = fileURLToPath(new URL("./write_peer.py", import.meta.url));

function python(...args: string[]): string {
  return execFileSync(PYTHON!, [SCRIPT, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function inFolder(run: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtome-interop-"));
    try {
      await run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

Deno.test({
  name:
    `what we write h5py reads as what it wrote itself: types, filters, fill values, attributes, links, references${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const [ours, theirs] = [join(folder, "ours.h5"), join(folder, "theirs.h5")];
    await writeRecipe(ours);
    python("write", theirs);
    assert.equal(python("compare", ours, theirs), "");
    const [a, b] = [statSync(ours).size, statSync(theirs).size];
    assert.ok(a <= b * 1.01, `${a} bytes, h5py's file has ${b}`);
  }),
});

Deno.test({
  name: `libhdf5 1.14 reads what we write in either format, the newest included${
    OLDER === null ? " (skipped: no h5py with libhdf5 1.14; see tests/interop/python.ts)" : ""
  }`,
  ignore: OLDER === null,
  fn: inFolder(async (folder) => {
    const run = (...args: string[]): string => execFileSync(OLDER!, args, { encoding: "utf8" });
    assert.match(run("-c", "import h5py; print(h5py.version.hdf5_version)"), /^1\.14\./);
    const theirs = join(folder, "theirs.h5");
    run(SCRIPT, "write", theirs);
    for (const format of ["earliest", "latest"] as const) {
      const ours = join(folder, `${format}.h5`);
      await writeRecipe(ours, { format });
      // Which of an object's names h5py finds for a reference depends on the order of links in the file.
      const differences = run(SCRIPT, "compare", ours, theirs).replaceAll("'/links/hard'", "'/rows'");
      const [, first, second] = /^\/\/references: ours (.*) theirs (.*)\n$/.exec(differences) ?? [];
      if (first === undefined || first !== second) assert.equal(differences, "", format);
      // Every chunk index that the newest format has, behind a filter: HDF5 2 raised the version of these messages.
      const indices = join(folder, `${format}_indices.h5`);
      const made = await create(indices, { format });
      const data = Int32Array.from({ length: 900 }, (_, i) => i * 7);
      const limits = { fixed: undefined, extensible: [null, 30], btree2: [null, null] };
      for (const [name, maxShape] of Object.entries(limits)) {
        await made.createDataset(name, { data, shape: [30, 30], chunkShape: [4, 7], compression: "gzip", maxShape });
      }
      await made.createDataset("single", { data, chunkShape: [900], compression: "gzip" });
      await made.close();
      const sums = "import h5py, sys; f = h5py.File(sys.argv[1]); print(*(int(f[n][()].sum()) for n in sorted(f)))";
      assert.equal(run("-c", sums, indices), `${Array(4).fill(7 * 899 * 450).join(" ")}\n`, format);
      if (H5DUMP) assert.equal(spawnSync("h5dump", [indices]).status, 0, `h5dump, ${format}`);
    }
  }),
});

Deno.test({
  name: `h5py goes on with our file, and we with h5py's, and both stay whole${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const [ours, theirs] = [join(folder, "ours.h5"), join(folder, "theirs.h5")];
    await writeRecipe(ours);
    python("write", theirs);
    python("append", ours);
    const file = await change(theirs);
    await (await file.dataset("rows")).append([7, 8, 9]);
    await (await file.dataset("filters/gzip")).write([0], [1, 2, 3, 4]);
    await file.createDataset("added", { data: ["by h5py"] });
    await file.remove("many/group7");
    await file.close();
    assert.equal(python("compare", ours, theirs), "");
    await using read = await open(ours);
    assert.deepEqual((await read.dataset("rows")).shape, [9, 3]);
    assert.deepEqual((await (await read.dataset("filters/gzip")).read([0])).data, Int16Array.of(1, 2, 3, 4));
  }),
});

Deno.test({
  name: `h5dump reads every byte of what we write, and shows what it shows of h5py's file${
    without || (H5DUMP ? "" : " (skipped: no h5dump; Debian's hdf5-tools has it)")
  }`,
  ignore: PYTHON === null || !H5DUMP,
  fn: inFolder(async (folder) => {
    const [ours, theirs] = [join(folder, "ours.h5"), join(folder, "theirs.h5")];
    await writeRecipe(ours);
    python("write", theirs);
    const dump = (path: string, ...options: string[]): string => {
      const { status, stdout, stderr } = spawnSync("h5dump", [...options, path], {
        encoding: "utf8",
        maxBuffer: 2 ** 28,
      });
      // It has no plugins for lzf, lz4 and zstd.
      assert.ok(status === 0 || options.length === 0, stderr);
      return stdout.replaceAll(path, "FILE").replaceAll(/(DATASET|GROUP) \d+/g, "$1 N");
    };
    for (
      const path of [
        "/types",
        "/rows",
        "/many",
        "/filters/plain",
        "/filters/gzip",
        "/filters/gzip9",
        "/filters/scaleoffset",
      ]
    ) {
      const kind = path === "/types" || path === "/many" ? "-g" : "-d";
      assert.equal(dump(ours, kind, path), dump(theirs, kind, path), path);
    }
  }),
});
