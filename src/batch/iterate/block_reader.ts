/**
 * Elements that come one by one, gathered into blocks.
 *
 * @module
 */

import { shapeText } from "../../array/ndarray.ts";
import { slice } from "../../array/select/slice.ts";
import type { ArrayData, DataChunk, DType, NDArray } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import { asArray, stack } from "./elements.ts";
import { isPromiseLike } from "./walk.ts";

/** What elements are, as far as that is known; what isn't becomes known with the first one. */
export interface ElementForm {
  /** Their type. */
  dtype: DType | null;
  /** Their shape: that of the whole without the axis along which they follow on each other. */
  shape: readonly number[] | null;
}

/** How elements are gathered. */
export interface BlockReaderOptions {
  /** Elements per block. */
  readonly bufferSize: number;
  /** The axis of the whole along which elements follow on each other. */
  readonly iterAxis: number;
  /** How long the whole can become, where that is given. */
  readonly maxShape: readonly (number | null)[] | null;
}

/** Gathers elements into blocks. */
export class BlockReader {
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #form: ElementForm;
  readonly #options: BlockReaderOptions;
  #position = 0;
  #ended = false;
  /** Whether elements come later than they are asked for. */
  readonly isAsync: boolean;

  /** Reads from `iterator`; completes `form` by the first element. */
  constructor(
    iterator: Iterator<unknown> | AsyncIterator<unknown>,
    form: ElementForm,
    options: BlockReaderOptions,
  ) {
    this.#iterator = iterator;
    this.isAsync = Symbol.asyncIterator in iterator;
    this.#form = form;
    this.#options = options;
  }

  /**
   * The next block, or `null` after the last one. Gaps before it are skipped; one within it ends it.
   *
   * @throws {ShapeError} If an element has another shape than the others
   * @throws {DTypeError} If an element can't become the dtype
   */
  async next(): Promise<DataChunk | null> {
    const { bufferSize, iterAxis } = this.#options;
    const pieces: NDArray[] = [];
    let start = this.#position;
    while (pieces.length < bufferSize && !this.#ended) {
      const step = this.#iterator.next();
      const { done, value } = isPromiseLike(step) ? await step : step;
      if (done) {
        this.#ended = true;
        break;
      }
      const element: unknown = isPromiseLike(value) ? await value : value;
      const index = this.#position++;
      if (element !== null && element !== undefined) {
        if (pieces.length === 0) start = index;
        pieces.push(this.#take(element, index));
      } else if (pieces.length > 0) break;
    }
    if (pieces.length === 0) return null;
    const data = stack(pieces, iterAxis, `gather elements from ${start} on into a block`);
    const whole = slice(null);
    const selection = data.shape.map((_, axis) => axis === iterAxis ? slice(start, start + pieces.length) : whole);
    return { data: data as NDArray<ArrayData>, selection };
  }

  /** Tells the source that no more is wanted. It may still be at work on an element, so this isn't waited for. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    Promise.resolve(this.#iterator.return?.()).catch(() => {});
  }

  #take(element: unknown, index: number): NDArray {
    const form = this.#form;
    const action = `use element ${index} of the data`;
    const array = asArray(element, form.dtype, action);
    form.dtype ??= array.dtype;
    if (form.shape === null) {
      this.#checkMaxShape(array, action);
      form.shape = array.shape;
    } else if (array.shape.length !== form.shape.length || array.shape.some((n, axis) => n !== form.shape![axis])) {
      throw new ShapeError(
        `Cannot ${action}: it has shape ${shapeText(array.shape)}, expected ${shapeText(form.shape)}`,
      );
    }
    const limit = this.#options.maxShape?.[this.#options.iterAxis] ?? Infinity;
    if (index >= limit) throw new ShapeError(`Cannot ${action}: maxShape allows ${limit}`);
    return array.dtype === form.dtype ? array : asArray(array, form.dtype, action);
  }

  #checkMaxShape({ shape }: NDArray, action: string): void {
    const { iterAxis, maxShape } = this.#options;
    if (iterAxis > shape.length) {
      throw new ShapeError(
        `Cannot ${action}: its shape ${shapeText(shape)} leaves no axis ${iterAxis} to iterate over`,
      );
    }
    if (maxShape === null) return;
    const rest = maxShape.toSpliced(iterAxis, 1);
    if (rest.length === shape.length && rest.every((limit, axis) => limit === null || limit === shape[axis])) return;
    throw new ShapeError(`Cannot ${action}: its shape ${shapeText(shape)} doesn't fit maxShape ${shapeText(maxShape)}`);
  }
}
