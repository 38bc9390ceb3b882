/**
 * What is processed: flat files, recordings, lazy arrays.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../../array/dtype/dtype.ts";
import { memoryArray } from "../../../array/memory.ts";
import { contiguousStride, flatten, isNDArray } from "../../../array/ndarray.ts";
import { withoutInto } from "../../../array/select/into.ts";
import { readSelection } from "../../../array/select/read_selection.ts";
import { resolveSelection } from "../../../array/select/selection.ts";
import { ArrayView, type ResolvedReader } from "../../../array/select/view.ts";
import type { DType, LazyArray, NDArray, NumericData } from "../../../array/types.ts";
import type { AxisOrder } from "../../../raw/extent.ts";
import { openRaw } from "../../../raw/open_raw.ts";
import { decodeSidecar, findSidecar, yassSidecarPath } from "../../../raw/sidecar.ts";
import { decodeYassSidecar } from "../../../raw/yass_sidecar.ts";
import type { Recording } from "../../../recording/recording.ts";
import { describeValue } from "../../../source/describe_value.ts";
import { DTypeError, FormatError, NotFoundError, ShapeError } from "../../../source/errors.ts";
import { openSource, SOURCE_OPTIONS, type SourceInput, type SourceOptions } from "../../../source/open_source.ts";
import { dtypeName } from "./params.ts";
import { type DataOrder, dataOrderOf, type DataOrderWord, oneOf, wholeNumber } from "../words.ts";

/** What can be processed: a flat file by its path or URL (or bytes, a blob, …), a recording, whose samples as stored are taken, or any
 * lazy array or array in memory of [observations, channels], such as an analog signal. */
export type RecordingsSource = SourceInput | Recording | LazyArray | NDArray;

/** Options of opening what is processed. */
export interface RecordingsOptions extends Omit<SourceOptions, "maxMemory" | "meter"> {
  /** The values of a flat file: NumPy's name of a dtype. A YAML file beside it says it by default. */
  readonly dtype?: DType | string | undefined;
  /** Number of channels of a flat file. A YAML file beside it says it by default. */
  readonly nChannels?: number | undefined;
  /**
   * How a flat file lies: `samples`, all channels of an observation together, or `channels`, all observations of a channel. A YAML file
   * beside it says it by default.
   */
  readonly dataOrder?: DataOrderWord | undefined;
  /** Another name of `dataOrder`, which older versions of YASS have: `long` is samples, `wide` is channels. */
  readonly dataFormat?: DataOrderWord | undefined;
  /**
   * How a flat file is read: by ranges (`memmap` and `python` are the same here), or at once into memory (`array`).
   *
   * @default {"memmap"}
   */
  readonly loader?: "memmap" | "array" | "python" | undefined;
  /** Samples per second; for times as text, and for transforms. Recordings, signals and sidecars may know it. */
  readonly samplingRate?: number | undefined;
}

/** Names of those. */
export const RECORDINGS_OPTIONS: Readonly<Record<string, true>> = {
  ...Object.fromEntries(
    Object.keys(SOURCE_OPTIONS).filter((name) => name !== "maxMemory" && name !== "meter").map((name) => [name, true]),
  ),
  dtype: true,
  nChannels: true,
  dataOrder: true,
  dataFormat: true,
  loader: true,
  samplingRate: true,
};

const LARGEST_READ = 2 ** 40;

/** What is processed, opened. */
export interface RecordingsInput {
  /** The values [observations, channels], whatever the file's order. */
  readonly array: LazyArray<NumericData> & ResolvedReader<NumericData>;
  /** How it lies. */
  readonly dataOrder: DataOrder;
  /** What messages call it. */
  readonly name: string;
  /** Its path or URL, where it is a flat file that has one. */
  readonly path: string | URL | null;
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
  /** How it can be opened again. */
  readonly layout: { readonly dtype: string; readonly nChannels: number; readonly dataOrder: DataOrder };
  /** Closes it. */
  close(): Promise<void>;
}

/** Opens what is processed. */
export async function openInput(source: RecordingsSource, options: RecordingsOptions): Promise<RecordingsInput> {
  const order = dataOrderOf(options);
  const loader = oneOf("loader", options.loader ?? "memmap", ["memmap", "array", "python"]);
  const { samplingRate = null } = options;
  if (samplingRate !== null && !(samplingRate > 0 && Number.isFinite(samplingRate))) {
    throw new RangeError(`Cannot use ${describeValue(samplingRate)} as samplingRate: expected a number above 0`);
  }
  const lazy = lazyOf(source);
  const input = lazy === null
    ? await openFlat(source as SourceInput, options, order)
    : { ...asInput(lazy.array, lazy.rate), close: () => Promise.resolve() };
  const named = samplingRate === null ? input : { ...input, samplingRate };
  if (loader !== "array") return named;
  try {
    return { ...named, array: memoryArray(await input.array.read(null, { signal: options.signal })) };
  } catch (error) {
    await input.close();
    throw error;
  }
}

