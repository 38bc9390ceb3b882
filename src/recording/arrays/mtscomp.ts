/**
 * The header of mtscomp's compressed files, `.ch` beside `.cbin`: where its chunks lie and how they are packed.
 *
 * @module
 */

import { parseBoundedJson } from "../../source/bounded_json.ts";
import { CorruptFileError, UnsupportedError } from "../../source/errors.ts";
import type { RecordingFile } from "../files/recording_files.ts";

/** The most that a chunk may become: one of a second has 24 MB in the largest files, mostly. */
const MAX_CHUNK = 256 * 1024 * 1024;
/** Deflate makes at most so many bytes of one. */
const MAX_RATIO = 1032;

/** Types that chunks are read in. */
export type PackedType = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32";

const SIZES: Readonly<Record<PackedType, number>> = { uint8: 1, int8: 1, uint16: 2, int16: 2, uint32: 4, int32: 4 };

/** How a compressed file lies. */
export interface MtscompHeader {
  /** Type of the samples. */
  readonly type: PackedType;
  /** Number of channels. */
  readonly channels: number;
  /** First sample of each chunk, and the number of samples. */
  readonly bounds: readonly number[];
  /** First byte of each chunk, and the number of bytes. */
  readonly offsets: readonly number[];
  /** Whether differences from one sample to the next are stored. */
  readonly timeDiff: boolean;
  /** Whether differences from one channel to the next are stored. */
  readonly spatialDiff: boolean;
  /** Whether a chunk has sample after sample (`C`), or channel after channel (`F`). */
  readonly order: "C" | "F";
  /** Samples per second. */
  readonly rate: number;
}

/**
 * Reads the header.
 *
 * @param text The `.ch`
 * @param name What messages call it
 * @param data The `.cbin`; chunks behind its end are left out
 * @param warn Told of such
 * @throws {CorruptFileError} If it isn't one, or contradicts itself
 * @throws {UnsupportedError} If it is packed in another way
 */
export function parseMtscomp(
  text: string,
  name: string,
  data: RecordingFile,
  warn: (message: string) => void,
): MtscompHeader {
  const refuse = (field: string, why: string): never => {
    throw new CorruptFileError(`Cannot read ${name}: ${field} ${why}`, { file: name, object: field });
  };
  let json: Record<string, unknown>;
  try {
    json = parseBoundedJson(text) as typeof json;
  } catch (cause) {
    throw new CorruptFileError(`Cannot read ${name}: it isn't JSON`, { file: name, cause });
  }
  if (typeof json !== "object" || json === null) refuse("it", "isn't an object of JSON");
  const { algorithm = "zlib", dtype = "int16", n_channels: channels, sample_rate: rate } = json;
  if (algorithm !== "zlib") {
    throw new UnsupportedError(`Cannot read ${name}: it is compressed by ${JSON.stringify(algorithm)}, not by zlib`, {
      file: name,
    });
  }
  const type = String(dtype).replace(
    /^[<|=]?([iu])(\d)$/,
    (_, kind, size) => `${kind === "u" ? "u" : ""}int${8 * size}`,
  );
  if (!Object.hasOwn(SIZES, type)) {
    throw new UnsupportedError(`Cannot read ${name}: its samples are of type ${JSON.stringify(dtype)}`, { file: name });
  }
  if (!(Number.isInteger(channels) && Number(channels) > 0)) refuse("n_channels", "isn't a number of channels");
  if (!(typeof rate === "number" && rate > 0)) refuse("sample_rate", "isn't a number above 0");
  const order = json.chunk_order ?? "C";
  if (order !== "C" && order !== "F") refuse("chunk_order", "is neither C nor F");
  const bounds = ascending(json.chunk_bounds) ?? refuse("chunk_bounds", "isn't a list of ascending numbers from 0 on");
  const offsets = ascending(json.chunk_offsets) ??
    refuse("chunk_offsets", "isn't a list of ascending numbers from 0 on");
  if (bounds.length !== offsets.length) {
    refuse("chunk_offsets", `has ${offsets.length} numbers, chunk_bounds ${bounds.length}`);
  }
  const rowBytes = Number(channels) * SIZES[type as PackedType];
  let chunks = bounds.length - 1;
  while (chunks > 0 && offsets[chunks]! > data.byteLength) chunks--;
  for (let i = 0; i < chunks; i++) {
    const packed = offsets[i + 1]! - offsets[i]!;
    const size = (bounds[i + 1]! - bounds[i]!) * rowBytes;
    if (size > MAX_CHUNK || size > packed * MAX_RATIO) {
      refuse("chunk_bounds", `says that the ${packed} bytes of chunk ${i} become ${size.toLocaleString("en")}`);
    }
  }
  if (chunks < bounds.length - 1) {
    warn(
      `${data.name} is cut off: of ${bounds.length - 1} chunks ${chunks} are there, with ${bounds[chunks]} of ` +
        `${bounds.at(-1)} samples`,
    );
  } else if (data.byteLength > offsets[chunks]!) {
    warn(`${data.name} has ${data.byteLength - offsets[chunks]!} bytes behind its last chunk; they are left out`);
  }
  return {
    type: type as PackedType,
    channels: Number(channels),
    bounds: bounds.slice(0, chunks + 1),
    offsets: offsets.slice(0, chunks + 1),
    // Old files don't say: differences over time were all that there was.
    timeDiff: json.do_time_diff !== false,
    spatialDiff: json.do_spatial_diff === true,
    order: order as "C" | "F",
    rate: Number(rate),
  };
}

/** Whole numbers that ascend from 0 on, at least one. */
function ascending(value: unknown): number[] | null {
  if (!Array.isArray(value) || value[0] !== 0) return null;
  const isRight = value.every((n, i) => Number.isSafeInteger(n) && (i === 0 || n > value[i - 1]));
  return isRight ? value as number[] : null;
}
