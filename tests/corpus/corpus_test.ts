import assert from "node:assert/strict";
import { startRangeServer } from "../support/range_server.ts";
import { checkCorrupt } from "./corrupt.ts";
import type { ExpectedFile } from "./expected.ts";
import { CORPUS, corpusFiles, corruptFiles, fixtureFiles, FIXTURES } from "./find.ts";
import { reasonLines } from "./report.ts";
import { checkSet, SMALL_PAGES } from "./run.ts";

const differs = ({ status }: { status: string }): boolean => status === "differs";
const skipped = CORPUS === null ? " (skipped: no corpus)" : "";

async function differencesByUrl(name: string, root: string, files: readonly ExpectedFile[]): Promise<string[]> {
  const server = await startRangeServer(root);
  try {
    const base = `${server.url}/`;
    return [
      ...reasonLines(await checkSet({ name, base, files }), differs),
      ...reasonLines(await checkSet({ name, base, files, open: SMALL_PAGES }), differs),
    ];
  } finally {
    await server.close();
  }
}

Deno.test("every fixture reads by path as h5py reads it, and the direct path equals H5Dread bit for bit", async () => {
  const reports = await checkSet({ name: "fixtures", base: FIXTURES, files: fixtureFiles() }, { engines: 20 });
  assert.deepEqual(reasonLines(reports, differs), []);
});

Deno.test("every fixture reads by URL as h5py reads it, also in pages of 512 bytes", async () => {
  assert.deepEqual(await differencesByUrl("fixtures", FIXTURES, fixtureFiles()), []);
});

for (const folder of ["hdf5-features", "hdf5-filters", "nwb", "temporaldata"]) {
  const files = corpusFiles().filter(({ file }) => file.startsWith(`${folder}/`));
  Deno.test({
    name:
      `every file of the corpus' ${folder} reads by path as libhdf5 reads it, and the direct path equals H5Dread${skipped}`,
    ignore: CORPUS === null,
    fn: async () => {
      assert(files.length > 0);
      const reports = await checkSet({ name: folder, base: CORPUS!, files }, { engines: 2 });
      assert.deepEqual(reasonLines(reports, differs), []);
    },
  });
  Deno.test({
    name: `every file of the corpus' ${folder} reads by URL as libhdf5 reads it, also in pages of 512 bytes${skipped}`,
    ignore: CORPUS === null,
    fn: async () => {
      assert.deepEqual(await differencesByUrl(folder, CORPUS!, files), []);
    },
  });
}

Deno.test({
  name: `every damaged file gives values or a MicrotomeError, in time${skipped}`,
  ignore: CORPUS === null,
  fn: async () => {
    const outcomes = await checkCorrupt(corruptFiles());
    assert.deepEqual(outcomes.filter(({ outcome }) => outcome === "broken"), []);
  },
});
