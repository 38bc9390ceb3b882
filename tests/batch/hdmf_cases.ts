/**
 * What hdmf 3.14.5 was seen to choose: each row was run with it (`tests/interop/hdmf_test.ts` runs them again).
 *
 * @module
 */
import type { ChunkSizeOptions } from "../../src/batch/iterate/choose_shapes.ts";
import type { DataChunkIteratorOptions } from "../../src/batch/iterate/data_chunk_iterator.ts";

/** One case: the data, the settings, and what comes of them. */
export interface HdmfCase {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly options: ChunkSizeOptions;
  readonly chunk: readonly number[];
  readonly buffer?: readonly number[];
  readonly buffers?: number;
}

const WIDE = { shape: [2000, 384], dtype: "<i2" };

/** The table of 18 cases. */
export const HDMF_CASES: readonly HdmfCase[] = [
  { ...WIDE, options: {}, chunk: [2000, 384], buffer: [2000, 384], buffers: 1 },
  { ...WIDE, options: { chunkMb: 1 }, chunk: [1580, 316], buffer: [2000, 384], buffers: 1 },
  { ...WIDE, options: { chunkMb: 0.5 }, chunk: [1115, 223] },
  { ...WIDE, options: { chunkMb: 2 }, chunk: [2000, 384], buffers: 1 },
  { ...WIDE, options: { chunkMb: 1, bufferGb: 0.0005 }, chunk: [1580, 316], buffer: [1580, 316], buffers: 4 },
  {
    ...WIDE,
    options: { chunkShape: [50, 38], bufferShape: [950, 190] },
    chunk: [50, 38],
    buffer: [950, 190],
    buffers: 9,
  },
  { shape: [2, 2000, 2000], dtype: "<i2", options: { chunkMb: 1 }, chunk: [2, 79, 79] },
  { shape: [1, 2000, 2000], dtype: "<i2", options: { chunkMb: 1 }, chunk: [1, 79, 79] },
  {
    shape: [20_000, 5000],
    dtype: "<i4",
    options: { bufferGb: 0.2 },
    chunk: [3160, 790],
    buffer: [12_640, 3160],
    buffers: 4,
  },
  {
    shape: [108_000_000, 384],
    dtype: "<i2",
    options: {},
    chunk: [1_125_000, 4],
    buffer: [11_250_000, 40],
    buffers: 100,
  },
  {
    shape: [108_000_000, 384],
    dtype: "<i2",
    options: { bufferGb: 5 },
    chunk: [1_125_000, 4],
    buffer: [25_875_000, 92],
    buffers: 25,
  },
  { shape: [1_000_000_000], dtype: "<i2", options: {}, chunk: [5_000_000], buffer: [500_000_000], buffers: 2 },
  { shape: [1_000_000], dtype: "<f8", options: {}, chunk: [1_000_000], buffer: [1_000_000], buffers: 1 },
  {
    shape: [30_000, 512, 512],
    dtype: "<i2",
    options: {},
    chunk: [2552, 44, 44],
    buffer: [10_208, 176, 176],
    buffers: 27,
  },
  { shape: [12, 6], dtype: "<i2", options: {}, chunk: [12, 6], buffer: [12, 6], buffers: 1 },
  { shape: [1_000_000, 64], dtype: "<i2", options: {}, chunk: [265_625, 17], buffer: [1_000_000, 64], buffers: 1 },
  { shape: [54_000_000, 384], dtype: "<i2", options: {}, chunk: [703_125, 5], buffer: [7_734_375, 55], buffers: 49 },
  { shape: [18_000_000, 384], dtype: "<i2", options: {}, chunk: [468_750, 10], buffer: [4_687_500, 100], buffers: 16 },
];

/** A call that hdmf refuses, and what microtome says. */
export interface HdmfCheck {
  readonly name: string;
  readonly shape: readonly number[];
  readonly options: ChunkSizeOptions;
  readonly error: string;
  readonly message: string;
}

const SMALL = [20, 20];

