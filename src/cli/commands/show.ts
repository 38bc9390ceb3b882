/**
 * `show`: the values of a dataset.
 *
 * @module
 */

import { describeDType, numpyName } from "../../array/dtype/dtype.ts";
import { edges, formatArray, formatRecords } from "../../array/text/format.ts";
import { shapeText, sizeOf } from "../../array/ndarray.ts";
import { resolveSelection, resultShape, selectionSize } from "../../array/select/selection.ts";
import type { NDArray, Selection } from "../../array/types.ts";
import { formatBytes } from "../../source/cost.ts";
import type { Call } from "../call.ts";
import { type CliIo, printable } from "../io.ts";
import { encoderFor, jsonPieces } from "../targets/output.ts";
import { withProgress } from "../progress.ts";
import { refuseTimes, showRecording } from "./recording.ts";
import { selectionOf } from "./select.ts";
import { type ArraySource, type NamedArray, needsPath } from "../sources/sources.ts";

/**
 * Prints or writes an array's values. What is printed for people is only what fits a screen, and only that is read.
 *
 * @param source The source
 * @param call What was asked for
 * @param io The world
 */
export async function show(source: ArraySource, call: Call, io: CliIo): Promise<void> {
  if (source.recording !== undefined) return await showRecording(source.recording, source, call, io);
  refuseTimes(call, "show");
  const encoder = call.output === undefined ? undefined : encoderFor(call.output);
  // Read before the array is opened, so that a wrong call is found out without it.
  if (call.select !== undefined) selectionOf(call.select, 64);
  if (call.path === "/" && source.file !== undefined) throw needsPath("show", "an HDF5 file holds many arrays");
  const named = await source.array(call.path, io.signal);
  const { path, array: { dtype, shape } } = named;
  const selection = call.select === undefined ? null : selectionOf(call.select, shape.length);
  if (encoder === undefined && !call.json) return await print(source, named, selection, io);
  const array = await readAll(source, named, selection, io);
  const shown = { path, dtype, array };
  if (encoder === undefined) {
    for (const piece of jsonPieces(shown)) await io.stdout(piece);
    return;
  }
  await io.writeFile(call.output!, encoder(shown));
  if (call.json) {
    const said = { path, shape: array.shape, dtype: numpyName(dtype), output: call.output };
    await io.stdout(`${JSON.stringify(said)}\n`);
  } else {
    io.stderr(printable(`Wrote ${call.output}: ${describeDType(array.dtype)} ${shapeText(array.shape)}\n`));
  }
}

async function print(
  source: ArraySource,
  { path, array: whole, isNull }: NamedArray,
  selection: Selection,
  io: CliIo,
): Promise<void> {
  const axes = resolveSelection(selection, whole.shape);
  const shape = resultShape(axes);
  const title = `${path}  ${describeDType(whole.dtype)} ${shapeText(whole.shape)}`;
  const of = selection === null ? "" : `, selected ${shapeText(shape)}`;
  await io.stdout(printable(`${title}${of}\n`));
  if (isNull === true) return await io.stdout("null\n");
  const options = { maxRows: 20, maxColumns: shape.length > 1 ? 8 : 12 };
  const isTable = whole.dtype.kind === "compound" && shape.length === 1;
  const { selection: seen, gaps } = edges(shape, isTable ? { maxColumns: options.maxRows } : options);
  const view = whole.view(selection);
  const work = () => view.read(seen, { signal: io.signal });
  const array = await withProgress(
    io,
    () => ({ fraction: null, text: `${formatBytes(source.cost.bytes)} read` }),
    work,
  );
  const text = isTable ? formatRecords(array, { gap: gaps[0]! }) : formatArray(array, { ...options, gaps });
  await io.stdout(printable(`${text}\n`));
}

async function readAll(
  source: ArraySource,
  { array, storageSize }: NamedArray,
  selection: Selection,
  io: CliIo,
): Promise<NDArray> {
  const part = selectionSize(resolveSelection(selection, array.shape)) / Math.max(1, sizeOf(array.shape));
  const before = source.cost.bytes;
  const expected = (storageSize ?? 0) * part;
  const progress = () => {
    const bytes = source.cost.bytes - before;
    return { fraction: expected > 0 ? bytes / expected : null, text: formatBytes(bytes) };
  };
  return await withProgress(io, progress, () => array.read(selection, { signal: io.signal }));
}
