import assert from "node:assert/strict";
import { decodeElements } from "../../src/array/codec/decode_elements.ts";
import { castNumbers } from "../../src/array/codec/cast.ts";
import { describeDType, dtypeFromNumpy, numpyName, typedArrayOf } from "../../src/array/dtype/dtype.ts";
import { dtypeFromDescr, numpyDescr } from "../../src/array/dtype/descr.ts";
import { type Kind, KINDS } from "../../src/array/dtype/kinds.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { csvCell, jsonElement } from "../../src/array/text/serialise.ts";
import type { DType } from "../../src/array/types.ts";
import { create, open } from "../../src/hdf5/mod.ts";
import { encodeNpy, openNpy } from "../../src/npy/mod.ts";
import { openRaw } from "../../src/raw/mod.ts";
import { openZarr, zarrStore } from "../../src/zarr/mod.ts";
import { writeZarr } from "../../src/zarr/write/write_node.ts";

/** Counts of a unit in 32 bits, which nobody has. */
const TICKS: Kind = { letter: "k", sizes: [4], held: "int", hasUnit: true };

Deno.test("a made-up kind is one row: it is named, read, cast, printed and stored in every format", async () => {
  const kinds = KINDS as Record<string, Kind>;
  kinds.ticks = TICKS;
  try {
    const dtype = { kind: "ticks", itemsize: 4, byteOrder: "<", unit: "s" } as unknown as DType;
    const big = { ...dtype, byteOrder: ">" } as DType;
    const data = Int32Array.of(1, -2, 300);
    const array = ndarray(data, [3], dtype);

    assert.equal(numpyName(dtype), "<k4[s]");
    assert.deepEqual([dtypeFromNumpy("<k4[s]"), dtypeFromNumpy(">k4[s]")], [dtype, big]);
    assert.deepEqual(dtypeFromDescr(numpyDescr(dtype)), dtype);
    assert.equal(describeDType(big), "ticks32[s] big-endian");
    assert.equal(typedArrayOf(dtype), Int32Array);
    assert.deepEqual(castNumbers([1, -2n, 300], dtype), data);
    assert.deepEqual(decodeElements(big, Uint8Array.of(0, 0, 0, 1, 255, 255, 255, 254, 0, 0, 1, 44), 3), data);
    assert.deepEqual([csvCell(-2, dtype), jsonElement(-2, dtype)], ["-2", -2]);

    await using npy = await openNpy(encodeNpy(array));
    assert.deepEqual([npy.dtype, (await npy.read()).data], [dtype, data]);

    await using raw = await openRaw(Uint8Array.of(0, 0, 0, 1, 255, 255, 255, 254, 0, 0, 1, 44), { dtype: ">k4[s]" });
    assert.deepEqual((await raw.read()).data, data);

    await using file = await create();
    await file.createDataset("x", { data: array });
    await using again = await open(await file.bytes());
    const read = await (await again.dataset("x")).read();
    assert.deepEqual([read.dtype, read.data], [dtype, data]);

    const folder = await Deno.makeTempDir();
    try {
      await writeZarr(`${folder}/x.zarr`, { "/": memoryArray(array) }, { zarrFormat: 2 });
      await using zarr = await openZarr(`${folder}/x.zarr`);
      assert.ok("read" in zarr);
      const { dtype: found, data: values } = await zarr.read();
      assert.deepEqual([found, values], [dtype, data]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    const store = zarrStore(memoryArray(array));
    const metadata = JSON.parse(new TextDecoder().decode(await store.get("/zarr.json")));
    assert.equal(metadata.data_type, "int32");
  } finally {
    delete kinds.ticks;
  }
});

/** Files that may treat some kinds in ways of their own, and why no row could say it. Kinds that they don't name go by theirs. */
const SWITCHES: Readonly<Record<string, string>> = {
  "array/codec/decode_elements.ts": "text, bytes, records, float16 and truth values each have a decoder",
  "array/codec/encode_elements.ts": "and an encoder",
  "array/dtype/descr.ts": "NumPy's descriptions of text, bytes and records each have a form",
  "array/dtype/dtype.ts": "names in words of what isn't numbers",
  "array/text/format.ts": "each kind of value that isn't a plain number has a form of its own",
  "array/text/serialise.ts": "likewise in JSON and CSV",
  "hdf5/storage/write_type.ts": "each class of HDF5's types has its own call of libhdf5",
  "hdf5/type_info.ts": "byte order within nested types",
  "npy/stored.ts": "text of any length and records are laid out anew",
  "raw/element.ts": "types within types",
  "zarr/read/fill_value.ts": "fill values of each have a spelling",
  "zarr/read/stored_form.ts": "what zarrita calls text and objects",
  "zarr/write/write_type.ts": "Zarr's names of text and bytes, and their fill values",
};

Deno.test("no file but those listed switches on kinds, and none lists kinds that a row tells alike", async () => {
  const root = new URL("../../src/", import.meta.url);
  const switching: string[] = [];
  const listing: string[] = [];
  const walk = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      if (isDirectory) {
        await walk(`${folder}${name}/`);
        continue;
      }
      const text = await Deno.readTextFile(new URL(folder + name, root));
      if (/switch \((?:\w+\.)*d(?:type|Type)\.kind\)/.test(text)) switching.push(folder + name);
      if (/"timedelta"|"datetime"/.test(text)) listing.push(folder + name);
    }
  };
  await walk("");
  assert.deepEqual(switching.sort(), Object.keys(SWITCHES).sort());
  assert.deepEqual(listing.sort(), ["array/dtype/kinds.ts", "array/types.ts"]);
});
