/**
 * Small HDF5 files of the library's own writer, with as many kinds of metadata as it writes.
 *
 * @module
 */
import { create, type DType, type WritableGroup } from "../../mod.ts";

const INT: DType = { kind: "int", itemsize: 4, byteOrder: "<" };
const SEQUENCE: DType = { kind: "vlen", itemsize: 8, byteOrder: "|", base: INT };
const RECORD: DType = {
  kind: "compound",
  itemsize: 16,
  byteOrder: "|",
  fields: [
    { name: "id", dtype: INT, offset: 0 },
    { name: "x", dtype: { kind: "float", itemsize: 8, byteOrder: "<" }, offset: 4 },
    {
      name: "pair",
      dtype: {
        kind: "array",
        itemsize: 4,
        byteOrder: "|",
        shape: [2],
        base: { kind: "int", itemsize: 2, byteOrder: ">" },
      },
      offset: 12,
    },
  ],
};

/**
 * A file of numbers, records, groups, attributes and links.
 *
 * @param format `earliest`: symbol tables and B-trees of the first version; `latest`: what has checksums.
 */
export async function numbersFile(format: "earliest" | "latest"): Promise<Uint8Array> {
  const file = await create(null, { format });
  // In the newest format all that is stored lies under a checksum: metadata under its own, chunks under fletcher32.
  const checked = { fletcher32: true } as const;
  const counts = Int32Array.from({ length: 600 }, (_, i) => i * i % 977);
  await file.createDataset("packed", {
    data: counts,
    shape: [30, 20],
    chunkShape: [7, 6],
    compression: "gzip",
    shuffle: true,
    ...checked,
  });
  await file.createDataset("grows", { data: counts, chunkShape: [50], maxShape: [null], ...checked });
  await file.createDataset("both", {
    data: counts,
    shape: [30, 20],
    chunkShape: [8, 8],
    maxShape: [null, null],
    ...checked,
  });
  await file.createDataset("one", { data: counts.slice(0, 40), chunkShape: [40], ...checked });
  await file.createDataset("sparse", { shape: [1000], dtype: ">f8", chunkShape: [10], fillValue: 2.5, ...checked });
  const records = Array.from({ length: 12 }, (_, i) => ({ id: i, x: i / 4, pair: [i, -i] }));
  await file.createDataset("records", { data: records, dtype: RECORD, chunkShape: [5], ...checked });
  await file.createDataset("bools", { data: [true, false, true], chunkShape: [3], ...checked });
  if (format === "earliest") {
    await file.createDataset("contiguous", { data: counts.slice(0, 30) });
    await file.createDataset("scalar", { data: 7 });
    await file.createDataset("references", {
      data: [await file.reference("packed"), await file.reference("one")],
      dtype: "reference",
    });
  }
  await attributes(file);
  const dense = await file.createGroup("dense");
  for (let i = 0; i < 24; i++) await dense.createGroup(`g${i}`);
  await file.link("soft", { soft: "/dense/g3" });
  await file.link("hard", { hard: "/packed" });
  await file.link("elsewhere", { external: { file: "other.h5", path: "/x" } });
  return await file.bytes();
}

async function attributes(root: WritableGroup): Promise<void> {
  await root.attributes.set("unit", "uV", { dtype: "|S4" });
  await root.attributes.set("rate", 30_000);
  await root.attributes.set("matrix", Float64Array.from({ length: 6 }, (_, i) => i / 3));
  const packed = await root.dataset("packed");
  for (let i = 0; i < 14; i++) await packed.attributes.set(`a${i}`, Int16Array.of(i, i + 1));
}

/** A file of texts and sequences of varying length, in datasets and attributes. */
export async function lengthsFile(): Promise<Uint8Array> {
  const file = await create(null);
  const texts = Array.from({ length: 40 }, (_, i) => "µ text ".repeat(i % 7) + i);
  await file.createDataset("texts", { data: texts });
  await file.createDataset("chunked", { data: texts, chunkShape: [9], compression: "gzip" });
  const ragged = Array.from({ length: 20 }, (_, i) => Int32Array.from({ length: i % 5 }, (_, k) => i * k));
  await file.createDataset("ragged", { data: ragged, dtype: SEQUENCE });
  await file.createDataset("never", { shape: [30], dtype: "str" });
  await file.attributes.set("text", "of any length");
  await file.attributes.set("texts", ["a", "bc", "", "def"]);
  await file.createGroup("group");
  return await file.bytes();
}
