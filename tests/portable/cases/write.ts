/**
 * HDF5 files written in memory: the same bytes everywhere.
 *
 * @module
 */
import { dtypeFromNumpy } from "../../../src/array/dtype/dtype.ts";
import { ndarray } from "../../../src/array/ndarray.ts";
import { slice } from "../../../src/array/select/slice.ts";
import type { DataChunk } from "../../../src/array/types.ts";
import { change, create } from "../../../src/hdf5/write/create.ts";
import type { Compression } from "../../../src/hdf5/storage/storage_options.ts";
import { open } from "../../../src/hdf5/file.ts";
import { sha256 } from "../canonical.ts";
import type { Case } from "../types.ts";

const SIGNAL = Int16Array.from({ length: 20_000 * 4 }, (_, i) => (i * 7919) % 601 - 300);

/** A file with something of everything. */
async function everything(): Promise<Uint8Array<ArrayBuffer>> {
  const file = await create(null, { trackOrder: true });
  for (const compression of ["gzip", "lzf", "szip", "lz4", "zstd"] as Compression[]) {
    await file.createDataset(`filters/${compression}`, {
      data: SIGNAL,
      shape: [20_000, 4],
      chunkShape: [5000, 4],
      compression,
      shuffle: compression !== "szip",
      fletcher32: true,
    });
  }
  for (
    const name of ["|i1", "|u1", "<i2", ">u2", "<i4", ">u4", "<i8", ">u8", "<f2", ">f4", "<f8", "<c8", ">c16", "bool"]
  ) {
    await file.createDataset(`types/${name.slice(-2)}${name.startsWith(">") ? "be" : ""}`, {
      data: [0, 1, 1],
      dtype: name,
    });
  }
  await file.createDataset("text", { data: ["", "größer", "𝄞"], attributes: { unit: "µV", rate: 30_000, flag: true } });
  await file.createDataset("records", {
    data: [{ x: 1.5, name: "a" }, { x: -2, name: "" }],
    dtype: {
      kind: "compound",
      itemsize: 0,
      byteOrder: "|",
      fields: [{ name: "x", offset: 0, dtype: dtypeFromNumpy(">f4") }, {
        name: "name",
        offset: 0,
        dtype: dtypeFromNumpy("str"),
      }],
    },
  });
  await file.attributes.set("reference", await file.reference("text"));
  await file.link("soft", { soft: "/text" });
  await file.link("outside", { external: { file: "other.h5", path: "/x" } });
  return await file.bytes();
}

async function* blocks(): AsyncGenerator<DataChunk> {
  for (let i = 0; i < 6; i++) {
    yield {
      data: ndarray(SIGNAL.subarray(0, 4000), [1000, 4]),
      selection: [slice(1000 * i, 1000 * i + 1000), slice(0, 4)],
    };
  }
}

/** The cases. */
export const writeCases: Case[] = [{
  name: "a file with every filter, type and link, written in memory, has the same bytes",
  run: async () => {
    const bytes = await everything();
    return { length: bytes.length, sha256: await sha256(bytes) };
  },
}, {
  name: "a stream of blocks into memory, then changed, has the same bytes and values",
  run: async () => {
    const made = await create();
    await made.write("data", blocks(), { compression: "gzip", shuffle: true, chunkShape: [512, 4] });
    const file = await change(await made.bytes());
    const data = await file.dataset("data");
    await data.append([[1, 2, 3, 4]]);
    await data.write([slice(null, null, 100), 1], -1);
    await file.createDataset("new", { data: [1, 2, 3] });
    const bytes = await file.bytes();
    await using read = await open(bytes);
    const values = await (await read.dataset("data")).read([slice(-2, null)]);
    return { length: bytes.length, sha256: await sha256(bytes), values: [...values.data as Int16Array] };
  },
}, {
  name: "writing the wrong thing is the same error",
  run: async () => {
    await using file = await create();
    const messages: string[] = [];
    for (const data of [[1, 300], ["x"], [[1], [2, 3]], [0.5]]) {
      await file.createDataset("d", { data, dtype: "|u1" }).catch((error) =>
        messages.push(`${error.code}: ${error.message}`)
      );
    }
    return messages;
  },
}];
