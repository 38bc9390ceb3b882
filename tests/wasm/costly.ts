/**
 * The costliest honest calls that anyone thought of, in files made here: very many of what libhdf5 handles one by one.
 *
 * @module
 */
import { create, type CreateOptions, type DType, type Group, type H5File, open, type WritableFile } from "../../mod.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";

/** A kind of file, made with some number of things, and then read in one call. */
export interface Costly {
  readonly name: string;
  /** How many of them a quick run makes. */
  readonly few: number;
  /** And a thorough one. */
  readonly many: number;
  readonly format?: CreateOptions["format"];
  make(file: WritableFile, count: number): Promise<unknown>;
  read(file: H5File): Promise<unknown>;
}

const INT: DType = dtypeFromNumpy("<i4");

const RECORD: DType = {
  kind: "compound",
  itemsize: 20,
  byteOrder: "|",
  fields: [
    { name: "id", offset: 0, dtype: dtypeFromNumpy(">i4") },
    { name: "x", offset: 4, dtype: dtypeFromNumpy("<f8") },
    { name: "name", offset: 12, dtype: dtypeFromNumpy("S8") },
  ],
};

const FIELDS = 300;
const WIDE: DType = {
  kind: "compound",
  itemsize: 4 * FIELDS,
  byteOrder: "|",
  fields: Array.from({ length: FIELDS }, (_, i) => ({ name: `field${i}`, offset: 4 * i, dtype: INT })),
};

/** By libhdf5, which is the costlier way. */
async function whole(file: H5File): Promise<void> {
  await (await file.dataset("values")).read(null, { engine: "library" });
}

async function list(group: Group): Promise<void> {
  await group.links();
}

async function members(file: WritableFile, count: number): Promise<void> {
  const group = await file.createGroup("group");
  for (let i = 0; i < count; i++) await group.createGroup(`member${i}`);
}

async function attributes(file: WritableFile, count: number): Promise<void> {
  const group = await file.createGroup("group");
  for (let i = 0; i < count; i++) await group.attributes.set(`attribute${i}`, i);
}

async function smallChunks(file: WritableFile, count: number): Promise<void> {
  await file.createDataset("values", { data: new Int32Array(count), chunkShape: [1] });
}

async function unlimitedChunks(file: WritableFile, count: number): Promise<void> {
  const side = Math.ceil(Math.sqrt(count));
  const shape = [side, side];
  const data = new Int32Array(side * side);
  await file.createDataset("values", { data, shape, maxShape: [null, null], chunkShape: [1, 1], compression: "gzip" });
}

/** All of them. */
export const COSTLY: readonly Costly[] = [
  {
    name: "texts",
    few: 300_000,
    many: 3_000_000,
    make: (file, count) =>
      file.createDataset("values", { data: Array.from({ length: count }, (_, i) => `text ${i % 1000}`) }),
    read: whole,
  },
  {
    name: "records",
    few: 300_000,
    many: 3_000_000,
    make: (file, count) => {
      const data = Array.from({ length: count }, (_, i) => ({ id: i, x: i / 2, name: "n" }));
      return file.createDataset("values", { data, dtype: RECORD });
    },
    read: whole,
  },
  {
    name: `records of ${FIELDS} fields`,
    few: 2000,
    many: 20_000,
    make: (file, count) => file.createDataset("values", { shape: [count], dtype: WIDE, chunkShape: [100] }),
    read: whole,
  },
  {
    name: "sequences",
    few: 100_000,
    many: 1_000_000,
    make: (file, count) => {
      const dtype: DType = { kind: "vlen", itemsize: 16, byteOrder: "|", base: INT };
      return file.createDataset("values", { data: Array.from({ length: count }, (_, i) => [i, 1, 2]), dtype });
    },
    read: whole,
  },
  { name: "chunks of one element", few: 30_000, many: 300_000, make: smallChunks, read: whole },
  { name: "chunks, latest", few: 30_000, many: 300_000, format: "latest", make: smallChunks, read: whole },
  { name: "packed chunks, unlimited", few: 20_000, many: 200_000, make: unlimitedChunks, read: whole },
  {
    name: "packed chunks, unlimited, latest",
    few: 20_000,
    many: 200_000,
    format: "latest",
    make: unlimitedChunks,
    read: whole,
  },
  { name: "members", few: 10_000, many: 100_000, make: members, read: async (file) => list(await file.group("group")) },
  {
    name: "members, latest",
    few: 10_000,
    many: 100_000,
    format: "latest",
    make: members,
    read: async (file) => list(await file.group("group")),
  },
  {
    name: "attributes, latest",
    few: 3000,
    many: 30_000,
    format: "latest",
    make: attributes,
    read: async (file) => (await file.group("group")).attributes.all(),
  },
];

/**
 * Makes such a file.
 *
 * @param costly What is in it.
 * @param count How many of them.
 * @param made Called before the file's bytes are taken.
 * @returns The file's bytes.
 */
export async function makeCostly(costly: Costly, count: number, made: () => void): Promise<Uint8Array> {
  const file = await create(null, { format: costly.format });
  await costly.make(file, count);
  made();
  return await file.bytes();
}

/**
 * Reads it in one call.
 *
 * @param costly What is in it.
 * @param bytes The file.
 * @param isRead Called before the file is closed.
 */
export async function readCostly(costly: Costly, bytes: Uint8Array, isRead: () => void): Promise<void> {
  await using file = await open(bytes, { maxReadBytes: 2 ** 31 });
  await costly.read(file);
  isRead();
}
