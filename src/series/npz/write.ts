/**
 * Saving series as the `.npz` files that pynapple loads.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import { axisIndices, resolveSelection } from "../../array/select/selection.ts";
import type { LazyArray, NDArray } from "../../array/types.ts";
import { ArrayView } from "../../array/select/view.ts";
import { encodeNpz, type NpzEncodeOptions, writeNpz, type WriteNpzOptions } from "../../npy/write_npz.ts";
import type { SinkTarget } from "../../source/sink/sink.ts";
import type { TimeAxis } from "../../time/axis.ts";
import { IntervalSet } from "../intervals/interval_set.ts";
import { mergeTimes } from "../group/merge_times.ts";
import { encodeColumn, encodeMetadata, OBJECT } from "./columns.ts";
import type { SeriesKind } from "./kind.ts";
import { describe } from "../values/numbers.ts";
import { Ts } from "../ts.ts";
import { TsGroup } from "../ts_group.ts";
import { Tsd } from "../tsd.ts";
import { TsdFrame } from "../tsd_frame.ts";
import { TsdTensor } from "../tsd_tensor.ts";
import { loadValues, toNumbers } from "../values/values.ts";

/** What pynapple's `.npz` files hold. */
export type SeriesObject = Ts | Tsd | TsdFrame | TsdTensor | TsGroup | IntervalSet;

/** What something is, by pynapple's names. @throws {TypeError} If it is none of the six. */
export function kindOfObject(object: SeriesObject): SeriesKind {
  // Not by the names of classes, which bundlers change.
  const classes = { Ts, Tsd, TsdFrame, TsdTensor, TsGroup, IntervalSet };
  for (const [kind, Class] of Object.entries(classes)) if (object instanceof Class) return kind as SeriesKind;
  throw new TypeError(`Cannot save ${describe(object)}: expected a series, a group or a set of intervals`);
}

/** Options of {@linkcode saveNpz}. */
export type SaveNpzOptions = Pick<WriteNpzOptions, "compression" | "blockBytes" | "overwrite" | "signal">;

/** Names of `SaveNpzOptions`. */
export const SAVE_NPZ_OPTIONS: OptionNames<SaveNpzOptions> = {
  signal: true,
  compression: true,
  blockBytes: true,
  overwrite: true,
};

type Members = Record<string, NDArray | LazyArray>;

/**
 * Saves a series, a group or a set of intervals as the `.npz` file that pynapple's `save` writes, and its `load_file`
 * loads: `t`, `d`, `start`, `end`, `type` and so on, metadata as a pickled dictionary.
 *
 * Lazy values are read in blocks of about `blockBytes`; so are the times of a series with a rate computed. Values of
 * groups are stored as float64, as pynapple has it.
 *
 * What pynapple makes of it differs from here in two ways, both its own: intervals that touch lose a microsecond, and
 * intervals without duration (the time support of a single sample) are dropped.
 *
 * @param target A path, which is taken as it is (pynapple adds `.npz`), a `file:` URL, or a sink, which is committed
 * @param object What is saved
 * @param options Whether to compress, memory, abort signal
 * @throws {TypeError} If it is none of the six kinds
 * @throws {UnsupportedError} If metadata holds something that no plain Python object stands for
 * @throws {DTypeError} If values of a group are no real numbers
 * @throws {WriteError} If it can't be written; the target is then as it was
 *
 * @example Usage
 * ```ts
 * import { memorySink } from "../../source/sink/memory_sink.ts";
 * import { saveNpz } from "./write.ts";
 * import { openNpz } from "../../npy/npz.ts";
 * import { Tsd } from "../tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const sink = memorySink(); // or "my_tsd.npz"
 * await saveNpz(sink, new Tsd([0, 1, 2], Int32Array.of(5, 6, 7)));
 * await using npz = await openNpz(sink.bytes());
 * assert.deepEqual(npz.keys(), ["t", "d", "start", "end", "type"]);
 * ```
 */
export async function saveNpz(target: SinkTarget, object: SeriesObject, options: SaveNpzOptions = {}): Promise<void> {
  checkOptions(options, SAVE_NPZ_OPTIONS, "save npz");
  await writeNpz(target, await membersOf(object, options), options);
}