/** Every check of hdmf's constructor, in its order. */
export const HDMF_CHECKS: readonly HdmfCheck[] = [
  {
    name: "both buffer_gb and buffer_shape",
    shape: SMALL,
    options: { bufferGb: 1, bufferShape: [20, 20] },
    error: "TypeError",
    message: "only one of bufferGb (1) or bufferShape (20, 20) can be specified",
  },
  {
    name: "both chunk_mb and chunk_shape",
    shape: SMALL,
    options: { chunkMb: 1, chunkShape: [20, 20] },
    error: "TypeError",
    message: "only one of chunkMb (1) or chunkShape (20, 20) can be specified",
  },
  {
    name: "chunk_mb not above zero",
    shape: SMALL,
    options: { chunkMb: -1 },
    error: "RangeError",
    message: "chunkMb (-1) must be greater than zero",
  },
  {
    name: "buffer_gb not above zero",
    shape: SMALL,
    options: { bufferGb: -1 },
    error: "RangeError",
    message: "bufferGb (-1) must be greater than zero",
  },
  {
    name: "a chunk of no length, when a buffer is to be chosen",
    shape: SMALL,
    options: { chunkShape: [0, 10] },
    error: "ShapeError",
    message: "some dimensions of chunkShape (0, 10) are less than one",
  },
  {
    name: "a chunk that holds no element",
    shape: [2000, 384],
    options: { chunkMb: 1e-6 },
    error: "ShapeError",
    message: "some dimensions of chunkShape (0, 0) are less than one, since 1 bytes hold no piece of 2",
  },
  {
    name: "a buffer of no length",
    shape: SMALL,
    options: { chunkShape: [1, 1], bufferShape: [0, 20] },
    error: "ShapeError",
    message: "some dimensions of bufferShape (0, 20) are less than one",
  },
  {
    name: "a chunk beyond the data",
    shape: SMALL,
    options: { chunkShape: [10, 30], bufferShape: [10, 20] },
    error: "ShapeError",
    message: "some dimensions of chunkShape (10, 30) exceed the data dimensions (20, 20)",
  },
  {
    name: "a buffer beyond the data",
    shape: SMALL,
    options: { chunkShape: [10, 10], bufferShape: [40, 20] },
    error: "ShapeError",
    message: "some dimensions of bufferShape (40, 20) exceed the data dimensions (20, 20)",
  },
  {
    name: "a chunk beyond the buffer",
    shape: SMALL,
    options: { chunkShape: [10, 10], bufferShape: [5, 20] },
    error: "ShapeError",
    message: "some dimensions of chunkShape (10, 10) exceed the buffer shape (5, 20)",
  },
  {
    name: "a chunk that doesn't divide the buffer",
    shape: SMALL,
    options: { chunkShape: [4, 10], bufferShape: [10, 20] },
    error: "ShapeError",
    message: "some dimensions of chunkShape (4, 10) do not evenly divide the buffer shape (10, 20)",
  },
];

/** Elements one by one, and what hdmf's older iterator makes of them. Its integers are float64 here. */
export interface HdmfStream {
  readonly name: string;
  readonly values: readonly unknown[];
  readonly options: DataChunkIteratorOptions;
  readonly expected: {
    readonly maxShape: readonly (number | null)[];
    readonly dataShape: readonly number[];
    readonly dtype: string;
    /** Values, and their place as Python's index. */
    readonly chunks: readonly (readonly [unknown, string])[];
  };
}

const ROWS = [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]];

/** Streams that were run. */
export const HDMF_STREAMS: readonly HdmfStream[] = [
  {
    name: "rows",
    values: ROWS,
    options: { bufferSize: 3 },
    expected: {
      maxShape: [null, 3],
      dataShape: [3, 3],
      dtype: "<f8",
      chunks: [[ROWS.slice(1), "0:3,:"], [[[1, 2, 3]], "3:4,:"]],
    },
  },
  {
    name: "a gap",
    values: [1, 2, null, 3],
    options: { bufferSize: 2 },
    expected: {
      maxShape: [null],
      dataShape: [2],
      dtype: "<f8",
      chunks: [[[1, 2], "0:2"], [[3], "3:4"]],
    },
  },
  {
    name: "gaps before and within",
    values: [null, 1, 2, null, 3],
    options: { bufferSize: 2 },
    expected: {
      maxShape: [null],
      dataShape: [2],
      dtype: "<f8",
      chunks: [[[1, 2], "1:3"], [[3], "4:5"]],
    },
  },
  {
    name: "a gap within a block",
    values: [1, null, null, 2, 3, null, 4],
    options: { bufferSize: 2 },
    expected: {
      maxShape: [null],
      dataShape: [1],
      dtype: "<f8",
      chunks: [[[1], "0:1"], [[2, 3], "3:5"], [[4], "6:7"]],
    },
  },
  {
    name: "gaps after a full block",
    values: [1, 2, null, null, 3],
    options: { bufferSize: 2 },
    expected: {
      maxShape: [null],
      dataShape: [2],
      dtype: "<f8",
      chunks: [[[1, 2], "0:2"], [[3], "4:5"]],
    },
  },
  {
    name: "gaps at the end",
    values: [1, null, null],
    options: { bufferSize: 2 },
    expected: {
      maxShape: [null],
      dataShape: [1],
      dtype: "<f8",
      chunks: [[[1], "0:1"]],
    },
  },
  {
    name: "fewer elements than a block",
    values: [1, 2],
    options: { bufferSize: 10 },
    expected: {
      maxShape: [null],
      dataShape: [2],
      dtype: "<f8",
      chunks: [[[1, 2], "0:2"]],
    },
  },
  {
    name: "columns",
    values: [[1, 4], [2, 5], [3, 6]],
    options: { bufferSize: 2, iterAxis: 1 },
    expected: {
      maxShape: [2, null],
      dataShape: [2, 2],
      dtype: "<f8",
      chunks: [[[[1, 2], [4, 5]], ":,0:2"], [[[3], [6]], ":,2:3"]],
    },
  },
  {
    name: "a type and no length",
    values: [1, 2, 3],
    options: { bufferSize: 2, dtype: "int16" },
    expected: {
      maxShape: [null],
      // hdmf has None here, and can't write it.
      dataShape: [2],
      dtype: "<i2",
      chunks: [[[1, 2], "0:2"], [[3], "2:3"]],
    },
  },
  {
    name: "text",
    values: ["a", "bb"],
    options: { bufferSize: 2 },
    expected: {
      maxShape: [null],
      dataShape: [2],
      dtype: "str",
      chunks: [[["a", "bb"], "0:2"]],
    },
  },
];
