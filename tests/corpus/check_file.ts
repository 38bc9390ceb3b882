/**
 * Reads every dataset of one file that expected values name, and compares.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  type Dataset,
  type H5File,
  MicrotomeError,
  type NDArray,
  UnsupportedError,
  UnsupportedFilterError,
} from "../../mod.ts";
import { compare } from "./compare.ts";
import type { Expected, ExpectedFile } from "./expected.ts";
import { drawSelection, seeded } from "./selections.ts";

/** What came of one dataset. */
export interface Finding {
  readonly path: string;
  /**
   * `equal`: all that is expected. `values`: equal but for bytes that no one promises. `link`: a link of the kind and
   * target expected. `refused`: an error of the right class where the peer fails too. `more`: read where the peer could
   * not. `differs`: the rest.
   */
  readonly status: "equal" | "values" | "link" | "refused" | "more" | "differs";
  readonly reason: string;
}

/** What came of one file. */
export interface FileReport {
  readonly file: string;
  readonly findings: readonly Finding[];
}

/** How much is read. */
export interface CheckOptions {
  /** Also compare the direct path with `H5Dread`, whole and on this many random selections. */
  readonly engines?: number;
  /** The peer has filters and types that microtome isn't meant to have: what it reads of them may be refused. */
  readonly larger?: boolean;
}

/** Elements beyond which only the ends of a dataset are read. */
const LARGE = 50_000_000;

/**
 * Checks one file.
 *
 * @param opening Opens it.
 * @param expected What it must read as.
 * @param options How much is read.
 */
export async function checkFile(
  opening: () => Promise<H5File>,
  expected: ExpectedFile,
  options: CheckOptions = {},
): Promise<FileReport> {
  let file: H5File;
  try {
    file = await opening();
  } catch (error) {
    if (!(error instanceof MicrotomeError)) throw error;
    const failed = expected.open_error ?? expected.walk_error;
    const status = failed === undefined ? "differs" : "refused";
    const finding: Finding = { path: "/", status, reason: `${error.name}: ${error.message}` };
    return { file: expected.file, findings: [finding] };
  }
  const findings: Finding[] = [];
  if (expected.open_error !== undefined) {
    findings.push({ path: "/", status: "more", reason: `the peer can't open it: ${expected.open_error}` });
  }
  try {
    for (const [path, wanted] of Object.entries(expected.datasets)) {
      const stricter = STRICTER.includes(`${expected.file} ${path}`);
      findings.push(await checkPath(file, path, stricter ? { ...wanted, error: "" } : wanted, options));
    }
    for (const [path, attributes] of Object.entries(expected.attributes ?? {})) {
      for (const [name, wanted] of Object.entries(attributes)) {
        findings.push(await checkAttribute(file, path, name, wanted, options));
      }
    }
  } finally {
    await file.close();
  }
  return { file: expected.file, findings };
}

/** Where libhdf5 1.14 itself says no to what 1.10 read: not an error of ours, and listed among the refused. */
const STRICTER: readonly string[] = ["hdf5-features/jhdf__var-length-strings-reused.hdf5 /a0"];

async function checkPath(file: H5File, path: string, wanted: Expected, options: CheckOptions): Promise<Finding> {
  try {
    if (wanted.softlink !== undefined || wanted.external !== undefined) return await checkLink(file, path, wanted);
    if (wanted.hardlink_duplicate) {
      await file.get(path);
      return { path, status: "link", reason: "" };
    }
    if (wanted.error === "Unknown link type") return await checkLink(file, path, wanted);
    const dataset = await file.dataset(path);
    return await checkDataset(dataset, path, wanted, options);
  } catch (error) {
    return { path, ...refusal(error, wanted, options) };
  }
}

function refusal(error: unknown, wanted: Expected, { larger }: CheckOptions): Pick<Finding, "status" | "reason"> {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (!(error instanceof MicrotomeError)) return { status: "differs", reason };
  const beyond = larger === true &&
    (error instanceof UnsupportedFilterError ? error.filterId > 0 : error instanceof UnsupportedError);
  return { status: wanted.error !== undefined || beyond ? "refused" : "differs", reason };
}

