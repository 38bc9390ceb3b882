/**
 * SpikeGLX files packed as mtscomp packs them, for tests: values are worked out from the format.
 *
 * @module
 */

import { deflateSync } from "node:zlib";
import { bytes } from "./spikeglx.ts";

/** A `.cbin` and its `.ch`, as mtscomp writes them. */
export interface Packed {
  readonly cbin: Uint8Array<ArrayBuffer>;
  readonly ch: Uint8Array<ArrayBuffer>;
}

/** How samples are packed. */
export interface PackOptions {
  readonly width: number;
  /** Samples of a chunk. */
  readonly chunk: number;
  readonly rate?: number;
  readonly timeDiff?: boolean;
  readonly spatialDiff?: boolean;
  readonly order?: "C" | "F";
}

/** Packs samples: per chunk differences over channels and time, modulo 2^16, and zlib's stream of them. */
export function packed(data: Int16Array, options: PackOptions): Packed {
  const { width, chunk, rate = 30000, timeDiff = true, spatialDiff = false, order = "C" } = options;
  const rows = data.length / width;
  const bounds = [0];
  const offsets = [0];
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk);
    let values = data.slice(from * width, to * width);
    if (timeDiff) values = values.map((value, i) => i < width ? value : value - values[i - width]!);
    if (spatialDiff) values = values.map((value, i) => i % width === 0 ? value : value - values[i - 1]!);
    const count = to - from;
    const laid = order === "C" ? values : values.map((_, i) => values[(i % count) * width + Math.floor(i / count)]!);
    const piece = new Uint8Array(deflateSync(bytes(laid)));
    pieces.push(piece);
    bounds.push(to);
    offsets.push(offsets.at(-1)! + piece.length);
  }
  const cbin = new Uint8Array(offsets.at(-1)!);
  pieces.forEach((piece, i) => cbin.set(piece, offsets[i]!));
  const ch = {
    algorithm: "zlib",
    chunk_bounds: bounds,
    chunk_offsets: offsets,
    chunk_order: order,
    comp_level: -1,
    do_spatial_diff: spatialDiff,
    do_time_diff: timeDiff,
    dtype: "int16",
    n_channels: width,
    sample_rate: rate,
    shape: [rows, width],
    version: "1.0",
  };
  return { cbin, ch: bytes(JSON.stringify(ch)) };
}
