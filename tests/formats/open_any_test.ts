import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { ndarray } from "../../src/array/ndarray.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { FORMATS, openAny, Opened, type SourceFormat } from "../../src/formats/mod.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { H5File } from "../../src/hdf5/file.ts";
import { NpyArray } from "../../src/npy/npy_array.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import { encodeSidecar } from "../../src/raw/sidecar.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { NotFoundError, UnknownFormatError, WrongKindError } from "../../src/source/errors.ts";
import { Data } from "../../src/temporal/data.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { serve } from "../cli/support.ts";

const fixture = (name: string) => fromFileUrl(new URL(`../data/${name}`, import.meta.url));
const values = ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [3, 2]);

const ZARRAY = {
  zarr_format: 2,
  shape: [4],
  chunks: [2],
  dtype: "<i2",
  order: "C",
  compressor: null,
  filters: null,
  fill_value: 7,
};
const zarrFiles = { ".zarray": new TextEncoder().encode(JSON.stringify(ZARRAY)), "0": Uint8Array.of(1, 0, 2, 0) };

async function hdf5(userblock = 0): Promise<Uint8Array> {
  const sink = memorySink();
  await using file = await create(sink);
  await file.createDataset("/a/x", { data: values });
  await file.createDataset("/y", { data: values });
  await file.close();
  const bytes = sink.bytes();
  if (userblock === 0) return bytes;
  const out = new Uint8Array(userblock + bytes.length);
  out.set(bytes, userblock);
  return out;
}

