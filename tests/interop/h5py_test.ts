import assert from "node:assert/strict";
import type { Expected, ExpectedFile } from "../corpus/expected.ts";
import { CORPUS, corpusFiles, fixtureFiles, FIXTURES } from "../corpus/find.ts";
import { differences, dump } from "./dumped.ts";
import { findPython } from "./python.ts";

const PYTHON = findPython();
const without = PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : "";

/** Fixtures hold datasets that must fail, whatever h5py makes of them. */
function withoutFailures(dumped: ExpectedFile, known: ExpectedFile | undefined): ExpectedFile {
  const datasets = Object.entries(dumped.datasets).map(([path, expected]): [string, Expected] => {
    const { error } = known?.datasets[path] ?? {};
    return [path, error === undefined ? expected : { error }];
  });
  return { ...dumped, datasets: Object.fromEntries(datasets) };
}

async function checkAgainstPython(
  root: string,
  files: readonly string[],
  known: readonly ExpectedFile[] = [],
): Promise<void> {
  const dumped = dump(root, files).map((one) => withoutFailures(one, known.find(({ file }) => file === one.file)));
  assert.equal(dumped.length, files.length);
  assert.deepEqual(await differences(root, dumped), []);
}

Deno.test({
  name: `h5py reads every fixture as microtome does, with attributes and random selections${without}`,
  ignore: PYTHON === null,
  fn: () => checkAgainstPython(FIXTURES, fixtureFiles().map(({ file }) => file), fixtureFiles()),
});

for (const folder of ["hdf5-features", "hdf5-filters", "nwb", "temporaldata"]) {
  Deno.test({
    name: `h5py reads the corpus' ${folder} as microtome does, with attributes and random selections${
      without || (CORPUS === null ? " (skipped: no corpus)" : "")
    }`,
    ignore: PYTHON === null || CORPUS === null,
    fn: () => {
      const files = corpusFiles().map(({ file }) => file).filter((file) => file.startsWith(`${folder}/`));
      return checkAgainstPython(CORPUS!, files);
    },
  });
}