function lazyOf(source: RecordingsSource): { array: LazyArray | NDArray; rate: number | null } | null {
  if (typeof source !== "object" || source === null) return null;
  if (isNDArray(source)) return { array: source, rate: null };
  if (typeof (source as Recording).rawSignal === "function") {
    const recording = source as Recording;
    return { array: recording.rawSignal(), rate: recording.getSignalSamplingRate() };
  }
  const { shape, dtype, read, view } = source as Partial<LazyArray>;
  if (!Array.isArray(shape) || typeof dtype !== "object" || typeof read !== "function" || typeof view !== "function") {
    return null;
  }
  const { samplingRate } = source as { readonly samplingRate?: unknown };
  return { array: source as LazyArray, rate: typeof samplingRate === "number" ? samplingRate : null };
}

function asInput(given: LazyArray | NDArray, samplingRate: number | null): Omit<RecordingsInput, "close"> {
  const lazy = isNDArray(given) ? memoryArray(given) : given;
  const { shape, dtype } = lazy;
  if (shape.length < 1 || shape.length > 2) {
    throw new ShapeError(
      `Cannot process an array of shape [${shape.join(", ")}]: expected [observations, channels]`,
    );
  }
  checkNumbers(dtype);
  const array = matrixOf(lazy as LazyArray<NumericData>);
  const layout = { dtype: dtypeName(dtype), nChannels: array.shape[1]!, dataOrder: "samples" as const };
  const name = (lazy as { readonly name?: unknown }).name;
  return {
    array,
    dataOrder: "samples",
    name: typeof name === "string" ? name : "the array",
    path: null,
    samplingRate,
    layout,
  };
}