async function inFolder(files: Record<string, Uint8Array>, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("each format is told by its bytes alone, and gives its arrays and its own handle", async () => {
  {
    await using opened = await openAny(await hdf5());
    assert(opened.format === "hdf5");
    assert(opened.handle instanceof H5File);
    assert.deepEqual(await opened.keys(), ["/a/x", "/y"]);
    assert.deepEqual(await opened.keys({ below: "/a" }), ["/a/x"]);
    assert.deepEqual((await (await opened.get("/a/x")).read([1])).data, Int16Array.of(3, 4));
    assert.deepEqual([await opened.has("/y"), await opened.has("/a"), await opened.has("/z")], [true, false, false]);
    const found: string[] = [];
    for await (const [key, array] of opened) found.push(`${key} ${array.shape}`);
    assert.deepEqual(found, ["/a/x 3,2", "/y 3,2"]);
  }
  {
    await using opened = await openAny(encodeNpy(values));
    assert(opened.format === "npy");
    assert(opened.handle instanceof NpyArray);
    assert.deepEqual(await opened.keys(), ["/"]);
    assert.equal(await opened.get("/"), opened.handle);
    await assert.rejects(opened.get("/a"), NotFoundError);
  }
  {
    await using opened = await openAny(await encodeNpz({ a: values, b: values }));
    assert(opened.format === "npz");
    assert.deepEqual(await opened.keys(), ["a", "b"]);
    assert.deepEqual((await opened.entries()).map(([key]) => key), ["a", "b"]);
    assert.equal(opened.handle.has("a"), true);
    await assert.rejects(opened.get("/"), /give one of a, b/);
  }
  {
    const store = new Map(Object.entries(zarrFiles).map(([name, bytes]) => [`/${name}`, bytes]));
    await using opened = await openAny(store);
    assert(opened.format === "zarr");
    assert.deepEqual((await (await opened.get("/")).read()).data, Int16Array.of(1, 2, 7, 7));
  }
  {
    await using opened = await openAny(Int16Array.of(1, 2, 3, 4), { raw: { dtype: "int16", shape: [null, 2] } });
    assert(opened.format === "raw");
    assert.deepEqual(opened.handle.shape, [2, 2]);
  }
});

Deno.test("NWB and torch_brain are told within HDF5, and opened as plain HDF5 where that is asked for", async () => {
  {
    await using opened = await openAny(fixture("session.nwb"));
    assert(opened.format === "nwb");
    assert(opened.handle instanceof NWBFile);
    assert(opened.handle.keys().includes("z"));
    assert((await opened.keys()).every((key) => key.startsWith("/")));
  }
  {
    await using opened = await openAny(fixture("session.nwb"), { format: "hdf5" });
    assert.equal(opened.format, "hdf5");
  }
  const spikes = new IrregularTimeSeries({ timestamps: Float64Array.of(1, 2), unit: Int32Array.of(0, 1) });
  const bytes = await new Data({ spikes }, { domain: "auto" }).toBytes();
  {
    await using opened = await openAny(bytes);
    assert(opened.format === "torch_brain");
    assert(opened.handle instanceof Data);
    assert((await opened.keys()).includes("/spikes/timestamps"));
  }
  await assert.rejects(openAny(bytes, { format: "nwb" }), /it is hdf5, and nothing in it says nwb/);
});

Deno.test("bytes count before names", async () => {
  const files = { "a.npy": await hdf5(), "b.h5": encodeNpy(values), "c.bin": await encodeNpz({ a: values }) };
  await inFolder(files, async (folder) => {
    for (const [name, format] of [["a.npy", "hdf5"], ["b.h5", "npy"], ["c.bin", "npz"]]) {
      await using opened = await openAny(`${folder}/${name}`);
      assert.equal(opened.format, format, name);
      assert.equal(opened.byteLength, files[name as keyof typeof files].length);
    }
  });
});

Deno.test("an HDF5 file behind a long user block is found, where no signature is at its start", async () => {
  await using opened = await openAny(await hdf5(4096));
  assert.equal(opened.format, "hdf5");
});

Deno.test("a flat file is opened by its sidecar, a folder as Zarr; what nobody knows is refused with its first bytes", async () => {
  const sidecar = new TextEncoder().encode(encodeSidecar({ dtype: "int16", shape: [2, 2], order: "C", offset: 0 }));
  const files = {
    "rec.bin": Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0),
    "rec.bin.json": sidecar,
    "alone.bin": Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0),
    "z.zarr/.zarray": zarrFiles[".zarray"],
    "z.zarr/0": zarrFiles["0"],
    "plain/x": Uint8Array.of(1),
    "table": new TextEncoder().encode("PAR1 and so on"),
  };
  await inFolder(files, async (folder) => {
    {
      await using opened = await openAny(`${folder}/rec.bin`);
      assert.equal(opened.format, "raw");
      assert.deepEqual((await opened.get("/")).shape, [2, 2]);
    }
    {
      await using opened = await openAny(`${folder}/z.zarr`);
      assert.equal(opened.format, "zarr");
    }
    await assert.rejects(openAny(`${folder}/alone.bin`), UnknownFormatError);
    await assert.rejects(openAny(`${folder}/plain`), WrongKindError);
    await assert.rejects(openAny(`${folder}/missing.h5`), NotFoundError);
    await assert.rejects(openAny(`${folder}/table`), (error) => {
      assert(error instanceof UnknownFormatError);
      assert.match(error.message, /looks like Parquet/);
      assert.equal(String.fromCharCode(...error.head.subarray(0, 4)), "PAR1");
      assert.equal(error.byteLength, 14);
      return true;
    });
  });
});

Deno.test("telling the format from a server costs no request more than opening it", async () => {
  const files = { "a.h5": await hdf5(), "b.npy": encodeNpy(values), "z.zarr/.zarray": zarrFiles[".zarray"] };
  await inFolder(files, async (folder) => {
    await using server = await serve(folder);
    for (const name of ["a.h5", "b.npy"]) {
      await using opened = await openAny(`${server.url}/${name}?token=1`);
      assert.equal(opened.cost.requests, 1, name);
      assert.doesNotMatch(opened.name, /token/);
    }
    const before = server.log.length;
    await using opened = await openAny(`${server.url}/z.zarr`);
    assert.equal(opened.format, "zarr");
    assert.equal(server.log.length - before, opened.cost.requests);
    assert(server.log.slice(before).every((entry) => /z\.zarr\/./.test(JSON.stringify(entry))));
  });
});

