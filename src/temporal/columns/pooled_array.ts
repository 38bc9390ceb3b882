/**
 * Arrays of files that needn't be open.
 *
 * @module
 */

import { readSelection } from "../../array/select/read_selection.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import { shapeText } from "../../array/ndarray.ts";
import { resolveSelection } from "../../array/select/selection.ts";
import type { DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../../array/types.ts";
import { ArrayView, type ResolvedReader } from "../../array/select/view.ts";
import type { Dataset } from "../../hdf5/dataset.ts";
import { engineOf } from "../../hdf5/objects.ts";
import { FileChangedError } from "../../source/errors.ts";
import type { RecordingPool } from "../dataset/recording_pool.ts";

/** A dataset of a recording, whose file is opened when it is read, unless it still is open. */
export class PooledArray implements LazyArray, ResolvedReader {
  /** What messages call its file. */
  readonly file: string;
  /** Path in its file. */
  readonly path: string;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType;
  /** Shape of its chunks, `null` where it has none. */
  readonly chunkShape: readonly number[] | null;
  readonly #pool: RecordingPool;
  readonly #recordingId: string;

  /**
   * Remembers a dataset.
   *
   * @param pool The files
   * @param recordingId Whose dataset it is
   * @param dataset The dataset; it isn't kept
   */
  constructor(pool: RecordingPool, recordingId: string, dataset: Dataset) {
    this.#pool = pool;
    this.#recordingId = recordingId;
    this.file = engineOf(dataset).name;
    this.path = dataset.path;
    this.shape = dataset.shape;
    this.dtype = dataset.dtype;
    this.chunkShape = dataset.chunkShape;
  }

  /** Reads a selection, everything by default. */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray> {
    return readSelection(this, selection, options);
  }

  /** Reads a checked selection. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray> {
    return await this.#pool.use(this.#recordingId, async ({ dataset, file }) => {
      const found = await dataset(this.path);
      const isSame = shapeText(found.shape) === shapeText(this.shape) &&
        describeDType(found.dtype) === describeDType(this.dtype);
      if (!isSame) {
        throw new FileChangedError(
          `Cannot read dataset "${this.path}" of ${file.name}: it has changed since the file was first opened`,
          { file: file.name, object: this.path },
        );
      }
      return await found.readResolved(axes, options);
    }, options.signal);
  }

  /** The selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): ArrayView {
    return new ArrayView(this, resolveSelection(selection, this.shape));
  }
}
