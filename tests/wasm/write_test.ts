import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { open } from "../../src/hdf5/file.ts";
import {
  ALLOCATE,
  bytesOf,
  CallError,
  COMPACT,
  LATEST,
  PARENTS,
  TRACK_ORDER,
  USER_BLOCK,
  WriteFile,
} from "./writer.ts";

/** All entry points of the writing half that were called here. */
const called = new Set<string>();

const ints = (...values: number[]) => bytesOf(Int16Array.from(values));
const count = (n: number) => Int16Array.from({ length: n }, (_, i) => i * 3 - n);

/** Reads a dataset of a finished file through the library's reading side. */
async function read(bytes: Uint8Array, path: string): Promise<{ data: unknown; shape: readonly number[] }> {
  await using file = await open(bytes);
  const { data, shape } = await (await file.dataset(path)).read();
  return { data, shape };
}

Deno.test("every layout of a dataset reads back as it was written, before and after the file is closed", async () => {
  const file = await WriteFile.create(0, 0, called);
  const type = file.int16();
  const plans = {
    contiguous: { dims: [6, 10] },
    allocated: { dims: [6, 10], flags: ALLOCATE },
    compact: { dims: [6, 10], flags: COMPACT },
    chunked: { dims: [6, 10], chunk: [4, 3] },
    growing: { dims: [6, 10], maxDims: [-1, 20], chunk: [4, 3], filters: [{ id: 1, values: [4] }] },
  };
  const all = count(60);
  for (const [name, plan] of Object.entries(plans)) {
    const made = file.dataset(name, type, plan);
    assert.deepEqual(made.shape, [6, 10]);
    assert.equal(made.path, `/${name}`);
    // Odd rows first, then even ones, each in two pieces.
    for (const start of [1, 0]) {
      const rows = [0, 1, 2].flatMap((row) => [...all.subarray((start + 2 * row) * 10, (start + 2 * row) * 10 + 10)]);
      file.write(made, [start, 0], [3, 10], ints(...rows), [2, 1]);
    }
    assert.deepEqual(file.read(made, [0, 0], [6, 10]), bytesOf(all), name);
    assert.deepEqual(file.read(made, [5, 8], [1, 2]), bytesOf(all.slice(58)), name);
  }
  const bytes = file.close();
  assert.equal(file.openIds(), 0);
  for (const name of Object.keys(plans)) {
    assert.deepEqual(await read(bytes, name), { data: all, shape: [6, 10] });
  }
});

Deno.test("numbers of all widths, both byte orders, keep their values", async () => {
  const file = await WriteFile.create(0, 0, called);
  const cases: [string, number, Uint8Array][] = [];
  for (const order of [0, 1]) {
    for (
      const [size, signed, unsigned] of [
        [1, Int8Array.of(-128, 127), Uint8Array.of(0, 255)],
        [2, Int16Array.of(-32768, 258), Uint16Array.of(1, 65535)],
        [4, Int32Array.of(-2147483648, 16909060), Uint32Array.of(1, 4294967295)],
        [8, BigInt64Array.of(-(1n << 63n), 5n), BigUint64Array.of(1n, (1n << 64n) - 1n)],
      ] as const
    ) {
      cases.push([`i${size}${order}`, file.type("mt_type_integer", size, 1, order), bytesOf(signed)]);
      cases.push([`u${size}${order}`, file.type("mt_type_integer", size, 0, order), bytesOf(unsigned)]);
      cases.push([`b${size}${order}`, file.type("mt_type_bitfield", size, order), bytesOf(unsigned)]);
    }
    cases.push([`f2${order}`, file.type("mt_type_float", 2, order), bytesOf(Uint16Array.of(0x3c00, 0x7c00))]);
    cases.push([`f4${order}`, file.type("mt_type_float", 4, order), bytesOf(Float32Array.of(1.5, -Infinity))]);
    cases.push([`f8${order}`, file.type("mt_type_float", 8, order), bytesOf(Float64Array.of(Math.PI, NaN))]);
  }
  for (const [name, type, values] of cases) {
    const made = file.dataset(name, type, { dims: [2] });
    file.write(made, [0], [2], values);
    assert.deepEqual(file.read(made, [0], [2]), values, name);
    file.attribute(made.handle, "same", type, [2], values);
    assert.deepEqual(file.readAttribute(made.handle, "same"), values, name);
  }
  const bytes = file.close();
  assert.deepEqual((await read(bytes, "i21")).data, Int16Array.of(-32768, 258));
  assert.deepEqual((await read(bytes, "u80")).data, BigUint64Array.of(1n, (1n << 64n) - 1n));
  assert.deepEqual((await read(bytes, "f81")).data, Float64Array.of(Math.PI, NaN));
});