/**
 * The bytes that {@linkcode saveNpz} writes: for runtimes without files.
 *
 * @param object What is saved
 * @param options Whether to compress, memory, abort signal
 * @returns The whole archive
 * @throws As {@linkcode saveNpz}
 */
export async function encodeSeriesNpz(
  object: SeriesObject,
  options: Omit<SaveNpzOptions, "overwrite"> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return await encodeNpz(await membersOf(object, options), options);
}

async function membersOf(object: SeriesObject, options: Pick<NpzEncodeOptions, "signal">): Promise<Members> {
  const kind = kindOfObject(object);
  const type = ndarray([kind]);
  if (object instanceof IntervalSet) return { ...supportOf(object), type, _metadata: encodeMetadata(object.metadata) };
  if (object instanceof TsGroup) return await groupMembers(object, type, options);
  const [t, support] = [timesOf(object.axis), supportOf(object.timeSupport)];
  if (object instanceof Ts) return { t, ...support, type };
  const members = { t, d: object.values, ...support };
  if (!(object instanceof TsdFrame)) return { ...members, type };
  return { ...members, columns: namesOf(object.columns), type, _metadata: encodeMetadata(object.metadata) };
}

async function groupMembers(
  group: TsGroup,
  type: NDArray,
  options: Pick<NpzEncodeOptions, "signal">,
): Promise<Members> {
  const series = group.members();
  const { times, source } = mergeTimes(series.map((member) => member.times));
  return {
    type,
    _metadata: encodeMetadata(group.metadata.drop("rate")),
    t: ndarray(times),
    index: ndarray(keysOf(group.keys(), source)),
    ...series.some((member) => member instanceof Tsd) && { d: ndarray(await valuesOf(series, source, options)) },
    keys: ndarray(BigInt64Array.from(group.keys(), BigInt)),
    ...supportOf(group.timeSupport),
  };
}

/** The key of each time. By halves: millions of bigints would take seconds. */
function keysOf(keys: readonly number[], source: Uint32Array): BigInt64Array {
  const words = new Int32Array(BigInt64Array.from(keys, BigInt).buffer);
  const found = new Int32Array(2 * source.length);
  for (let i = 0; i < source.length; i++) {
    found[2 * i] = words[2 * source[i]!]!;
    found[2 * i + 1] = words[2 * source[i]! + 1]!;
  }
  return new BigInt64Array(found.buffer);
}

/** Values of all members in the order of their times; NaN for those that have none. */
async function valuesOf(
  series: readonly (Ts | Tsd)[],
  source: Uint32Array,
  options: Pick<NpzEncodeOptions, "signal">,
): Promise<Float64Array> {
  const values: (Float64Array | null)[] = [];
  for (const member of series) {
    values.push(member instanceof Tsd ? toNumbers(await loadValues(member.values, options)) : null);
  }
  const next = new Uint32Array(series.length);
  return Float64Array.from(source, (i) => values[i]?.[next[i]!++] ?? NaN);
}

function supportOf({ start, end }: IntervalSet): { start: NDArray; end: NDArray } {
  return { start: ndarray(start), end: ndarray(end) };
}

/** Whole numbers are integers; where a name is text pynapple has objects. */
function namesOf(columns: readonly (string | number)[]): NDArray {
  const encoded = encodeColumn(columns);
  return encoded.dtype.kind === "string" ? ndarray([...columns], [columns.length], OBJECT) : encoded;
}

/** Times as an array; those of a rate are computed where they are written. */
function timesOf(axis: TimeAxis): NDArray | LazyArray {
  if (axis.listed !== null) return ndarray(axis.listed);
  const shape = [axis.length];
  const { dtype } = ndarray(new Float64Array(0));
  return new ArrayView({
    shape,
    dtype,
    chunkShape: null,
    readResolved([along]) {
      const indices = axisIndices(along!);
      return Promise.resolve(ndarray(Float64Array.from(indices, (i) => axis.at(i)), along!.drop ? [] : undefined));
    },
  }, resolveSelection(null, shape));
}
