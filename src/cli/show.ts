/**
 * `show`: the values of a dataset.
 *
 * @module
 */

import { describeDType, numpyName } from "../array/dtype.ts";
import { edges, formatArray, formatRecords } from "../array/format.ts";
import { sizeOf } from "../array/ndarray.ts";
import { parseSelection } from "../array/parse_selection.ts";
import { resolveSelection, resultShape, selectionSize } from "../array/selection.ts";
import type { NDArray, Selection } from "../array/types.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import type { H5File } from "../hdf5/file.ts";
import { formatBytes } from "../source/cost.ts";
import { SelectionError } from "../source/errors.ts";
import type { Call } from "./arguments.ts";
import { type CliIo, printable, UsageError } from "./io.ts";
import { encoderFor, jsonPieces } from "./output.ts";
import { withProgress } from "./progress.ts";

/**
 * Prints or writes a dataset's values. What is printed for people is only what fits a screen, and only that is read.
 *
 * @param file The file
 * @param call What was asked for
 * @param io The world
 */
export async function show(file: H5File, call: Call, io: CliIo): Promise<void> {
  const encoder = call.output === undefined ? undefined : encoderFor(call.output);
  // Read before the dataset is opened, so that a wrong call is found out without it.
  if (call.select !== undefined) selectionOf(call.select, 64);
  const dataset = await file.dataset(call.path, { signal: io.signal });
  const selection = call.select === undefined ? null : selectionOf(call.select, dataset.shape.length);
  if (encoder === undefined && !call.json) return await print(file, dataset, selection, io);
  const array = await readAll(file, dataset, selection, io);
  const shown = { path: dataset.path, dtype: dataset.dtype, array };
  if (encoder === undefined) {
    for (const piece of jsonPieces(shown)) await io.stdout(piece);
    return;
  }
  await io.writeFile(call.output!, encoder(shown));
  if (call.json) {
    const { path, dtype } = shown;
    const said = { path, shape: array.shape, dtype: numpyName(dtype), output: call.output };
    await io.stdout(`${JSON.stringify(said)}\n`);
  } else {
    io.stderr(printable(`Wrote ${call.output}: ${describeDType(array.dtype)} ${shapeText(array.shape)}\n`));
  }
}

async function print(file: H5File, dataset: Dataset, selection: Selection, io: CliIo): Promise<void> {
  const axes = resolveSelection(selection, dataset.shape);
  const shape = resultShape(axes);
  const title = `${dataset.path}  ${describeDType(dataset.dtype)} ${shapeText(dataset.shape)}`;
  const of = selection === null ? "" : `, selected ${shapeText(shape)}`;
  await io.stdout(printable(`${title}${of}\n`));
  if (dataset.isNull) return await io.stdout("null\n");
  const options = { maxRows: 20, maxColumns: shape.length > 1 ? 8 : 12 };
  const isTable = dataset.dtype.kind === "compound" && shape.length === 1;
  const { selection: seen, gaps } = edges(shape, isTable ? { maxColumns: options.maxRows } : options);
  const view = dataset.view(selection);
  const work = () => view.read(seen, { signal: io.signal });
  const array = await withProgress(io, () => ({ fraction: null, text: `${formatBytes(file.cost.bytes)} read` }), work);
  const text = isTable ? formatRecords(array, { gap: gaps[0]! }) : formatArray(array, { ...options, gaps });
  await io.stdout(printable(`${text}\n`));
}

async function readAll(file: H5File, dataset: Dataset, selection: Selection, io: CliIo): Promise<NDArray> {
  const part = selectionSize(resolveSelection(selection, dataset.shape)) / Math.max(1, sizeOf(dataset.shape));
  const before = file.cost.bytes;
  const expected = (dataset.storageSize ?? 0) * part;
  const progress = () => {
    const bytes = file.cost.bytes - before;
    return { fraction: expected > 0 ? bytes / expected : null, text: formatBytes(bytes) };
  };
  return await withProgress(io, progress, () => dataset.read(selection, { signal: io.signal }));
}

function selectionOf(text: string, rank: number): Selection {
  try {
    return parseSelection(text, rank);
  } catch (cause) {
    if (cause instanceof SelectionError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

function shapeText(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}
