/**
 * Digital lines that are stored as bits of words, sample by sample: where they change. Status channels of BDF, digital inputs
 * of Intan, words of SpikeGLX. Walked in large blocks, so that memory is bounded by what is found.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import { CorruptFileError, LimitError } from "../source/errors.ts";

/** Where the words of a lazy array change. */
export interface WordChanges {
  /** The word of the first sample, with the bits that are looked at only; 0 where there are no samples. */
  readonly initial: number;
  /** Samples at which the word is another than at the one before, ascending. */
  readonly rows: Float64Array;
  /** The word from there on, for each. */
  readonly words: Uint32Array;
}

/** Options of {@linkcode scanWords}. */
export interface ScanWordsOptions {
  /** What messages call the words: file and channel. */
  readonly name: string;
  /**
   * Which column holds them, where the array is [samples, channels].
   *
   * @default {0}
   */
  readonly column?: number | undefined;
  /**
   * The bits that are looked at.
   *
   * @default {all that a word has}
   */
  readonly mask?: number | undefined;
  /**
   * Bytes of the array that are walked at once, over all of its channels.
   *
   * @default {8 MiB}
   */
  readonly blockBytes?: number | undefined;
  /**
   * The most changes that are kept, at 12 bytes each; more is an error.
   *
   * @default {8388608}
   */
  readonly maxChanges?: number | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** The most changes that are kept: 100 MB of them. */
const MAX_CHANGES = 8 * 1024 * 1024;
const BLOCK_BYTES = 8 * 1024 * 1024;

/**
 * Finds where words change. One block is read while the one before is looked at.
 *
 * @param array Integers of at most 32 bits, of shape [samples] or [samples, channels]
 * @param options Which column, which bits
 * @throws {LimitError} If they change more often than `maxChanges`
 */
export async function scanWords(array: LazyArray, options: ScanWordsOptions): Promise<WordChanges> {
  const { column = 0, maxChanges = MAX_CHANGES, signal, onProgress } = options;
  const { itemsize } = array.dtype;
  const mask = (options.mask ?? 0xffffffff >>> 32 - 8 * itemsize) >>> 0;
  const [count = 0, width = 1] = array.shape;
  const step = blockRows(array, width * itemsize, options.blockBytes ?? BLOCK_BYTES);
  const read = async (start: number) => {
    const rows = { start, stop: Math.min(count, start + step), step: 1 };
    return (await array.read(array.shape.length === 1 ? [rows] : [rows, column], { signal })).data as ArrayLike<number>;
  };
  const found = new Changes(options.name, maxChanges);
  let initial = 0;
  let word = 0;
  let next = count === 0 ? undefined : read(0);
  for (let start = 0; next !== undefined; start += step) {
    const block = await next;
    signal?.throwIfAborted();
    next = start + step < count ? read(start + step) : undefined;
    // Told of where it is awaited; until then nobody listens.
    next?.catch(() => {});
    if (start === 0) word = initial = (block[0]! & mask) >>> 0;
    for (let i = 0; i < block.length; i++) {
      const now = (block[i]! & mask) >>> 0;
      if (now === word) continue;
      found.add(start + i, now);
      word = now;
    }
    onProgress?.(Math.min(1, (start + step) / count));
  }
  return { initial, ...found.all() };
}

/** Rows of a block: whole chunks, where there are chunks. */
function blockRows(array: LazyArray, rowBytes: number, blockBytes: number): number {
  const rows = Math.max(1, Math.floor(blockBytes / Math.max(1, rowBytes)));
  const chunk = array.chunkShape?.[0] ?? 1;
  return chunk > 1 ? Math.max(1, Math.floor(rows / chunk)) * chunk : rows;
}

/** A list that grows. */
class Changes {
  readonly #name: string;
  readonly #most: number;
  #rows = new Float64Array(64);
  #words = new Uint32Array(64);
  #count = 0;

  constructor(name: string, most: number) {
    this.#name = name;
    this.#most = most;
  }

  add(row: number, word: number): void {
    const at = this.#count++;
    if (at >= this.#most) {
      throw new LimitError(
        `Cannot find the events of ${this.#name}: by sample ${
          row.toLocaleString("en")
        } its lines have changed more than ` +
          `${this.#most.toLocaleString("en")} times; its words can be read as a signal`,
        { file: this.#name },
      );
    }
    if (at === this.#rows.length) {
      const rows = new Float64Array(2 * at);
      rows.set(this.#rows);
      this.#rows = rows;
      const words = new Uint32Array(2 * at);
      words.set(this.#words);
      this.#words = words;
    }
    this.#rows[at] = row;
    this.#words[at] = word;
  }

  all(): Pick<WordChanges, "rows" | "words"> {
    return { rows: this.#rows.slice(0, this.#count), words: this.#words.slice(0, this.#count) };
  }
}

/** Where one line changes. */
export interface LineChanges {
  /** Whether it is on at the first sample. */
  readonly initial: boolean;
  /** Samples at which it changes, ascending. */
  readonly rows: Float64Array;
  /** Whether it is on from the first of them on; it alternates from there. */
  readonly firstIsOn: boolean;
}

/**
 * Where one bit of words changes.
 *
 * @param changes Of the words
 * @param bit Which bit: 0 is the lowest
 */
export function lineChanges({ initial, rows, words }: WordChanges, bit: number): LineChanges {
  const isOn = (word: number) => (word >>> bit & 1) === 1;
  let now = isOn(initial);
  const picked: number[] = [];
  for (let i = 0; i < words.length; i++) {
    if (isOn(words[i]!) === now) continue;
    picked.push(rows[i]!);
    now = !now;
  }
  return { initial: isOn(initial), rows: Float64Array.from(picked), firstIsOn: !isOn(initial) };
}

/** Changes as JSON carries them. */
export interface WordChangesIndex {
  /** The first word. */
  readonly initial: number;
  /** Samples. */
  readonly rows: readonly number[];
  /** Words. */
  readonly words: readonly number[];
}

/** Changes as plain data. */
export function wordChangesIndex({ initial, rows, words }: WordChanges): WordChangesIndex {
  return { initial, rows: Array.from(rows), words: Array.from(words) };
}

/**
 * Changes from plain data, which may come from anyone.
 *
 * @param index What {@linkcode wordChangesIndex} gave
 * @param count Number of samples
 * @param name What messages call the file
 * @throws {CorruptFileError} If it isn't that, or isn't of so many samples
 */
export function wordChangesFrom(index: unknown, count: number, name: string): WordChanges {
  const { initial, rows, words } = (index ?? {}) as { initial?: unknown; rows?: unknown; words?: unknown };
  const isWord = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffffffff;
  let last = 0;
  const isRow = (value: unknown) => Number.isInteger(value) && Number(value) > last && (last = Number(value)) < count;
  const fits = isWord(initial) && Array.isArray(rows) && Array.isArray(words) && rows.length === words.length &&
    rows.every(isRow) && words.every(isWord);
  if (!fits) {
    throw new CorruptFileError(`Cannot use the index of ${name}: it isn't a list of changes of its digital words`, {
      file: name,
    });
  }
  return { initial: Number(initial), rows: Float64Array.from(rows), words: Uint32Array.from(words) };
}