Deno.test("composed types keep their values", async () => {
  const file = await WriteFile.create(0, 0, called);
  const bool = file.type("mt_type_enum", file.type("mt_type_integer", 1, 1, 0));
  file.enumMember(bool, "FALSE", 0n);
  file.enumMember(bool, "TRUE", 1n);
  const colour = file.type("mt_type_enum", file.type("mt_type_integer", 4, 1, 1));
  file.enumMember(colour, "red", -7n);
  file.enumMember(colour, "blue", 300n);
  const text = file.type("mt_type_string", 0, 0, 1);
  const row = file.type("mt_type_compound", 20);
  file.member(row, "valid", 0, bool);
  file.member(row, "name", 4, text);
  file.member(row, "colour", 8, colour);
  file.member(row, "x", 12, file.type("mt_type_float", 8, 1));
  assert.equal(file.json<{ class: string }>(file.call("mt_type_info", row)).class, "compound");
  const matrix = file.doubles([[2, 2]], (dims) => file.type("mt_type_array", file.int16(), 2, dims!));
  const opaque = file.text("seven", (at, n) => file.type("mt_type_opaque", 3, at, n));
  const values: [string, number, Uint8Array, unknown][] = [
    ["bool", bool, Uint8Array.of(1, 0), Uint8Array.of(1, 0)],
    // 5 has no name.
    ["colour", colour, bytesOf(Int32Array.of(-7, 5)), Int32Array.of(-7, 5)],
    ["text", text, bytesOf(Uint32Array.of(file.cString("ä"), 0)), ["ä", ""]],
    ["fixed", file.type("mt_type_string", 4, 1, 0), new TextEncoder().encode("ab\0\0four"), ["ab", "four"]],
    ["matrix", matrix, ints(1, 2, 3, 4, 5, 6, 7, 8), Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ["opaque", opaque, Uint8Array.of(1, 2, 3, 4, 5, 6), [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)]],
    [
      "sequence",
      file.type("mt_type_vlen", file.int16()),
      bytesOf(Uint32Array.of(3, file.keep(ints(7, 8, 9)), 0, 0)),
      [Int16Array.of(7, 8, 9), new Int16Array(0)],
    ],
  ];
  for (const [name, type, memory] of values) {
    file.write(file.dataset(name, type, { dims: [2], chunk: [1] }), [0], [2], memory);
    file.attribute(0, name, type, [2], memory);
  }
  const rows = new DataView(new ArrayBuffer(40));
  for (const [i, name] of ["one", "two"].entries()) {
    rows.setUint8(20 * i, i);
    rows.setUint32(20 * i + 4, file.cString(name), true);
    rows.setInt32(20 * i + 8, i ? 300 : -7, true);
    rows.setFloat64(20 * i + 12, i / 4, true);
  }
  file.write(file.dataset("rows", row, { dims: [2] }), [0], [2], bytesOf(rows));
  const named = file.commit("types/row", row);
  const shared = file.dataset("shared", file.type("mt_type_of", named.handle), { dims: [2] });
  file.write(shared, [0], [2], bytesOf(rows));
  file.done(file.call("mt_type_clear"));
  const bytes = file.close();
  assert.equal(file.openIds(), 0);
  await using opened = await open(bytes);
  for (const [name, , , expected] of values) {
    assert.deepEqual((await (await opened.dataset(name)).read()).data, expected, name);
    const attribute = await opened.attributes.get(name);
    assert.ok(attribute !== undefined, name);
  }
  const expected = [
    { valid: false, name: "one", colour: -7, x: 0 },
    { valid: true, name: "two", colour: 300, x: 0.25 },
  ];
  for (const name of ["rows", "shared"]) {
    const { data } = await (await opened.dataset(name)).read();
    assert.deepEqual(JSON.parse(JSON.stringify(data)), expected, name);
  }
});

