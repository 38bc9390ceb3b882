import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type AxisSelection, type H5File, open, slice } from "../../mod.ts";
import { compare } from "../corpus/compare.ts";
import { checkFile } from "../corpus/check_file.ts";
import { type Expected, type ExpectedFile, parseLines } from "../corpus/expected.ts";
import { CORPUS, corpusFiles, fixtureFiles, FIXTURES } from "../corpus/find.ts";
import { reasonLines } from "../corpus/report.ts";
import { findPython } from "./python.ts";

/** An axis as `dump.py` writes it. */
type WrittenAxis = number | null | { slice: [number, number | null, number] } | { list: number[] } | {
  mask: boolean[];
};
type Dumped = Expected & { readonly selections?: readonly { selection: WrittenAxis[]; expected: Expected }[] };

const PYTHON = findPython();
const without = PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : "";

function dump(root: string, files: readonly string[]): ExpectedFile[] {
  const script = fileURLToPath(new URL("./dump.py", import.meta.url));
  const options = { input: files.join("\n"), maxBuffer: 2 ** 30, encoding: "utf8" as const };
  return parseLines(execFileSync(PYTHON!, [script, root], options));
}

function axisOf(written: WrittenAxis): AxisSelection {
  if (written === null || typeof written === "number") return written;
  if ("slice" in written) return slice(...written.slice);
  return "list" in written ? written.list : written.mask;
}

/** Reads each selection that Python has drawn. */
async function checkSelections(file: H5File, expected: ExpectedFile): Promise<string[]> {
  const lines: string[] = [];
  for (const [path, { selections = [] }] of Object.entries(expected.datasets) as [string, Dumped][]) {
    for (const { selection, expected: wanted } of selections) {
      const where = `${expected.file} ${path} ${JSON.stringify(selection)}`;
      try {
        const dataset = await file.dataset(path);
        const array = await dataset.read(selection.map(axisOf));
        const { differences } = compare({ array, shape: array.shape, dtype: dataset.dtype }, wanted);
        if (differences.length > 0) lines.push(`${where}: ${differences.join("; ")}`);
      } catch (error) {
        if (!/^unsupported/.test((error as { code?: string }).code ?? "")) lines.push(`${where}: ${error}`);
      }
    }
  }
  return lines;
}

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
  const lines: string[] = [];
  const dumped = dump(root, files).map((one) => withoutFailures(one, known.find(({ file }) => file === one.file)));
  assert.equal(dumped.length, files.length);
  for (const expected of dumped) {
    const opening = (): Promise<H5File> => open(root + expected.file, { external: true });
    const report = await checkFile(opening, expected, { larger: true });
    lines.push(...reasonLines([report], ({ status }) => status === "differs"));
    // What h5py can't open, or crashes on, says nothing about microtome.
    if (expected.open_error !== undefined) continue;
    await using file = await opening();
    lines.push(...await checkSelections(file, expected));
  }
  assert.deepEqual(lines, []);
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
