import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CostMeter } from "../../src/source/cost.ts";
import { crc32c } from "../../src/zarr/codec/checksums.ts";
import { startRangeServer } from "../support/range_server.ts";
import { type MicrotomeErrorLike, openZarr, slice, ZarrArray, ZarrGroup } from "./api.ts";
import { CORPUS, HAS_CORPUS, readAll, STORES, values, WITHOUT } from "./corpus.ts";
import { gzip, json, type MemoryStore, storeOf, v2, v3 } from "./support.ts";

async function arrayOf(store: MemoryStore): Promise<ZarrArray> {
  const node = await openZarr(store);
  assert(node instanceof ZarrArray);
  return node;
}

function fails(code: string, message: RegExp): (error: MicrotomeErrorLike) => boolean {
  return (error) => {
    assert.equal(error.code, code, `${error.name}: ${error.message}`);
    assert.match(error.message, message);
    return true;
  };
}

const bytesOf = (...numbers: number[]) => new Uint8Array(Int16Array.from(numbers).buffer);

Deno.test("types that zarrita doesn't have are read as NumPy has them, in both byte orders", async () => {
  const big = (numbers: Float64Array) => {
    const out = new Uint8Array(numbers.length * 8);
    numbers.forEach((number, i) => new DataView(out.buffer).setFloat64(8 * i, number));
    return out;
  };
  const cases: [string, unknown, Uint8Array, unknown, unknown[]][] = [
    ["<c8", [1, -1], new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer), [1, 2, 3, 4, 1, -1, 1, -1], []],
    [">c16", ["NaN", 2], big(Float64Array.of(1, 2, 3, 4)), [1, 2, 3, 4, NaN, 2, NaN, 2], []],
    ["<M8[ns]", "NaT", new Uint8Array(BigInt64Array.of(1n, 2n).buffer), [1n, 2n, -(2n ** 63n), -(2n ** 63n)], []],
    [">f2", 1.5, Uint8Array.of(0x3c, 0, 0xc0, 0), [1, -2, 1.5, 1.5], []],
    [">U2", "é😀", Uint8Array.of(0, 0, 0, 97, 0, 0, 0, 0, 0, 0, 0, 98, 0, 1, 0xf6, 0), ["a", "b😀", "é😀", "é😀"], []],
    ["|S2", "w6k=", Uint8Array.of(97, 0, 98, 99), ["a", "bc", "é", "é"], []],
    ["|V2", "AQI=", Uint8Array.of(9, 8, 7, 6), [[9, 8], [7, 6], [1, 2], [1, 2]].map((two) => Uint8Array.from(two)), []],
    ["|b1", true, Uint8Array.of(0, 1), [0, 1, 1, 1], []],
    ["<u8", 18446744073709551615n, new Uint8Array(16), [0n, 0n, 2n ** 64n - 1n, 2n ** 64n - 1n], []],
  ];
  for (const [dtype, fill, chunk, expected] of cases) {
    for (const order of ["C", "F"]) {
      const store = storeOf(v2({ dtype, order, fill_value: typeof fill === "bigint" ? "FILL" : fill }), { "0": chunk });
      if (typeof fill === "bigint") {
        const text = new TextDecoder().decode(store.get("/.zarray")).replace('"FILL"', String(fill));
        store.set("/.zarray", new TextEncoder().encode(text));
      }
      const { data } = await (await arrayOf(store)).read();
      assert.deepEqual([...data], expected, `${dtype} ${order}`);
    }
  }
});

Deno.test("records come as objects, field by field", async () => {
  const dtype = [["a", ">i2"], ["b", "|S2"], ["c", "<f4", [2]]];
  const chunk = new Uint8Array(24);
  const view = new DataView(chunk.buffer);
  [0, 12].forEach((at, i) => {
    view.setInt16(at, 5 + i);
    chunk.set([104, 105], at + 2);
    view.setFloat32(at + 4, 0.5, true);
  });
  const array = await arrayOf(storeOf(v2({ dtype, fill_value: null }), { "0": chunk }));
  const read = (await array.read([[0, 1, 3]])).data as { a: number; b: string; c: { data: Float32Array } }[];
  assert.deepEqual(read.map(({ a, b, c }) => [a, b, [...c.data]]), [
    [5, "hi", [0.5, 0]],
    [6, "hi", [0.5, 0]],
    [0, "", [0, 0]],
  ]);
});

