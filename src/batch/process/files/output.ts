/**
 * Files of results: flat ones with a sidecar, HDF5, Zarr, folders as SpikeInterface saves them.
 *
 * Results are written beside the target, and put in its place when all are there; the sidecar comes last. So what is being written never
 * looks finished, and what was there before stays until then.
 *
 * @module
 */

import { describeDType, dtypeFromNumpy } from "../../../array/dtype/dtype.ts";
import { flatten, isNDArray, nativeDType, ndarray } from "../../../array/ndarray.ts";
import type { DType, NDArray, NumericData } from "../../../array/types.ts";
import { openRaw } from "../../../raw/open_raw.ts";
import { encodeYassSidecar, yassSidecarName } from "../../../raw/yass_sidecar.ts";
import { describeValue } from "../../../source/describe_value.ts";
import { DTypeError, ShapeError } from "../../../source/errors.ts";
import { openSink } from "../../../source/sink/open_sink.ts";
import type { ByteSink } from "../../../source/sink/sink.ts";
import { fileFacts, joinPath, makeFolder, remove } from "./files_node.ts";
import type { Making } from "./making.ts";
import { type BatchParams, dtypeName } from "./params.ts";
import { spikeInterfaceJson, TRACES } from "./spike_interface.ts";

/** Kinds of output. */
export type OutputFormat = "binary" | "hdf5" | "zarr" | "spikeinterface";

/** Where results go. */
export interface OutputTarget {
  /** The path. */
  readonly path: string;
  /** The kind. */
  readonly format: OutputFormat;
  /** Whether results are of one channel each, one channel behind the other. */
  readonly isPerChannel: boolean;
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
}

/** The kind of output that a path's ending stands for. */
export function formatOf(path: string): OutputFormat {
  return /\.(h5|hdf5)$/i.test(path) ? "hdf5" : /\.zarr[\\/]?$/i.test(path) ? "zarr" : "binary";
}

/** Where the sidecar of an output lies. */
export function outputSidecar(path: string): string {
  return yassSidecarName(path.replace(/(?<=.)[\\/]+$/, ""));
}

/** An output that is being written. */
export class FileOutput {
  readonly #target: OutputTarget;
  readonly #sink: ByteSink;
  /** Where values are gathered first, of formats that aren't flat. */
  readonly #part: string | null;
  readonly #lengths: number[] = [];
  #dtype: DType | null = null;
  #channels = 0;
  #values = 0;

  private constructor(target: OutputTarget, sink: ByteSink, part: string | null) {
    this.#target = target;
    this.#sink = sink;
    this.#part = part;
  }

  /** Begins one. */
  static async open(target: OutputTarget): Promise<FileOutput> {
    const { path, format } = target;
    if (format === "spikeinterface") {
      spikeInterfaceJson({ ...target, nChannels: 1, dtype: "int16" });
      makeFolder(path);
      return new FileOutput(target, await openSink(joinPath(path, TRACES)), null);
    }
    if (format === "binary") return new FileOutput(target, await openSink(path), null);
    const random = crypto.getRandomValues(new Uint32Array(2));
    const part = `${path.replace(/[\\/]+$/, "")}.${[...random].map((word) => word.toString(36)).join("")}.part`;
    return new FileOutput(target, await openSink(part), part);
  }

