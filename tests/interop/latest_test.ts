/** 40 files by h5py 3.16 with `libver="latest"`, made by `latest_files.py` when the tests run: what today's h5py writes. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { open } from "../../mod.ts";
import { startRangeServer } from "../support/range_server.ts";
import { SMALL_PAGES } from "../corpus/run.ts";
import { differences, dump } from "./dumped.ts";
import { findPython } from "./python.ts";

const PYTHON = findPython();
const without = PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : "";

/** Makes the files for the time of a test. */
async function withFiles(run: (root: string, names: string[]) => Promise<void>): Promise<void> {
  const root = `${mkdtempSync(`${tmpdir()}/microtome_latest_`)}/`;
  try {
    const script = fileURLToPath(new URL("./latest_files.py", import.meta.url));
    await run(root, execFileSync(PYTHON!, [script, root], { encoding: "utf8" }).trim().split("\n"));
  } finally {
    rmSync(root, { recursive: true });
  }
}

Deno.test({
  name:
    `40 files by h5py 3.16 with libver="latest" read as h5py reads them, by path and by URL in pages of 512 bytes${without}`,
  ignore: PYTHON === null,
  fn: () =>
    withFiles(async (root, names) => {
      assert.ok(names.length >= 40, `${names.length} files`);
      const dumped = dump(root, names);
      assert.equal(dumped.length, names.length);
      assert.deepEqual(dumped.filter(({ open_error, walk_error }) => open_error ?? walk_error), []);
      assert.deepEqual(await differences(root, dumped), [], "by path");
      const server = await startRangeServer(root);
      try {
        const paged = (file: string) => open(`${server.url}/${file}`, { ...SMALL_PAGES, external: true });
        assert.deepEqual(await differences(root, dumped, paged), [], "by URL in pages of 512 bytes");
      } finally {
        await server.close();
      }
    }),
});

Deno.test({
  name:
    `complex numbers, native and as compounds, come as the complex dtype; an attribute of them hides no other${without}`,
  ignore: PYTHON === null,
  fn: () =>
    withFiles(async (root) => {
      await using native = await open(`${root}complex_native.h5`);
      const c16 = await native.dataset("/c16");
      assert.deepEqual(c16.dtype, { kind: "complex", itemsize: 16, byteOrder: "<" });
      assert.deepEqual((await c16.read([0, [0, 2]])).data, Float64Array.of(0, 0, 2, -4));
      assert.deepEqual((await native.dataset("/c8")).dtype, { kind: "complex", itemsize: 8, byteOrder: "<" });
      const big = await native.dataset("/big_endian");
      assert.deepEqual(big.dtype, { kind: "complex", itemsize: 16, byteOrder: ">" });
      assert.deepEqual((await big.read([0, 2])).data, Float64Array.of(2, -4));
      assert.deepEqual((await native.dataset("/fill")).fillValue, [2, 3]);
      assert.deepEqual(await c16.attributes.get("z"), [1, 2]);
      await using compound = await open(`${root}complex_compound.h5`);
      const z = await compound.dataset("/z");
      assert.deepEqual(z.dtype, { kind: "complex", itemsize: 16, byteOrder: "<" });
      assert.deepEqual((await z.read([3])).data, Float64Array.of(3, 1));
      await using root_ = await open(`${root}complex_attribute_among_others.h5`);
      assert.deepEqual(await root_.attributes.keys(), ["before", "between", "count", "many", "zlast"]);
      const all = await root_.attributes.all();
      assert.deepEqual(all.between, [2.5, -1.5]);
      assert.equal(all.before, "text");
      assert.equal(all.count, 42n);
    }),
});