Deno.test("references lead to what they were made of", async () => {
  const file = await WriteFile.create(0, 512, called);
  const target = file.dataset("a/target", file.int16(), { dims: [4, 5], flags: PARENTS });
  file.write(target, [0, 0], [4, 5], bytesOf(count(20)));
  const region = file.region(target, [1, 0], [2, 2], [2, 3]);
  assert.equal(region.byteLength, 12);
  const objects = file.dataset("objects", file.type("mt_type_reference", 0), { dims: [2] });
  file.write(objects, [0], [2], bytesOf(BigUint64Array.of(BigInt(target.address), 0n)));
  const regions = file.dataset("regions", file.type("mt_type_reference", 1), { dims: [1] });
  file.write(regions, [0], [1], region);
  assert.deepEqual(file.read(regions, [0], [1]), region);
  const told = file.instance.withBytes(region, (at) => file.json(file.call("mt_reference_info", 0, 1, at)));
  assert.equal(told.path, "/a/target");
  assert.deepEqual((told.selection as unknown as { blocks: unknown }).blocks, [
    [[1, 0], [1, 0]],
    [[1, 3], [1, 3]],
    [[3, 0], [3, 0]],
    [[3, 3], [3, 3]],
  ]);
  const bytes = file.close();
  assert.equal(bytes.subarray(0, 512).some((byte) => byte !== 0), false);
  await using opened = await open(bytes);
  assert.equal(opened.info.userblock, USER_BLOCK);
  const { data } = await (await opened.dataset("regions")).read();
  assert.deepEqual((data as { bytes: Uint8Array }[])[0]!.bytes, region);
});

Deno.test("groups and links of all kinds are there, in order of creation where that is kept", async () => {
  const file = await WriteFile.create(1, 0, called);
  const group = file.group("z/deep", PARENTS | TRACK_ORDER);
  file.dataset("x", file.int16(), { dims: [] }, group.handle);
  file.softLink("soft", "/z/deep");
  file.externalLink("external", "other.h5", "/there");
  file.hardLink("hard/er", group.handle, PARENTS);
  file.group("ä");
  const bytes = file.close();
  await using opened = await open(bytes);
  const links = await opened.links({ creationOrder: true });
  assert.deepEqual(links.map((link) => link.name), ["z", "soft", "external", "hard", "ä"]);
  const { shape } = await opened.dataset("soft/x");
  assert.deepEqual(shape, []);
  assert.deepEqual(await (await opened.group("hard/er")).keys(), ["x"]);
});

Deno.test("an attribute is replaced by one of another type and shape, or deleted", async () => {
  const file = await WriteFile.create(0, 0, called);
  const type = file.int16();
  file.attribute(0, "a", type, [3], ints(1, 2, 3));
  file.attribute(0, "ä", type, [], ints(5));
  file.attribute(0, "a", file.type("mt_type_float", 8, 0), [], bytesOf(Float64Array.of(2.5)));
  file.attribute(0, "nothing", type, null, new Uint8Array(0));
  file.attribute(0, "empty", type, [0], new Uint8Array(0));
  file.attribute(0, "gone", type, [], ints(1));
  file.deleteAttribute(0, "gone");
  assert.deepEqual(file.readAttribute(0, "a"), bytesOf(Float64Array.of(2.5)));
  const bytes = file.close();
  await using opened = await open(bytes);
  assert.equal(await opened.attributes.get("a"), 2.5);
  assert.equal(await opened.attributes.get("ä"), 5);
  assert.deepEqual((await opened.attributes.list()).map(({ name }) => name).toSorted(), [
    "a",
    "empty",
    "nothing",
    "ä",
  ]);
});

Deno.test("a dataset grows and shrinks, and every handle of it knows", async () => {
  const file = await WriteFile.create(0, 0, called);
  const fill = ints(-1);
  const made = file.dataset("d", file.int16(), { dims: [2], maxDims: [-1], chunk: [4], fill });
  const other = file.open("d");
  file.write(made, [0], [2], ints(1, 2));
  assert.deepEqual(file.resize(made, [7]).shape, [7]);
  file.write(other, [6], [1], ints(7));
  assert.deepEqual(file.read(other, [0], [7]), ints(1, 2, -1, -1, -1, -1, 7));
  assert.deepEqual(file.resize(other, [1]).handle, other.handle);
  file.resize(made, [3]);
  assert.deepEqual(file.read(made, [0], [3]), ints(1, -1, -1));
  assert.deepEqual((await read(file.close(), "d")).data, Int16Array.of(1, -1, -1));
});

Deno.test("the same calls give the same bytes, in both formats", async () => {
  const make = async (flags: number): Promise<Uint8Array> => {
    const file = await WriteFile.create(flags, 0, called);
    for (let i = 0; i < 20; i++) {
      const made = file.dataset(`g/${i}`, file.int16(), {
        dims: [500],
        chunk: [100],
        filters: [{ id: 2 }, { id: 1, values: [4] }],
        flags: PARENTS,
      });
      file.write(made, [0], [500], bytesOf(count(500)));
      file.attribute(made.handle, "name", file.type("mt_type_string", 0, 0, 1), [], file.pointer(`name ${i}`));
    }
    return file.close();
  };
  for (const flags of [0, LATEST]) assert.deepEqual(await make(flags), await make(flags));
  await using opened = await open(await make(LATEST));
  assert.equal(opened.info.superblock, 3);
});