Deno.test("a source is closed once, when what was opened is, or where nothing opens it", async () => {
  const counted = (bytes: Uint8Array) => {
    let closed = 0;
    return {
      name: "counted",
      byteLength: bytes.length,
      read: ({ offset, length }: { offset: number; length: number }) =>
        Promise.resolve(bytes.subarray(offset, offset + length)),
      close: () => void closed++,
      closed: () => closed,
    };
  };
  const good = counted(await hdf5());
  const opened = await openAny(good);
  assert.equal(good.closed(), 0);
  await opened.close();
  assert.equal(good.closed(), 1);
  const bad = counted(new Uint8Array(2000).fill(77));
  await assert.rejects(openAny(bad), UnknownFormatError);
  assert.equal(bad.closed(), 1);
});

Deno.test("arrays of it can be members of Data", async () => {
  await using opened = await openAny(await encodeNpz({ t: ndarray(Float64Array.of(0, 1, 2)), x: values }));
  const [t, x] = [await (await opened.get("t")).read(), await opened.get("x")];
  const trace = new IrregularTimeSeries({ timestamps: t.data as Float64Array, x });
  const session = new Data({ trace }, { domain: "auto" });
  const part = session.slice(1, 2.5);
  const sliced = part.get("trace") as unknown as { get(key: string): Promise<{ data: unknown; shape: number[] }> };
  assert.deepEqual((await sliced.get("x")).data, Int16Array.of(3, 4, 5, 6));
});

Deno.test("a format that is added to the list is tried, and its handle has its type", async () => {
  // docs/extending.md shows this one.
  const COUNTS: SourceFormat<"counts", Int32Array> = {
    name: "counts",
    description: "32-bit counts behind the word COUNTS",
    recognises: ({ head }) => new TextDecoder().decode(head.subarray(0, 6)) === "COUNTS",
    async open({ input, name, byteLength, options }) {
      const { openRaw } = await import("../../src/raw/open_raw.ts");
      await using raw = await openRaw(input as Uint8Array, { ...options, dtype: "<i4", offset: 6 });
      const { data } = await raw.read();
      const array = memoryArray(ndarray(data as Int32Array));
      return new Opened({
        format: COUNTS,
        name,
        byteLength,
        meter: options.meter,
        handle: data as Int32Array,
        keys: () => ["/"],
        get: () => Promise.resolve(array),
        close: async () => {},
      });
    },
  };
  const bytes = new Uint8Array(14);
  bytes.set(new TextEncoder().encode("COUNTS"));
  bytes[6] = 5;
  const formats = [...FORMATS, COUNTS] as const;
  await using opened = await openAny(bytes, { formats });
  assert(opened.format === "counts");
  const handle: Int32Array = opened.handle;
  assert.deepEqual(handle, Int32Array.of(5, 0));
  assert.deepEqual((await (await opened.get("/")).read()).data, Int32Array.of(5, 0));
  await using other = await openAny(encodeNpy(values), { formats });
  assert.equal(other.format, "npy");
  await assert.rejects(openAny(bytes), UnknownFormatError);
});

Deno.test("a wrong call is refused, and what was opened says what it is", async () => {
  // deno-lint-ignore no-explicit-any -- a wrong call
  await assert.rejects(openAny(encodeNpy(values), { formt: "npy" } as any), /unknown option "formt".*"format"/);
  // deno-lint-ignore no-explicit-any -- a wrong call
  await assert.rejects(openAny(encodeNpy(values), { format: "npyy" } as any), /expected one of npy, npz/);
  await using opened = await openAny(encodeNpy(values));
  assert.match(String(opened), /^Opened .*: npy \(NumPy array\)$/);
});
