/**
 * Signals through the module: filters, references, weighted sums and rounding, of rows of channels in blocks.
 *
 * @module
 */
import { type Arena, check, type ReaderInstance } from "./memory.ts";
import { bytesOf, type ElementArray, type ElementType, newArray, TYPES } from "./types.ts";

/** Bytes of float64 that a block has: what a core's cache holds beside its source and its result. */
const BLOCK = 2 ** 19;

/** Conversions of `reader.h`: what float32 can't hold becomes infinite, integers take the nearest. */
const [WRAP, CLIP] = [1, 2];

/** Any typed array of numbers. */
export type Numbers = ElementArray<ElementType>;

/** Rows of channels. */
export interface NumberRows {
  /** The values, `rows` times `channels`, in C order. */
  readonly data: Numbers;
  /** Number of rows. */
  readonly rows: number;
  /** Number of channels. */
  readonly channels: number;
}

/** How {@linkcode runSectionsIn} goes. */
export interface SectionsRun {
  /** Sections of six numbers, one after the other. */
  readonly sections: Float64Array;
  /** What they have kept, `[sections][2][channels]`; it is carried on. */
  readonly state: Float64Array;
  /** Whether the last row comes first. */
  readonly backwards: boolean;
}

/**
 * Filters rows.
 *
 * @param instance The module.
 * @param source The rows, of any type.
 * @param target Where the result goes, of as many values, or `null` where only the state is wanted; may be the source.
 * @param run The filter.
 */
export function runSectionsIn(
  instance: ReaderInstance,
  source: NumberRows,
  target: Float32Array | Float64Array | null,
  { sections, state, backwards }: SectionsRun,
): void {
  const { rows, channels } = source;
  if (rows === 0 || channels === 0) return;
  instance.call((arena) => {
    const sectionsAt = arena.put(sections);
    const stateAt = arena.put(state);
    const through = blocksThrough(arena, source, target);
    for (let done = 0; done < rows; done += through.block) {
      const now = Math.min(through.block, rows - done);
      const first = backwards ? rows - done - now : done;
      const at = through.into(first, now);
      check(
        arena.exports.mr_sections(at, now, channels, sectionsAt, sections.length / 6, stateAt, backwards ? 1 : 0),
      );
      through.out(at, first, now);
    }
    bytesOf(state).set(arena.view(stateAt, state.byteLength));
  });
}

/** A reference: a statistic of some channels, which is taken off some. */
export interface ReferenceOf {
  /** Channels that it is taken off. */
  readonly targets: Uint32Array;
  /** Channels that it is made of. */
  readonly members: Uint32Array;
}

/**
 * Takes references off channels; what no reference names comes as it was.
 *
 * @param instance The module.
 * @param source The rows, of any type.
 * @param target Where the result goes.
 * @param references The references, each channel a target of one at most.
 * @param statistic What they are.
 */
export function subtractReferences(
  instance: ReaderInstance,
  source: NumberRows,
  target: Float32Array | Float64Array,
  references: readonly ReferenceOf[],
  statistic: "median" | "mean",
): void {
  const { rows, channels } = source;
  if (rows === 0 || channels === 0) return;
  instance.call((arena) => {
    const placed = references.map(({ targets, members }) => ({
      targets: [arena.put(targets), targets.length] as const,
      members: [arena.put(members), members.length] as const,
    }));
    const room = arena.take(8 * channels);
    const through = blocksThrough(arena, source, target);
    const result = arena.take(8 * through.block * channels);
    for (let first = 0; first < rows; first += through.block) {
      const now = Math.min(through.block, rows - first);
      const at = through.into(first, now);
      arena.view(result, 8 * now * channels).set(arena.view(at, 8 * now * channels));
      for (const { targets, members } of placed) {
        check(
          arena.exports.mr_reference(
            result,
            at,
            now,
            channels,
            ...targets,
            ...members,
            room,
            statistic === "median" ? 0 : 1,
          ),
        );
      }
      through.out(result, first, now);
    }
  });
}

/**
 * Makes channels that are sums of channels.
 *
 * @param instance The module.
 * @param source The rows, of any type.
 * @param target Where the result goes: rows of as many channels as the matrix has columns.
 * @param matrix `[channels][columns]`.
 */
export function mixChannels(
  instance: ReaderInstance,
  source: NumberRows,
  target: Float32Array | Float64Array,
  matrix: Float64Array,
): void {
  const { rows, channels } = source;
  if (rows === 0 || channels === 0 || matrix.length === 0) return;
  const columns = matrix.length / channels;
  const block = Math.min(rows, Math.max(1, Math.floor(BLOCK / 8 / Math.max(channels, columns))));
  instance.call((arena) => {
    const matrixAt = arena.put(matrix);
    const load = loader(arena, source, block);
    const result = arena.take(8 * block * columns);
    const store = storer(arena, target, block * columns);
    for (let first = 0; first < rows; first += block) {
      const now = Math.min(block, rows - first);
      const at = load(first * channels, now * channels);
      check(arena.exports.mr_mix(result, columns, at, now, channels, matrixAt));
      store(result, first * columns, now * columns);
    }
  });
}

/** Weighted sums of rows: see `mr_weigh` in `reader.h`. */
export interface Weighing {
  /** `[up][width]`, or `[width][channels]` where each channel has its own. */
  readonly weights: Float64Array;
  /** How many rows a sum has. */
  readonly width: number;
  /** Phases. */
  readonly up: number;
  /** Steps from one output row to the next, of which `up` make an input row. */
  readonly down: number;
  /** The first output row's step. */
  readonly start: number;
  /** Whether each channel has weights of its own. */
  readonly isEach: boolean;
}