Deno.test("fill values of version 3 are exact: by hexadecimal digits, beyond 2^53, not numbers", async () => {
  const cases: [string, unknown, unknown][] = [
    ["float32", "0x7fc00001", NaN],
    ["float64", "-Infinity", -Infinity],
    ["complex64", ["NaN", "0x40000000"], [NaN, 2]],
    ["bool", true, 1],
    ["uint8", 255, 255],
    ["r16", [1, 2], Uint8Array.of(1, 2)],
    ["string", "é", "é"],
  ];
  for (const [data_type, fill_value, expected] of cases) {
    const codecs = [{ name: data_type === "string" ? "vlen-utf8" : "bytes" }];
    const { data } = await (await arrayOf(storeOf(v3({ data_type, fill_value, codecs })))).read();
    const perElement = Array.isArray(expected) ? expected : [expected];
    assert.deepEqual([...data], [0, 1, 2, 3].flatMap(() => perElement), data_type);
  }
});

Deno.test("a shard's index may lie at its start, its chunks may be absent, and its checksum is checked", async () => {
  const index = new Uint8Array(BigUint64Array.of(36n, 4n, 2n ** 64n - 1n, 2n ** 64n - 1n).buffer);
  const sum = (bytes: Uint8Array) => new Uint8Array(Uint32Array.of(crc32c(bytes)).buffer);
  const shard = Uint8Array.from([...index, ...sum(index), ...bytesOf(7, 8)]);
  const sharding = (index_location: string) =>
    v3({
      chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } },
      fill_value: -3,
      codecs: [{
        name: "sharding_indexed",
        configuration: {
          chunk_shape: [2],
          codecs: [{ name: "bytes", configuration: { endian: "little" } }],
          index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
          index_location,
        },
      }],
    });
  const array = await arrayOf(storeOf(sharding("start"), { "c/0": shard }));
  assert.deepEqual((await array.read()).data, Int16Array.of(7, 8, -3, -3));
  assert.deepEqual([array.chunkShape, array.shardShape], [[2], [4]]);
  assert.deepEqual((await (await arrayOf(storeOf(sharding("start")))).read()).data, Int16Array.of(-3, -3, -3, -3));
  shard[0]!++;
  await assert.rejects(
    (await arrayOf(storeOf(sharding("start"), { "c/0": shard }))).read(),
    fails("corrupt", /checksum/),
  );
  const short = storeOf(sharding("end"), { "c/0": Uint8Array.of(1, 2, 3) });
  await assert.rejects((await arrayOf(short)).read(), (error: MicrotomeErrorLike) => error.code === "corrupt");
  const beyond = new Uint8Array(BigUint64Array.of(1n << 40n, 4n, 0n, 4n).buffer);
  const lying = storeOf(sharding("end"), { "c/0": Uint8Array.from([...beyond, ...sum(beyond)]) });
  await assert.rejects((await arrayOf(lying)).read(), (error: MicrotomeErrorLike) => error.code === "corrupt");
});

Deno.test("a checksum of a chunk is checked, which zarrita leaves", async () => {
  const chunk = bytesOf(1, 2);
  const codecs = [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }];
  const right = Uint8Array.from([...chunk, ...new Uint8Array(Uint32Array.of(crc32c(chunk)).buffer)]);
  assert.deepEqual((await (await arrayOf(storeOf(v3({ codecs }), { "c/0": right }))).read([slice(2)])).data[1], 2);
  right[0]!++;
  await assert.rejects(
    (await arrayOf(storeOf(v3({ codecs }), { "c/0": right }))).read(),
    fails("corrupt", /^Cannot read "c\/0" of the store: its checksum is wrong$/),
  );
});

Deno.test("Fletcher32 is checked too, also of an odd number of bytes", async () => {
  const v2Of = (chunk: Uint8Array, chunks: number[]) =>
    storeOf(v2({ dtype: "|u1", shape: chunks, chunks, compressor: { id: "fletcher32" } }), { "0": chunk });
  // By numcodecs 0.16.6: Fletcher32().encode(bytes([1, 2, 3])), and of bytes(range(256)) * 8.
  const odd = Uint8Array.of(1, 2, 3, 2, 4, 4, 5);
  assert.deepEqual((await (await arrayOf(v2Of(odd, [3]))).read()).data, Uint8Array.of(1, 2, 3));
  const long = Uint8Array.from([...Array.from({ length: 2048 }, (_, i) => i & 255), 254, 1, 46, 40]);
  assert.equal((await (await arrayOf(v2Of(long, [2048]))).read()).data[255], 255);
  long[7]!++;
  await assert.rejects((await arrayOf(v2Of(long, [2048]))).read(), fails("corrupt", /its checksum is wrong$/));
});