async function openFlat(
  source: SourceInput,
  options: RecordingsOptions,
  order: DataOrder | null,
): Promise<RecordingsInput> {
  // The processor's own limit says how large a read may be.
  const sourceOptions: SourceOptions = {
    maxReadBytes: LARGEST_READ,
    ...Object.fromEntries(
      Object.entries(options).filter(([name]) => Object.hasOwn(SOURCE_OPTIONS, name) && name !== "maxMemory"),
    ),
  };
  const given = { dtype: options.dtype, nChannels: options.nChannels, order };
  const { dtype, nChannels, dataOrder, observations, samplingRate } = await layoutOf(source, given, sourceOptions);
  wholeNumber("nChannels", nChannels, 1);
  const kind = typeof dtype === "string" ? dtypeFromNumpy(dtype) : dtype;
  checkNumbers(kind);
  const axis: AxisOrder = dataOrder === "samples" ? "C" : "F";
  // The size is looked at before shapes are, so that messages speak of channels.
  const opened = await openSource(source, sourceOptions);
  try {
    const name = opened.source.name ?? "the recording";
    const { byteLength } = opened.source;
    checkSize(byteLength, kind.itemsize, nChannels, name);
    const rows = byteLength / kind.itemsize / nChannels;
    if (observations !== null && observations !== rows) {
      throw new FormatError(
        `Cannot use the sidecar of ${name}: it says ${observations.toLocaleString("en")} observations, the file has ${
          rows.toLocaleString("en")
        }`,
        { file: name },
      );
    }
    const layout = { dtype, shape: [rows, nChannels], order: axis, sidecar: false };
    const array = await openRaw<NumericData>(opened.source, { ...sourceOptions, ...layout });
    return {
      array,
      dataOrder,
      name,
      path: typeof source === "string" || source instanceof URL ? source : null,
      samplingRate,
      layout: { dtype: dtypeName(kind), nChannels, dataOrder },
      close: async () => {
        await array.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function checkSize(byteLength: number, itemsize: number, nChannels: number, name: string): void {
  if (byteLength % itemsize !== 0) {
    throw new RangeError(
      `Cannot open ${name}: wrong file size or dtype: ${
        byteLength.toLocaleString("en")
      } bytes are no whole number of values of ${itemsize} bytes`,
    );
  }
  const values = byteLength / itemsize;
  if (values % nChannels !== 0) {
    throw new RangeError(
      `Cannot open ${name}: wrong nChannels, the length of the data does not match the number of channels (${
        values.toLocaleString("en")
      } values % ${nChannels} != 0)`,
    );
  }
}

interface Layout {
  readonly dtype: DType | string;
  readonly nChannels: number;
  readonly dataOrder: DataOrder;
  readonly observations: number | null;
  readonly samplingRate: number | null;
}

/** What options say, and a sidecar where they don't say all. */
async function layoutOf(
  source: SourceInput,
  given: {
    readonly dtype: DType | string | undefined;
    readonly nChannels: number | undefined;
    readonly order: DataOrder | null;
  },
  options: SourceOptions,
): Promise<Layout> {
  const { dtype, nChannels, order } = given;
  if (dtype !== undefined && nChannels !== undefined && order !== null) {
    return { dtype, nChannels, dataOrder: order, observations: null, samplingRate: null };
  }
  const beside =
    "at least one of dtype, nChannels and dataOrder isn't given, which needs a YAML file in the same place";
  if (typeof source !== "string" && !(source instanceof URL)) {
    throw new TypeError(`Cannot open a recording: ${beside}, and only a path or URL has one`);
  }
  const found = await findSidecar(source, options);
  if (found === null) {
    throw new NotFoundError(`Cannot open ${String(source)}: ${beside}, but there is no ${yassSidecarPath(source)}`, {
      file: String(source),
    });
  }
  const isYaml = !found.text.trimStart().startsWith("{");
  const said = isYaml ? await decodeYassSidecar(found.text, found.name) : await fromOurs(found.text, found.name);
  const channels = nChannels ?? said.nChannels;
  if (channels === null) {
    throw new FormatError(
      `Cannot use ${found.name} as a sidecar: its n_channels is null, as YASS 0.9 writes it; give nChannels`,
      { file: found.name },
    );
  }
  const isSame = dtype === undefined && nChannels === undefined && order === null;
  return {
    dtype: dtype ?? said.dtype,
    nChannels: channels,
    dataOrder: order ?? (said.order === "C" ? "samples" : "channels"),
    observations: isSame ? said.observations : null,
    samplingRate: said.samplingRate,
  };
}

/** What our own sidecar says, which is JSON. */
async function fromOurs(text: string, name: string) {
  const { dtype, shape, order, offset, scale, recording } = await decodeSidecar(text, name);
  if (shape.length < 1 || shape.length > 2 || offset !== 0 || scale !== undefined) {
    throw new FormatError(
      `Cannot use ${name} as a sidecar: it says a shape that isn't [observations, channels], an offset, or a scale; open the file by openRaw, and give that`,
      { file: name },
    );
  }
  return {
    dtype,
    nChannels: shape.length === 1 ? 1 : shape[1]!,
    order,
    observations: shape[0] === -1 ? null : shape[0]!,
    samplingRate: recording?.samplingRate ?? null,
  };
}

function checkNumbers({ kind }: DType): void {
  if (kind === "int" || kind === "uint" || kind === "float" || kind === "bool") return;
  throw new DTypeError(`Cannot process values of the kind ${kind}: expected real numbers`);
}

/** An array of one axis as one of [observations, 1]; one of two as it is. */
function matrixOf(array: LazyArray<NumericData>): LazyArray<NumericData> & ResolvedReader<NumericData> {
  const isFlat = array.shape.length === 1;
  const matrix: LazyArray<NumericData> & ResolvedReader<NumericData> = {
    shape: isFlat ? [array.shape[0]!, 1] : array.shape,
    dtype: array.dtype,
    chunkShape: array.chunkShape === null ? null : isFlat ? [array.chunkShape[0]!, 1] : array.chunkShape,
    read: (selection, options) => readSelection(matrix, selection, options),
    view: (selection) => new ArrayView(matrix, resolveSelection(selection, matrix.shape)),
    async readResolved(axes, options) {
      const inner = axes.slice(0, isFlat ? 1 : 2).map((axis) =>
        axis.kind === "list"
          ? axis.indices
          : axis.drop
          ? axis.start
          : axis.count === 0
          ? { start: 0, stop: 0, step: 1 }
          : axis.step > 0
          ? { start: axis.start, stop: axis.start + axis.count * axis.step, step: axis.step }
          : Array.from({ length: axis.count }, (_, i) => axis.start + i * axis.step)
      );
      const rows = flatten(await array.read(inner, isFlat ? withoutInto(options) : options));
      if (!isFlat) return rows;
      const repeat = axes[1]!.count;
      const shape = axes.filter(({ drop }) => !drop).map(({ count }) => count);
      const data = repeat === 1 ? rows.data : repeated(rows.data, repeat);
      return { data, shape, stride: contiguousStride(shape), dtype: rows.dtype };
    },
  };
  return matrix;
}

function repeated(data: NumericData, times: number): NumericData {
  const out = new (data.constructor as new (length: number) => NumericData)(data.length * times);
  for (let i = 0; i < out.length; i++) out[i] = data[Math.floor(i / times)]!;
  return out;
}