Deno.test("existing files of all superblock versions can be changed, and keep what they have", async () => {
  for (
    const name of ["superblock0", "superblock1", "superblock2", "superblock3", "userblock0", "userblock3", "paged"]
  ) {
    const old = new Uint8Array(await readFile(new URL(`../data/${name}.h5`, import.meta.url)));
    const file = await WriteFile.change(old, called);
    const made = file.dataset("added here", file.int16(), { dims: [3] });
    file.write(made, [0], [3], ints(4, 5, 6));
    file.attribute(0, "added", file.int16(), [], ints(9));
    file.flush();
    const changed = file.close();
    assert.deepEqual((await read(changed, "added here")).data, Int16Array.of(4, 5, 6), name);
    await using before = await open(old);
    await using after = await open(changed);
    assert.deepEqual((await after.keys()).filter((key) => key !== "added here"), await before.keys(), name);
    for (const key of await before.keys()) {
      const [a, b] = [await before.get(key), await after.get(key)];
      if ("shape" in a && "read" in b) assert.deepEqual((await b.read()).data, (await a.read()).data, `${name} ${key}`);
    }
  }
});

Deno.test("chunks are found by the bulk path of a file that is being written", async () => {
  const file = await WriteFile.create(0, 0, called);
  const made = file.dataset("d", file.int16(), { dims: [6], chunk: [4] });
  file.put(made, [0], ints(1, 2, 3, 4));
  file.write(made, [4], [2], ints(5, 6));
  file.flush();
  const [first, second] = file.chunks(made);
  assert.deepEqual(first!.offset, [0]);
  const at = second!.address;
  assert.deepEqual(file.sink.bytes().slice(at, at + 4), ints(5, 6));
  file.close();
});

Deno.test("objects are moved and deleted; handles follow, or say that theirs is no more", async () => {
  const file = await WriteFile.create(0, 0, called);
  const type = file.int16();
  const group = file.group("a/b", PARENTS);
  const inner = file.dataset("x", type, { dims: [2] }, group.handle);
  file.write(inner, [0], [2], ints(1, 2));
  const linked = file.dataset("a/b/linked", type, { dims: [1] });
  file.hardLink("kept", linked.handle);
  // More objects than ids are kept open: theirs are opened again.
  for (let i = 0; i < 100; i++) file.dataset(`a/b/many/${i}`, type, { dims: [1], flags: PARENTS });
  const last = file.open("a/b/many/50");
  file.move("a/b", "new/place", PARENTS);
  assert.equal(file.open("x", group.handle).path, "/new/place/x");
  assert.deepEqual(file.read(inner, [0], [2]), ints(1, 2));
  file.delete("new");
  for (const { handle, path } of [{ ...inner, path: "x" }, { ...last, path: "50" }]) {
    assert.throws(
      () => file.read({ handle }, [0], [1]),
      (error: CallError) => error.code === "not-found" && error.message.endsWith(`${path}" was deleted`),
    );
    assert.throws(() => file.write({ handle }, [0], [1], ints(1)), CallError);
    assert.throws(() => file.attribute(handle, "a", type, [], ints(1)), CallError);
    assert.throws(() => file.hardLink("again", handle), CallError);
    file.closeObject(handle);
  }
  assert.throws(() => file.group("g", 0, group.handle), CallError);
  // What has another link lives on under it, though its path is not known.
  file.write(linked, [0], [1], ints(8));
  // What was deleted makes room for what comes.
  const next = file.dataset("next", type, { dims: [2] });
  file.write(next, [0], [2], ints(3, 4));
  const bytes = file.close();
  assert.equal(file.openIds(), 0);
  assert.deepEqual((await read(bytes, "next")).data, Int16Array.of(3, 4));
  assert.deepEqual((await read(bytes, "kept")).data, Int16Array.of(8));
  await using opened = await open(bytes);
  assert.deepEqual(await opened.keys(), ["a", "kept", "next"]);
});

Deno.test("the tests here call every entry point of the writing half", async () => {
  const header = await readFile(new URL("../../wasm/hdf5/microtome.h", import.meta.url), "utf8");
  const writing = header.slice(header.indexOf("---- Exported: writing ----"));
  const names = [...writing.matchAll(/^MT_EXPORT int (mt_\w+)\(/gm)].map(([, name]) => name!);
  assert.ok(names.length > 30);
  assert.deepEqual(names.filter((name) => !called.has(name)), []);
});