Deno.test("a chunk that inflates beyond what it can hold is stopped", async () => {
  const bomb = await gzip(new Uint8Array(64 * 2 ** 20));
  const store = storeOf(v2({ compressor: { id: "gzip", level: 9 } }), { "0": bomb });
  await assert.rejects((await arrayOf(store)).read(), fails("limit", /inflates to more than/));
  const nonsense = storeOf(v2({ compressor: { id: "zlib" } }), { "0": Uint8Array.of(1, 2, 3) });
  await assert.rejects((await arrayOf(nonsense)).read(), fails("corrupt", /can't be inflated/));
  const huge = storeOf(v2({ shape: [2 ** 40], chunks: [2 ** 40] }), { "0": new Uint8Array(4) });
  await assert.rejects((await arrayOf(huge)).read([0]), fails("limit", /maxChunkBytes/));
  await assert.rejects((await arrayOf(huge)).read(), fails("limit", /maxReadBytes/));
});

Deno.test("metadata that can't be so is refused with what is wrong", async () => {
  const cases: [Record<string, unknown>, string, RegExp][] = [
    [v2({ shape: [-1] }), "corrupt", /its shape is \[-1\]/],
    [v2({ shape: [1.5] }), "corrupt", /its shape is \[1\.5\]/],
    [v2({ shape: "4" }), "corrupt", /its shape is "4"/],
    [v2({ chunks: [0] }), "corrupt", /chunks have the shape \[0\]/],
    [v2({ chunks: [2, 2] }), "corrupt", /chunks have the shape/],
    [v2({ shape: [1, 1, 1], chunks: [2 ** 40, 2 ** 40, 1] }), "corrupt", /more than can be counted/],
    [v2({ dtype: "nonsense" }), "corrupt", /"nonsense" is no dtype/],
    [v2({ dtype: "<u1.5" }), "unsupported", /<u1\.5/],
    [v2({ dtype: 7 }), "corrupt", /7 is no dtype/],
    [v2({ dtype: [["a", "<i2"], ["a", "<i2"]] }), "corrupt", /is no dtype/],
    [v2({ dtype: "|S0" }), "unsupported", /no bytes/],
    [v2({ dtype: "|O" }), "unsupported", /say nothing of how its values are written/],
    [v2({ order: "K" }), "corrupt", /its order is "K"/],
    [v2({ dimension_separator: "../" }), "corrupt", /dimension_separator/],
    [v2({ filters: [{}] }), "corrupt", /\{\} is no codec/],
    [v2({ filters: [{ id: "shuffle", elementsize: 8 }] }), "unsupported", /shuffled by 8 bytes/],
    [v2({ filters: [{ id: "delta", dtype: "<i2", astype: "<i4" }] }), "unsupported", /differences/],
    [v2({ fill_value: "x" }), "corrupt", /fill value "x"/],
    [v2({ fill_value: 40000 }), "corrupt", /fill value 40000/],
    [v2({ zarr_format: 9 }), "corrupt", /zarr_format/],
    [v3({ node_type: "tree" }), "corrupt", /node_type/],
    [v3({ data_type: "bfloat16" }), "unsupported", /bfloat16/],
    [v3({ chunk_grid: { name: "rectilinear" } }), "unsupported", /rectilinear/],
    [v3({ chunk_key_encoding: { name: "fancy" } }), "unsupported", /fancy/],
    [v3({ codecs: "bytes" }), "corrupt", /its codecs are/],
    [v3({ codecs: [{ name: "transpose", configuration: { order: [1] } }, "bytes"] }), "corrupt", /no order of 1 axes/],
    [v3({ codecs: ["transpose", "transpose", "bytes"] }), "unsupported", /transposes more than once/],
    [v3({ storage_transformers: [{ name: "x" }] }), "unsupported", /storage transformers/],
    [v3({ something: { new: true } }), "unsupported", /extension "something"/],
    [v3({ fill_value: undefined }), "corrupt", /no fill_value/],
  ];
  for (const [metadata, code, message] of cases) {
    const store = storeOf({ ...metadata, zarr_format: metadata.zarr_format === 3 ? 3 : 2 });
    if (metadata.zarr_format === 9) store.set("/.zarray", json(metadata));
    await assert.rejects(openZarr(store), fails(code, message), JSON.stringify(metadata));
  }
  const ignorable = await openZarr(storeOf(v3({ something: { must_understand: false } })));
  assert.equal(ignorable.kind, "array");
  await assert.rejects(openZarr(new Map([["/zarr.json", Uint8Array.of(123, 255)]])), fails("corrupt", /isn't JSON/));
  await assert.rejects(openZarr(new Map([["/zarr.json", json([1])]])), fails("corrupt", /isn't a JSON object/));
});

Deno.test("nothing leads out of the folder: not a path, not what metadata says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "microtome-zarr-"));
  try {
    Deno.mkdirSync(join(folder, "root"));
    Deno.mkdirSync(join(folder, "secret"));
    Deno.writeFileSync(join(folder, "root/.zgroup"), json({ zarr_format: 2 }));
    Deno.writeFileSync(join(folder, "secret/.zarray"), json(v2()));
    await using root = await openZarr(join(folder, "root"));
    assert(root instanceof ZarrGroup);
    for (const path of ["../secret", "a/../../secret", "..", "./a", "a\\..\\b", "a\0b"]) {
      await assert.rejects(root.get(path), fails("format", /no key that stays within/), path);
      await assert.rejects(openZarr(join(folder, "root"), { path }), fails("format", /no key that stays within/), path);
    }
    const hostile = {
      zarr_format: 3,
      node_type: "group",
      attributes: {},
      consolidated_metadata: { kind: "inline", must_understand: false, metadata: { "../secret": v3() } },
    };
    Deno.writeFileSync(join(folder, "root/zarr.json"), json(hostile));
    await using other = await openZarr(join(folder, "root"));
    assert(other instanceof ZarrGroup);
    await assert.rejects(other.get("../secret"), fails("format", /no key that stays within/));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

Deno.test("names that mean something in a URL are names", async () => {
  const name = "50% #1? ümläut %2e%2e";
  const store: MemoryStore = new Map([
    ["/zarr.json", json({ zarr_format: 3, node_type: "group" })],
    [`/${name}/zarr.json`, json(v3())],
    [`/${name}/c/0`, bytesOf(1, 2)],
  ]);
  const root = await openZarr(store);
  assert(root instanceof ZarrGroup);
  assert.deepEqual((await root.members()).map((member) => member.name), [name]);
  assert.deepEqual((await (await root.array(name)).read()).data, Int16Array.of(1, 2, 0, 0));
  const folder = mkdtempSync(join(tmpdir(), "microtome-zarr-"));
  const server = await startRangeServer(folder);
  try {
    for (const [key, bytes] of store) {
      Deno.mkdirSync(join(folder, key, ".."), { recursive: true });
      Deno.writeFileSync(join(folder, key), bytes);
    }
    for (const source of [folder, server.url]) {
      await using opened = await openZarr(source, { path: name });
      assert(opened instanceof ZarrArray);
      assert.deepEqual((await opened.read()).data, Int16Array.of(1, 2, 0, 0));
    }
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

Deno.test("what isn't there, and what is of another kind, is said", async () => {
  await assert.rejects(openZarr(new Map()), fails("not-found", /no zarr\.json, \.zarray or \.zgroup/));
  await assert.rejects(openZarr("/nowhere/at/all.zarr"), fails("not-found", /\/nowhere\/at\/all\.zarr/));
  const root = await openZarr(
    new Map([["/.zgroup", json({ zarr_format: 2 })], ["/g/.zgroup", json({ zarr_format: 2 })]]),
  );
  assert(root instanceof ZarrGroup);
  await assert.rejects(root.get("nothing"), fails("not-found", /"\/nothing"/));
  await assert.rejects(root.array("g"), fails("wrong-kind", /"\/g" as an array: it is a group/));
});

Deno.test({
  name: `by HTTP a chunk is one request, and what it cost is counted${WITHOUT}`,
  ignore: !HAS_CORPUS,
  fn: async () => {
    const server = await startRangeServer(CORPUS);
    try {
      const meter = new CostMeter();
      await using array = await openZarr(`${server.url}/zarr.js__fixtures/simple_LE.zarr`, { meter });
      assert(array instanceof ZarrArray);
      const opening = server.log.length;
      assert.equal(array.cost.roundTrips, 1);
      const { data } = await array.read([slice(0, 2), null]);
      assert.deepEqual([...data].slice(0, 3), [1, 2, 0]);
      assert.deepEqual(server.log.slice(opening).map(({ path }) => path), ["/zarr.js__fixtures/simple_LE.zarr/0.0"]);
      assert.equal(array.cost.requests, server.log.length);
      assert.equal(array.cost.roundTrips, 2);
      // Chunk (1, 0) was never written: the server says 404, and its elements are fill values.
      assert((await array.read([slice(2, 4), null])).data.every((value) => value === 0));
    } finally {
      await server.close();
    }
  },
});

Deno.test({
  name: `by HTTP a group is listed only where its metadata is consolidated${WITHOUT}`,
  ignore: !HAS_CORPUS,
  fn: async () => {
    const server = await startRangeServer(CORPUS);
    try {
      await using plain = await openZarr(`${server.url}/zarrs__testdata/array_write_read.zarr`);
      assert(plain instanceof ZarrGroup);
      await assert.rejects(plain.members(), fails("unsupported", /a server can't be asked/));
      assert.equal((await plain.array("group/array")).shape.length, 2);
      await using root = await openZarr(`${server.url}/zarrita.js__fixtures/v3/data.zarr/consolidated`);
      assert(root instanceof ZarrGroup);
      server.clear();
      assert.deepEqual((await root.members()).map(({ name }) => name), ["1d.chunked.i2", "2d.contiguous.i2", "nested"]);
      assert.deepEqual((await root.array("nested/1d.i2")).shape.length, 1);
      assert.equal(server.log.length, 0);
    } finally {
      await server.close();
    }
  },
});

/** What the fixtures of zarrita hold, by the beginning of a path, and those of the others. */
const EXPECTED: readonly [RegExp, unknown[] | ((length: number) => unknown[])][] = [
  [/1d\.contiguous\.f4\.[bl]e$/, [-1000.5, 0, 1000.5, 0]],
  [/1d\.contiguous\.f8$/, [1.5, 2.5, 3.5, 4.5]],
  [/1d\.contiguous\.(compressed\.sharded\.)?b1$/, [true, false, true, false]],
  [/1d\.contiguous\.u1$/, [255, 0, 255, 0]],
  [/1d\.contiguous\.(U|S)\d+(\.[bl]e)?$/, ["a", "b", "cc", "d"]],
  [/1d\.contiguous\.(blosc|lz4|raw|zlib|zstd|gzip|compressed\.sharded|shuffle)\.i[24]$/, [1, 2, 3, 4]],
  [/1d\.chunked\.i2$/, [1, 2, 3, 4]],
  [/3d\..*(i2|mixed\.i2\.[CF])$/, (length) => Array.from({ length }, (_, i) => i)],
  [/zarrs__testdata v[23](_zarr_python)?\/array_/, () => Array.from({ length: 100 }, (_, i) => i)],
];

/** All that is refused, by what is named as the reason. */
const REFUSED: readonly [RegExp, RegExp][] = [
  [/_(pcodec|zfpy)(_C)?\.zarr$/, /codec "numcodecs\.(pcodec|zfpy)" isn't built in$/],
  // NCZarr's file has six elements in the chunk of an array of one, which zarr-python refuses too.
  [/ref_noshape\.file\/v$/, /it decodes to 24 bytes, expected 4$/],
];

for (const store of STORES) {
  Deno.test({
    name: `corpus: ${store} is read, and holds what it is known to hold${WITHOUT}`,
    ignore: !HAS_CORPUS,
    fn: async () => {
      const all = await readAll(store);
      assert(all.length > 0);
      for (const { path, read, error } of all) {
        const where = `${store} ${path}`;
        if (read === undefined) {
          const reason = REFUSED.find(([name]) => name.test(where));
          assert(reason !== undefined && reason[1].test(error!.message), `${where}: ${error}`);
          continue;
        }
        const known = EXPECTED.find(([name]) => name.test(where));
        if (known === undefined) continue;
        const expected = typeof known[1] === "function" ? known[1](read.data.length) : known[1];
        assert.deepEqual(values(read), expected, where);
      }
    },
  });
}
