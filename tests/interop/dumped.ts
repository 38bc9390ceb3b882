/**
 * What h5py reads in files, and what microtome reads otherwise.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type AxisSelection, type H5File, open, slice } from "../../mod.ts";
import { checkFile } from "../corpus/check_file.ts";
import { compare } from "../corpus/compare.ts";
import { type Expected, type ExpectedFile, parseLines } from "../corpus/expected.ts";
import { reasonLines } from "../corpus/report.ts";
import { findPython } from "./python.ts";

/** An axis as `dump.py` writes it. */
type WrittenAxis = number | null | { slice: [number, number | null, number] } | { list: number[] } | {
  mask: boolean[];
};
type Dumped = Expected & { readonly selections?: readonly { selection: WrittenAxis[]; expected: Expected }[] };

/**
 * What h5py reads in files.
 *
 * @param root Their folder, with a slash at its end
 * @param files Their names
 */
export function dump(root: string, files: readonly string[]): ExpectedFile[] {
  const script = fileURLToPath(new URL("./dump.py", import.meta.url));
  const options = { input: files.join("\n"), maxBuffer: 2 ** 30, encoding: "utf8" as const };
  return parseLines(execFileSync(findPython()!, [script, root], options));
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

/**
 * Compares what microtome reads with what h5py reads: everything, and selections that are drawn at random.
 *
 * @param root The files' folder, with a slash at its end
 * @param dumped What h5py reads
 * @param opening Opens a file; by its path by default
 * @returns What differs, a line each
 */
export async function differences(
  root: string,
  dumped: readonly ExpectedFile[],
  opening = (file: string): Promise<H5File> => open(root + file, { external: true }),
): Promise<string[]> {
  const lines: string[] = [];
  for (const expected of dumped) {
    const report = await checkFile(() => opening(expected.file), expected, { larger: true });
    lines.push(...reasonLines([report], ({ status }) => status === "differs"));
    // What h5py can't open, or crashes on, says nothing about microtome.
    if (expected.open_error !== undefined) continue;
    await using file = await opening(expected.file);
    lines.push(...await checkSelections(file, expected));
  }
  return lines;
}