async function checkLink(file: H5File, path: string, wanted: Expected): Promise<Finding> {
  const cut = path.lastIndexOf("/");
  const group = await file.group(path.slice(0, cut) || "/");
  const name = path.slice(cut + 1);
  const link = (await group.links()).find((link) => link.name === name);
  const ours = link === undefined
    ? "none"
    : link.type === "external"
    ? `external ${link.file} ${link.target}`
    : link.type === "soft"
    ? `soft ${link.target}`
    : link.type;
  const theirs = wanted.external !== undefined
    ? `external ${wanted.external[0]} ${wanted.external[1]}`
    : wanted.softlink !== undefined
    ? `soft ${wanted.softlink}`
    : "user";
  if (ours === theirs) return { path, status: "link", reason: "" };
  return { path, status: "differs", reason: `the link is ${ours}, expected ${theirs}` };
}

async function checkDataset(
  dataset: Dataset,
  path: string,
  wanted: Expected,
  options: CheckOptions,
): Promise<Finding> {
  const { dtype, chunkShape, isNull } = dataset;
  const shape = isNull ? null : dataset.shape;
  const large = wanted.skipped !== undefined || dataset.size > LARGE;
  if (large) await dataset.read(dataset.shape.map((length) => [0, length - 1]));
  const array = large ? null : await dataset.read();
  const { differences, notes } = compare({ array, shape, dtype, chunkShape }, wanted);
  if (array !== null && options.engines !== undefined && dataset.direct) {
    differences.push(...await compareEngines(dataset, array, options.engines));
  }
  if (differences.length > 0) return { path, status: "differs", reason: differences.join("; ") };
  if (wanted.error !== undefined) return { path, status: "more", reason: `the peer: ${wanted.error}` };
  if (notes.length > 0) return { path, status: "values", reason: notes.join("; ") };
  return { path, status: "equal", reason: large ? "only its ends were read" : "" };
}

/** The direct path against `H5Dread`, bit for bit. */
async function compareEngines(dataset: Dataset, whole: NDArray, count: number): Promise<string[]> {
  const differences: string[] = [];
  const draw = seeded(dataset.path);
  const library = await dataset.read(null, { engine: "library" });
  if (!equalBits(whole, library)) differences.push("the direct path differs from H5Dread on the whole");
  for (let i = 0; i < count && dataset.shape.length > 0; i++) {
    const selection = drawSelection(dataset.shape, draw);
    const direct = await dataset.read(selection, { engine: "direct" });
    if (!equalBits(direct, await dataset.read(selection, { engine: "library" }))) {
      differences.push(`the direct path differs from H5Dread on ${JSON.stringify(selection)}`);
    }
  }
  return differences;
}

/** Whether two arrays have the same shape, dtype and bits. */
export function equalBits(a: NDArray, b: NDArray): boolean {
  return equalValues([a.shape, a.stride, a.dtype, a.data], [b.shape, b.stride, b.dtype, b.data]);
}

function equalValues(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return Object.is(a, b);
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    if (a.constructor !== b.constructor || a.byteLength !== b.byteLength) return false;
    const [x, y] = [a, b].map((data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    return x!.equals(y!);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => equalValues(item, b[i]));
  }
  for (const key in a) {
    if (!equalValues((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return true;
}

async function checkAttribute(
  file: H5File,
  path: string,
  name: string,
  wanted: Expected,
  options: CheckOptions,
): Promise<Finding> {
  const label = `${path}@${name}`;
  try {
    const { attributes } = await file.get(path);
    const attribute = (await attributes.list()).find((attribute) => attribute.name === name);
    if (attribute === undefined) return { path: label, status: "differs", reason: "there is no such attribute" };
    const array = await attribute.read();
    const shape = attribute.shape === null ? null : array.shape;
    const { differences, notes } = compare({ array, shape, dtype: attribute.dtype }, textual(wanted));
    if (differences.length > 0) return { path: label, status: "differs", reason: differences.join("; ") };
    if (wanted.error !== undefined) return { path: label, status: "more", reason: `the peer: ${wanted.error}` };
    return { path: label, status: notes.length > 0 ? "values" : "equal", reason: notes.join("; ") };
  } catch (error) {
    return { path: label, ...refusal(error, wanted, options) };
  }
}

/** h5py gives text attributes as Python strings, whatever length they are stored in. */
function textual(wanted: Expected): Expected {
  if (wanted.dtype !== "object") return wanted;
  const { dtype: _, ...rest } = wanted;
  return rest;
}
