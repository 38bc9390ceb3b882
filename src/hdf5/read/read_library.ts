/**
 * The general path: values through `H5Dread`, for every type and layout, with libhdf5's own conversions.
 *
 * @module
 */
import { contiguousStride, sizeOf, takeResolved } from "../../array/ndarray.ts";
import type { ArrayData, ReadIntoOptions, ResolvedAxis } from "../../array/types.ts";
import { memoryPerElement } from "../../array/text/value_count.ts";
import { ExternalFileError } from "../../source/errors.ts";
import { OK } from "../../wasm/instance.ts";
import { emptyLike, placeBox } from "../storage/boxes.ts";
import { elementShape, innermostType } from "./decode.ts";
import type { Engine } from "../engine/engine.ts";
import { prefetchRanges } from "./prefetch.ts";
import type { DatasetInfo } from "../metadata.ts";
import { combinationAt } from "../../array/select/plan_chunks.ts";
import { takeValue } from "./take_value.ts";
import { type Segment, splitSegments } from "./segments.ts";
import { dtypeOf } from "../type_info.ts";
import { type BoxAxis, boxPieces } from "./box_pieces.ts";

/** What one call decodes at most, unless a single chunk is larger: as much as others wait for at most. */
const STRETCH = 8_000_000;

/**
 * Reads a selection through `H5Dread`.
 *
 * @param engine The file's engine.
 * @param info The dataset.
 * @param path Its path, for messages.
 * @param axes The selection, of at least one element.
 * @param cells Array cells per element: more than one for array types and complex numbers.
 * @param options Abort signal; memory for the values, which large results go into.
 * @returns The values, in C order of the selection.
 */
export async function readLibrary(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  axes: readonly ResolvedAxis[],
  cells: number,
  options: ReadIntoOptions,
): Promise<ArrayData> {
  try {
    return await readSegments(engine, info, path, axes, cells, options);
  } catch (error) {
    throw info.layout === "virtual" && error instanceof ExternalFileError ? withWayOut(error) : error;
  }
}

/** A virtual dataset can do without its sources, where the caller says so. */
function withWayOut({ message, file, object, cause }: ExternalFileError): ExternalFileError {
  const way = /external: true/.test(message)
    ? ', and missingSources: "fill" to read fill values in place of files that aren\'t there'
    : '; pass { missingSources: "fill" } to read fill values in its place';
  return new ExternalFileError(`${message}${way}`, { file, object, cause });
}

async function readSegments(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  axes: readonly ResolvedAxis[],
  cells: number,
  { signal, into }: ReadIntoOptions,
): Promise<ArrayData> {
  const split = axes.map(splitSegments);
  const segments = split.map((axis) => axis.segments.map(asPart));
  const boxes = sizeOf(segments.map(({ length }) => length));
  const per = Math.max(info.type.size, memoryPerElement(dtypeOf(info.type)));
  const most = Math.max(1, Math.floor(STRETCH / per));
  const shape = split.map(({ total }) => total);
  const prefetch = await prefetchRanges(engine, info, path, axes, signal);
  const full = [...shape, ...elementShape(info.type)];
  const isDirect = split.every(({ pick }) => pick === null);
  let whole: ArrayData = isDirect && ArrayBuffer.isView(into) ? into : [];
  const all = sizeOf(shape);
  for (let index = 0; index < boxes; index++) {
    for (const box of boxPieces(combinationAt(segments, index), info.chunk ?? null, most)) {
      const part = await readHyperslab(engine, info, path, box, per, prefetch, signal);
      const counts = box.map(({ count }) => count);
      if (sizeOf(counts) === all) whole = part;
      else {
        if (whole.length === 0) whole = emptyLike(part, all * cells);
        placeBox(part, counts, whole, shape, box.map(({ source }) => placeOf(source)), cells);
      }
    }
  }
  if (isDirect) return whole;
  return takeResolved(
    { data: whole, shape: full, stride: contiguousStride(full), dtype: dtypeOf(innermostType(info.type)) },
    full.map((count, axis) => {
      const indices = split[axis]?.pick ?? null;
      return indices === null
        ? { kind: "range", start: 0, step: 1, count, drop: false }
        : { kind: "list", indices, count: indices.length, drop: false };
    }),
  ).data;
}

/** A segment as what is cut into pieces; the piece remembers its place as a part of what is read. */
function asPart({ start, step, count, place }: Segment): BoxAxis {
  return { start, step, count, source: { kind: "range", start: place, step: 1, count, drop: false } };
}

function placeOf(source: ResolvedAxis): number {
  return source.kind === "range" ? source.start : source.indices[0]!;
}

async function readHyperslab(
  engine: Engine,
  info: DatasetInfo,
  path: string,
  box: readonly BoxAxis[],
  per: number,
  prefetch: Awaited<ReturnType<typeof prefetchRanges>>,
  signal: AbortSignal | undefined,
): Promise<ArrayData> {
  const rank = box.length;
  const numbers = Float64Array.from([
    ...box.map(({ start }) => start),
    ...box.map(({ count }) => count),
    ...box.map(({ step }) => step),
  ]);
  const count = sizeOf(box.map(({ count }) => count));
  let data: ArrayData | undefined;
  await engine.run(
    { action: `read dataset "${path}"`, object: path },
    (exports) =>
      engine.withHandle(exports, info, (handle) => {
        const status = engine.instance.withBytes(
          new Uint8Array(numbers.buffer),
          (pointer) => exports.mt_dataset_read(handle, rank, pointer, pointer + 8 * rank, pointer + 16 * rank),
        );
        if (status !== OK) return status;
        return takeValue(engine, exports, handle, info.type, count, (value) => data = value.data);
      }),
    { signal, prefetch, bytes: count * per },
  );
  return data!;
}