/**
 * Makes rows that are weighted sums of rows.
 *
 * @param instance The module.
 * @param source The rows, of any type: all that are asked for.
 * @param target Where the result goes: as many rows as it holds are made.
 * @param weighing The weights.
 */
export function weighRows(
  instance: ReaderInstance,
  source: NumberRows,
  target: Float32Array | Float64Array,
  { weights, width, up, down, start, isEach }: Weighing,
): void {
  const { channels } = source;
  const rows = target.length / channels;
  if (rows === 0 || channels === 0) return;
  // As many output rows as fit, with what they need of the input.
  const room = Math.max(1, Math.floor(BLOCK / 8 / channels));
  const block = Math.min(rows, Math.max(1, Math.floor(Math.max(room - width, room / 2) * up / Math.max(up, down))));
  const most = Math.ceil(block * down / up) + width + 1;
  instance.call((arena) => {
    const weightsAt = arena.put(weights);
    const load = loader(arena, source, Math.min(most, source.rows));
    const result = arena.take(8 * block * channels);
    const store = storer(arena, target, block * channels);
    for (let first = 0; first < rows; first += block) {
      const now = Math.min(block, rows - first);
      const step = start + first * down;
      const from = Math.floor(step / up);
      const needed = Math.floor((step % up + (now - 1) * down) / up) + width;
      const at = load(from * channels, needed * channels);
      check(
        arena.exports.mr_weigh(
          result,
          now,
          at,
          needed,
          channels,
          weightsAt,
          width,
          up,
          down,
          step % up,
          isEach ? 1 : 0,
        ),
      );
      store(result, first * channels, now * channels);
    }
  });
}

/** Integers that {@linkcode roundTo} gives. */
export type RoundedType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32";

/**
 * The nearest integers, ties to even, clipped to what the type holds.
 *
 * @param instance The module.
 * @param source Values of any type.
 * @param type The type wanted.
 * @returns The integers, and the index of the first NaN, or -1; behind it nothing is done.
 */
export function roundTo<T extends RoundedType>(
  instance: ReaderInstance,
  source: Numbers,
  type: T,
): { readonly data: ElementArray<T>; readonly nan: number } {
  const data = newArray(type, source.length);
  const bytes = bytesOf(data);
  const size = data.BYTES_PER_ELEMENT;
  const code = TYPES.indexOf(type);
  const block = Math.min(source.length, BLOCK / 8);
  const isFloat = source instanceof Float32Array || source instanceof Float64Array;
  let nan = -1;
  if (source.length === 0) return { data, nan };
  instance.call((arena) => {
    const load = isFloat
      ? loader(arena, { data: source, rows: block, channels: 1 }, block)
      : rawLoader(arena, source, block);
    const result = arena.take(size * block);
    for (let first = 0; first < source.length && nan < 0; first += block) {
      const now = Math.min(block, source.length - first);
      const at = load(first, now);
      const { mr_round, mr_convert } = arena.exports;
      const done = isFloat ? mr_round(result, code, at, now) : mr_convert(result, code, at, typeOf(source), now, CLIP);
      check(done);
      if (done < now) nan = first + done;
      bytes.set(arena.view(result, size * now), size * first);
    }
  });
  return { data, nan };
}

function blocksThrough(arena: Arena, source: NumberRows, target: Float32Array | Float64Array | null) {
  const { rows, channels } = source;
  const block = Math.min(rows, Math.max(1, Math.floor(BLOCK / 8 / channels)));
  const load = loader(arena, source, block);
  const store = target === null ? null : storer(arena, target, block * channels);
  return {
    block,
    into: (first: number, now: number) => load(first * channels, now * channels),
    out: (at: number, first: number, now: number) => store?.(at, first * channels, now * channels),
  };
}

/** Takes room for `rows` rows; a call puts so many elements there as float64, and gives their address. */
function loader(arena: Arena, { data, channels }: NumberRows, rows: number): (first: number, count: number) => number {
  const code = typeOf(data);
  const isDouble = code === TYPES.indexOf("float64");
  const size = data.BYTES_PER_ELEMENT;
  const bytes = bytesOf(data);
  const at = arena.take(8 * rows * channels);
  const raw = isDouble ? at : arena.take(size * rows * channels);
  return (first, count) => {
    arena.view(raw, count * size).set(bytes.subarray(first * size, (first + count) * size));
    if (!isDouble) check(arena.exports.mr_convert(at, TYPES.indexOf("float64"), raw, code, count, WRAP));
    return at;
  };
}

/** As {@linkcode loader}, of elements as they are. */
function rawLoader(arena: Arena, data: Numbers, most: number): (first: number, count: number) => number {
  const size = data.BYTES_PER_ELEMENT;
  const bytes = bytesOf(data);
  const at = arena.take(size * most);
  return (first, count) => {
    arena.view(at, count * size).set(bytes.subarray(first * size, (first + count) * size));
    return at;
  };
}

/** A call takes so many elements of float64 at an address to the result. */
function storer(
  arena: Arena,
  target: Float32Array | Float64Array,
  most: number,
): (at: number, first: number, count: number) => void {
  const size = target.BYTES_PER_ELEMENT;
  const bytes = bytesOf(target);
  const thin = size === 4 ? arena.take(4 * most) : 0;
  return (at, first, count) => {
    if (size === 4) {
      check(arena.exports.mr_convert(thin, TYPES.indexOf("float32"), at, TYPES.indexOf("float64"), count, WRAP));
    }
    bytes.set(arena.view(size === 4 ? thin : at, count * size), first * size);
  };
}

/** The type's number; classes are told by what they are, since bundles may rename them. */
function typeOf(data: Numbers): number {
  const classes = [
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    BigInt64Array,
    BigUint64Array,
    Float32Array,
    Float64Array,
  ];
  return classes.findIndex((type) => data instanceof type);
}