  /** Adds the result of a batch; `group` says of which channel, of batches of one. */
  append(result: unknown, group: number): void {
    const { isPerChannel } = this.#target;
    const array = asArray(result);
    const { shape, dtype } = array;
    if (shape.length > (isPerChannel ? 1 : 2)) {
      throw new ShapeError(
        `Cannot write a result of shape [${shape.join(", ")}]: expected ${
          isPerChannel ? "[observations]" : "[observations, channels]"
        }`,
      );
    }
    this.#dtype ??= dtype;
    if (dtypeName(dtype) !== dtypeName(this.#dtype)) {
      throw new DTypeError(
        `Cannot write a result of ${describeDType(dtype)} behind others of ${
          describeDType(this.#dtype)
        }: give castDtype`,
      );
    }
    const channels = isPerChannel ? 1 : shape.at(-1) ?? 1;
    if (this.#lengths.length === 0) this.#channels = channels;
    if (channels !== this.#channels) {
      throw new ShapeError(`Cannot write a result of ${channels} channels behind others of ${this.#channels}`);
    }
    this.#lengths[group] = (this.#lengths[group] ?? 0) + array.data.length / Math.max(1, channels);
    const { buffer, byteOffset, byteLength } = array.data;
    this.#sink.writeSync(this.#sink.byteLength, new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
    this.#values += array.data.length;
  }

  /**
   * Puts the output in its place, and its sidecar beside it.
   *
   * @param dtype That of outputs without a result
   * @param channels Channels of those
   * @param making How it was made
   */
  async finish(dtype: DType, channels: number, making: Making): Promise<BatchParams> {
    const { path, isPerChannel, samplingRate } = this.#target;
    const odd = this.#lengths.findIndex((length) => length !== this.#lengths[0]);
    if (odd > 0) {
      throw new ShapeError(
        `Cannot write ${path}: results of one channel have ${this.#lengths[0]} values, of another ${
          this.#lengths[odd]
        }`,
      );
    }
    const params: BatchParams = {
      dtype: dtypeName(this.#dtype ?? dtype),
      nChannels: isPerChannel ? Math.max(channels, this.#lengths.length) : this.#channels || channels,
      dataOrder: isPerChannel ? "channels" : "samples",
    };
    const observations = this.#values / params.nChannels;
    const sidecar = outputSidecar(path);
    const text = await encodeYassSidecar({
      dtype: params.dtype,
      nChannels: params.nChannels,
      order: isPerChannel ? "F" : "C",
      observations,
      samplingRate,
      making,
    });
    // An old sidecar must not stand beside a new output.
    remove(sidecar);
    await this.#place(params, observations);
    await writeText(sidecar, text);
    return params;
  }

  async #place({ dtype, nChannels, dataOrder }: BatchParams, observations: number): Promise<void> {
    const { path, format } = this.#target;
    if (format === "spikeinterface") {
      const description = joinPath(path, "binary.json");
      remove(description);
      await this.#sink.commit();
      return await writeText(description, spikeInterfaceJson({ ...this.#target, nChannels, dtype }));
    }
    await this.#sink.commit();
    if (format === "binary") return;
    const order = dataOrder === "samples" ? "C" : "F";
    try {
      await using values = await openRaw<NumericData>(this.#part!, {
        dtype: dtypeFromNumpy(dtype),
        shape: [observations, nChannels],
        order,
        sidecar: false,
      });
      if (format === "zarr") {
        const { writeZarr } = await import("../../../zarr/write/write_node.ts");
        await writeZarr(path, { "/": values }, { overwrite: true });
        return;
      }
      const { create } = await import("../../../hdf5/write/create.ts");
      await using file = await create(path, { overwrite: true });
      const { samplingRate } = this.#target;
      const attributes = samplingRate === null ? {} : { attributes: { sampling_rate: samplingRate } };
      await file.write("data", values, attributes);
      await file.close();
    } finally {
      remove(this.#part!);
    }
  }

  /** Forgets what was written: what was there before stays. */
  async abandon(): Promise<void> {
    await this.#sink.abandon();
    if (this.#part !== null && fileFacts(this.#part) !== null) remove(this.#part);
  }
}

async function writeText(path: string, text: string): Promise<void> {
  const sink = await openSink(path);
  try {
    sink.writeSync(0, new TextEncoder().encode(text));
    await sink.commit();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

/** A result as an array of numbers. */
function asArray(result: unknown): NDArray<NumericData> {
  const array = isNDArray(result)
    ? result
    : ArrayBuffer.isView(result) && !(result instanceof DataView)
    ? ndarray(result as NumericData)
    : typeof result === "number"
    ? { data: Float64Array.of(result), shape: [], stride: [], dtype: nativeDType(Float64Array.of(0)) }
    : null;
  if (array === null || Array.isArray(array.data)) {
    throw new TypeError(`Cannot write the result ${describeValue(result)}: expected an array of numbers`);
  }
  return flatten(array as NDArray<NumericData>);
}
