/** Writes what `write_peer.py` writes. */
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { DType } from "../../src/array/types.ts";
import { create, type CreateOptions } from "../../src/hdf5/write/create.ts";
import type { DatasetOptions } from "../../src/hdf5/write/create_dataset.ts";
import { slice } from "../../src/array/select/slice.ts";

const POINT: DType = {
  kind: "compound",
  itemsize: 11,
  byteOrder: "|",
  fields: [
    { name: "x", offset: 0, dtype: dtypeFromNumpy("<f8") },
    { name: "n", offset: 8, dtype: dtypeFromNumpy(">i2") },
    { name: "ok", offset: 10, dtype: dtypeFromNumpy("bool") },
  ],
};

/** 20,000 x 4 of a sawtooth. */
export const SIGNAL: Int16Array = Int16Array.from({ length: 20_000 * 4 }, (_, i) => (i * 7919) % 601 - 300);

/** Writes the file. */
export async function writeRecipe(path: string, options: CreateOptions = {}): Promise<void> {
  await using file = await create(path, options);
  const chunked = { chunkShape: [5000, 4] };
  const stored: Record<string, DatasetOptions> = {
    plain: {},
    gzip: { ...chunked, compression: "gzip", shuffle: true },
    gzip9: { ...chunked, compression: 9, fletcher32: true },
    lzf: { ...chunked, compression: "lzf" },
    szip: { ...chunked, compression: "szip" },
    scaleoffset: { ...chunked, scaleOffset: true },
    lz4: { ...chunked, compression: "lz4" },
    zstd: { ...chunked, compression: "zstd" },
    guessed: { maxShape: [null, 4] },
  };
  for (const [name, options] of Object.entries(stored)) {
    await file.createDataset(`filters/${name}`, { data: SIGNAL, shape: [20_000, 4], ...options });
  }
  for (const name of "i1 u1 <i2 >i2 <u2 <i4 >u4 <i8 >u8 <f2 >f2 <f4 >f4 <f8 >f8 <c8 >c16".split(" ")) {
    const place = name.replace("<", "").replace(">", "big_");
    await file.createDataset(`types/${place}`, {
      data: ndarray(Int8Array.of(0, 1, 100, 3), [2, 2]),
      dtype: name,
      fillValue: 7,
    });
  }
  await file.createDataset("types/bool", { data: [true, false] });
  await file.createDataset("types/enum", {
    data: ["BLUE", "RED"],
    dtype: {
      kind: "enum",
      itemsize: 2,
      byteOrder: ">",
      base: { kind: "int", itemsize: 2, byteOrder: ">" },
      // h5py sorts them.
      members: { BLUE: 300, GREEN: 0, RED: -1 },
    },
  });
  await file.createDataset("types/text", { data: ["", "größer", "𝄞"] });
  await file.createDataset("types/ascii", { data: ["a", "bc"], dtype: "ascii" });
  await file.createDataset("types/fixed", { data: ["ab", "cde"], dtype: "|S3" });
  await file.createDataset("types/fixed_utf8", {
    data: ["é", "ab"],
    dtype: { kind: "string", length: 5, itemsize: 5, byteOrder: "|", charset: "utf8", padding: "null-padded" },
  });
  const text = new TextEncoder();
  await file.createDataset("types/opaque", {
    data: [text.encode("abc"), text.encode("def")],
    dtype: { kind: "opaque", itemsize: 3, byteOrder: "|", tag: "" },
  });
  await file.createDataset("types/records", {
    data: [{ x: 1.5, n: -2, ok: true }, { x: 2.5, n: 300, ok: false }],
    dtype: POINT,
  });
  await file.createDataset("types/nested", {
    data: [{ name: "é", at: { x: 1.5, n: -2, ok: true }, m: [[1, 2], [3, 4]] }],
    dtype: {
      kind: "compound",
      itemsize: 0,
      byteOrder: "|",
      fields: [
        { name: "name", offset: 0, dtype: dtypeFromNumpy("str") },
        { name: "at", offset: 0, dtype: POINT },
        {
          name: "m",
          offset: 0,
          dtype: { kind: "array", itemsize: 8, byteOrder: "|", base: dtypeFromNumpy("<i2"), shape: [2, 2] },
        },
      ],
    },
  });
  await file.createDataset("types/array", {
    data: ndarray(Int16Array.from({ length: 12 }, (_, i) => i), [2, 2, 3]),
    dtype: { kind: "array", itemsize: 12, byteOrder: "|", base: dtypeFromNumpy(">i2"), shape: [2, 3] },
  });
  await file.createDataset("types/vlen", {
    data: [[1, 2], [], [3]],
    dtype: { kind: "vlen", itemsize: 0, byteOrder: "|", base: dtypeFromNumpy("<i4") },
  });
  await file.createDataset("types/times", {
    data: ndarray(BigInt64Array.of(0n, 1_700_000_000_000_000_000n), [2], dtypeFromNumpy("<M8[ns]")),
  });
  await file.createDataset("types/scalar", { data: 2.5 });
  await file.createDataset("types/null", { shape: null, dtype: "<f4" });
  await file.createDataset("types/empty", { shape: [0, 3], dtype: "<i2" });
  const rows = await file.createDataset("rows", {
    shape: [0, 3],
    maxShape: [null, 3],
    dtype: "<i4",
    chunkShape: [2, 3],
    fillValue: -1,
    attributes: {
      text: "µV",
      texts: ["a", "bc"],
      number: 1.5,
      integer: 2n ** 62n,
      flag: true,
      none: null,
      empty: [],
      long: "x".repeat(70_000),
    },
  });
  await rows.attributes.set("matrix", [[1, 2], [3, 4]], { dtype: "<i4" });
  for (let row = 0; row < 5; row++) await rows.append([row, row + 1, row + 2]);
  await rows.resize([8, 3]);
  for (let i = 0; i < 300; i++) await (await file.createGroup(`many/group${i}`)).attributes.set("number", i);
  await file.link("links/soft", { soft: "/rows" });
  await file.link("links/outside", { external: { file: "other.h5", path: "/x" } });
  await file.link("links/hard", { hard: rows });
  const ordered = await file.createGroup("ordered", { trackOrder: true });
  for (const name of "zam") await ordered.createGroup(name);
  await file.createDataset("references", { data: [await file.reference(rows), null], dtype: "reference" });
  const region = await file.regionReference("filters/plain", [slice(10, 40, 3), slice(1, 3)]);
  await file.createDataset("region", { data: [region] });
  await file.attributes.set("reference", await file.reference("many"));
  await file.close();
}
