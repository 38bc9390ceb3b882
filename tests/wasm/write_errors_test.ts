import assert from "node:assert/strict";
import { bytesOf, type CallError, COMPACT, type DatasetPlan, PARENTS, WriteFile } from "./writer.ts";

const ints = (...values: number[]) => bytesOf(Int16Array.from(values));

/** A file with a little of everything, for calls that fail. */
async function setUp() {
  const file = await WriteFile.create();
  const type = file.int16();
  const group = file.group("g");
  const plain = file.dataset("plain", type, { dims: [4] });
  const chunked = file.dataset("chunked", type, { dims: [4], maxDims: [8], chunk: [4] });
  const text = file.dataset("text", file.type("mt_type_string", 0, 0, 1), { dims: [2], chunk: [2] });
  const row = file.type("mt_type_compound", 4);
  const enumeration = file.type("mt_type_enum", file.type("mt_type_integer", 1, 0, 0));
  file.enumMember(enumeration, "one", 1n);
  const float = file.type("mt_type_float", 4, 0);
  return { file, type, float, group, plain, chunked, text, row, enumeration };
}

Deno.test("what can't be done is an error with a code and a sentence, and leaves nothing open", async () => {
  const t = await setUp();
  const { file, type } = t;
  const dataset = (path: string, plan: DatasetPlan, of = type) => () => file.dataset(path, of, plan);
  const filter = (id: number, values: number[] = []) =>
    dataset("new", { dims: [8], chunk: [4], filters: [{ id, values }] });
  const cases: [string, RegExp, () => unknown][] = [
    ["exists", /an object "g" is in "\/" already/, () => file.group("g")],
    ["exists", /an object "plain" is in "\/"/, dataset("plain", { dims: [1] })],
    ["exists", /at "\/"/, () => file.group("/")],
    ["exists", /"soft"|"plain"/, () => file.softLink("plain", "/g")],
    ["not-found", /No object "no" in group "\/"/, () => file.group("no/such")],
    ["not-found", /No open object has handle 99/, () => file.group("x", 0, 99)],
    ["not-found", /No open object has handle -1/, () => file.write({ handle: -1 }, [0], [1], ints(1))],
    ["not-found", /No object "none"/, () => file.delete("none")],
    ["not-found", /No object "none"/, () => file.move("none", "other")],
    ["not-found", /No attribute "none"/, () => file.deleteAttribute(0, "none")],
    ["exists", /"chunked"/, () => file.move("plain", "chunked")],
    ["unsupported", /into itself/, () => file.move("g", "g/below")],
    ["wrong-kind", /not a group/, () => file.group("plain/x", PARENTS)],
    ["wrong-kind", /not a group/, () => file.group("x", 0, t.plain.handle)],
    ["wrong-kind", /not a dataset/, () => file.write(t.group, [0], [1], ints(1))],
    ["unsupported", /zero byte/, () => file.group("a\0b")],
    ["unsupported", /zero byte/, () => file.attribute(0, "", type, [], ints(1))],
    ["unsupported", /to nothing/, () => file.softLink("s", "")],
    ["dtype", /No element type has number 1000/, dataset("new", { dims: [1] }, 1000)],
    ["dtype", /an integer of 3 bytes/, () => file.type("mt_type_integer", 3, 1, 0)],
    ["dtype", /a float of 1 bytes/, () => file.type("mt_type_float", 1, 0)],
    ["dtype", /a string of -1 bytes/, () => file.type("mt_type_string", -1, 0, 0)],
    ["dtype", /padding 9/, () => file.type("mt_type_string", 4, 9, 0)],
    ["dtype", /made of an integer/, () => file.type("mt_type_enum", t.float)],
    ["dtype", /does not fit/, () => file.enumMember(t.enumeration, "big", 256n)],
    ["dtype", /"one"/, () => file.enumMember(t.enumeration, "one", 2n)],
    ["dtype", /not an enumeration/, () => file.enumMember(type, "x", 2n)],
    ["dtype", /the compound type has 4 bytes/, () => file.member(t.row, "far", 3, type)],
    ["dtype", /not a compound/, () => file.member(type, "x", 0, type)],
    ["dtype", /2147483647/, () => file.doubles([[65536, 65536]], (at) => file.type("mt_type_array", type, 2, at!))],
    ["dtype", /of 40 axes/, () => file.doubles([[1]], (at) => file.type("mt_type_array", type, 40, at!))],
    ["dtype", /kind 3/, () => file.type("mt_type_reference", 3)],
    ["wrong-kind", /a group/, () => file.type("mt_type_of", 0)],
    ["shape", /axis 0 can't have -1/, dataset("new", { dims: [-1] })],
    ["shape", /axis 0 can't have 1.5/, dataset("new", { dims: [1.5] })],
    ["shape", /can't have NaN|axis 0 can't have nan/i, dataset("new", { dims: [NaN] })],
    ["shape", /more than 2\^53 elements/, dataset("new", { dims: [2 ** 30, 2 ** 30] })],
    ["shape", /40 axes/, dataset("new", { dims: new Array(40).fill(1) })],
    ["shape", /at most 2\^53 fit/, dataset("new", { dims: [2 ** 53] })],
    ["shape", /can't have at most 3/, dataset("new", { dims: [4], maxDims: [3], chunk: [1] })],
    ["shape", /without chunks/, dataset("new", { dims: [4], maxDims: [-1] })],
    ["shape", /filters without chunks/, dataset("new", { dims: [4], filters: [{ id: 1 }] })],
    ["shape", /chunks of 0 elements/, dataset("new", { dims: [4], chunk: [0] })],
    ["shape", /chunks of 5 elements along axis 0: it has at most 4/, dataset("new", { dims: [4], chunk: [5] })],
    [
      "shape",
      /less than 4 GiB/,
      dataset("new", { dims: [2 ** 17, 2 ** 17], chunk: [2 ** 17, 2 ** 15] }),
    ],
    ["shape", /no axes/, dataset("new", { dims: [], chunk: [] })],
    ["shape", /object header/, dataset("new", { dims: [40000], flags: COMPACT })],
    ["unsupported-filter", /filter 32013 \(zfp\)/, filter(32013)],
    ["unsupported-filter", /filter 307 \(bzip2\): it can be read, not written/, filter(307)],
    ["unsupported-filter", /its level is 0 to 9/, filter(1, [10])],
    ["unsupported-filter", /filter 4 \(szip\)/, filter(4, [4, 7])],
    ["unsupported-filter", /filter 6 \(scaleoffset\)/, filter(6, [7, 0])],
    [
      "unsupported-filter",
      /twice/,
      dataset("new", { dims: [8], chunk: [4], filters: [{ id: 2 }, { id: 2 }] }),
    ],
    ["selection", /axis 0 has 4 elements/, () => file.write(t.plain, [3], [2], ints(1, 2))],
    ["selection", /it has 1 axes, 2 were selected/, () => file.write(t.plain, [0, 0], [1, 1], ints(1))],
    ["selection", /axis 0 has 4 elements/, () => file.region(t.plain, [4], [1])],
    ["selection", /none begins at 2/, () => file.put(t.chunked, [2], ints(1, 2, 3, 4))],
    ["shape", /it has 8 bytes, 6 were given/, () => file.put(t.chunked, [0], ints(1, 2, 3))],
    ["wrong-kind", /not chunked/, () => file.put(t.plain, [0], ints(1))],
    ["dtype", /vary in length/, () => file.put(t.text, [0], new Uint8Array(32))],
    ["shape", /no chunks/, () => file.resize(t.plain, [8])],
    ["shape", /it can have 8 at most/, () => file.resize(t.chunked, [9])],
    ["shape", /it has 1 axes, 2/, () => file.resize(t.chunked, [4, 4])],
    ["limit", /don't fit an object header/, () => file.attribute(0, "big", type, [40000], new Uint8Array(80000))],
  ];
  const before = file.openIds();
  for (const [code, message, run] of cases) {
    assert.throws(run, (error: CallError) => {
      assert.equal(error.code, code, `${message}: ${error.message}`);
      assert.match(error.message, message);
      assert.match(error.message, /^[A-Z"].*[^.]$/s);
      return true;
    }, String(message));
    assert.equal(file.openIds(), before, String(message));
  }
  // After all that the file is as good as ever.
  file.write(t.plain, [0], [4], ints(1, 2, 3, 4));
  assert.deepEqual(file.list().map(({ name }) => name), ["chunked", "g", "plain", "text"]);
  file.close();
  assert.equal(file.openIds(), 0);
});

Deno.test("a file opened for reading, or none, can't be written", async () => {
  const made = await WriteFile.create();
  made.dataset("d", made.int16(), { dims: [2] });
  const bytes = made.close();
  const file = await WriteFile.start(bytes);
  assert.throws(() => file.group("g"), (error: CallError) => error.code === "not-found");
  file.done(file.text("new.h5", (at, n) => file.call("mt_file_open", at, n)));
  const dataset = file.open("d");
  const refused = (error: CallError) => error.code === "unsupported" && /opened for reading/.test(error.message);
  assert.throws(() => file.group("g"), refused);
  assert.throws(() => file.write(dataset, [0], [1], ints(1)), refused);
  assert.throws(() => file.attribute(dataset.handle, "a", file.int16(), [], ints(1)), refused);
  assert.throws(() => file.delete("d"), refused);
  assert.throws(() => file.flush(), refused);
  assert.throws(() => file.region(dataset, [0], [1]), refused);
  assert.deepEqual(file.close(), bytes);
});

Deno.test("a file that is none, or is damaged, can't be changed", async () => {
  const made = await WriteFile.create();
  made.dataset("d", made.int16(), { dims: [200] });
  const bytes = made.close();
  const code = async (bytes: Uint8Array) => {
    const file = await WriteFile.start(bytes);
    const status = file.text("new.h5", (at, n) => file.call("mt_file_change", at, n, 0));
    assert.equal(status, -1);
    assert.equal(file.openIds(), 0);
    return (file.instance.json() as { code: string }).code;
  };
  assert.equal(await code(new Uint8Array(5000)), "not-hdf5");
  assert.equal(await code(new Uint8Array(0)), "not-hdf5");
  assert.equal(await code(bytes.subarray(0, bytes.byteLength - 100)), "truncated");
  const file = await WriteFile.start();
  for (const userBlock of [511, 1000, -512, NaN, Infinity]) {
    assert.equal(file.text("new.h5", (at, n) => file.call("mt_file_create", at, n, 0, userBlock)), -1);
    assert.equal((file.instance.json() as { code: string }).code, "shape");
  }
});

/** Makes a file of all kinds of things; throws where the host takes no more. */
function fill(file: WriteFile): void {
  const type = file.int16();
  const chunked = file.dataset("a/b/chunked", type, {
    dims: [0],
    maxDims: [-1],
    chunk: [100],
    filters: [{ id: 2 }, { id: 1, values: [4] }],
    flags: PARENTS,
  });
  for (let i = 0; i < 6; i++) {
    file.resize(chunked, [150 * (i + 1)]);
    file.write(chunked, [150 * i], [150], new Uint8Array(300).fill(i));
  }
  const text = file.dataset("text", file.type("mt_type_string", 0, 0, 1), { dims: [1] });
  file.write(text, [0], [1], file.pointer("some text"));
  file.attribute(text.handle, "a", type, [2], ints(1, 2));
  file.flush();
  const plain = file.dataset("plain", type, { dims: [100000] });
  file.write(plain, [0], [100000], new Uint8Array(200000));
  file.put(chunked, [200], new Uint8Array(200));
  for (let i = 0; i < 30; i++) file.group(`many/${i}`, PARENTS);
  file.delete("many");
  file.close();
}

Deno.test("a disk that is full is an error whenever it comes, and closing then lets go of everything", async () => {
  const whole = await WriteFile.create();
  whole.writesLeft = 1e6;
  fill(whole);
  const writes = 1e6 - whole.writesLeft;
  assert.ok(writes > 10, `${writes} writes`);
  for (let left = 0; left < writes; left++) {
    const file = await WriteFile.create();
    file.writesLeft = left;
    const isWrite = (error: CallError) => error.code === "write" && /^Cannot (write|make the file)/.test(error.message);
    assert.throws(() => fill(file), isWrite, `after ${left} writes`);
    if (file.openIds() > 0) {
      // Whatever is asked then is the same error.
      assert.throws(() => file.group("more"), isWrite);
      assert.throws(() => file.close(), isWrite);
    }
    assert.equal(file.openIds(), 0, `after ${left} writes`);
  }
  const file = await WriteFile.start();
  file.writesLeft = 0;
  assert.equal(file.text("new.h5", (at, n) => file.call("mt_file_create", at, n, 0, 0)), -1);
  assert.equal((file.instance.json() as { code: string }).code, "write");
  assert.equal(file.openIds(), 0);
});

Deno.test("random numbers as arguments are errors, never traps", async () => {
  let seed = 11;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const numbers = [-2147483648, -2, -1, 0, 1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 100, 65536, 2147483647];
  const pick = () => numbers[random(numbers.length)]!;
  const { file } = await setUp();
  // Room for all that a pointer can be asked for: 33 doubles, filters, values.
  const at = file.keep(new Uint8Array(1024).map(() => random(2) ? random(256) : 0));
  const doubles = file.keep(
    bytesOf(Float64Array.from({ length: 128 }, () => [0, 1, 2, -1, NaN, 1e300, 4][random(7)]!)),
  );
  const box = [doubles, doubles + 8 * random(64), doubles + 8];
  for (let round = 0; round < 3000; round++) {
    const name = file.keep(new TextEncoder().encode(["g", "x/y", "", "/", "plain"][random(5)]!));
    const length = random(4);
    const calls: [`mt_${string}`, ...number[]][] = [
      ["mt_type_integer", pick(), pick(), pick()],
      ["mt_type_float", pick(), pick()],
      ["mt_type_string", pick(), pick(), pick()],
      ["mt_type_opaque", pick(), name, length],
      ["mt_type_enum", pick()],
      ["mt_type_enum_member", pick(), name, length, at],
      ["mt_type_compound", pick()],
      ["mt_type_member", pick(), name, length, pick(), pick()],
      ["mt_type_array", pick(), pick(), doubles],
      ["mt_type_vlen", pick()],
      ["mt_type_of", pick()],
      ["mt_type_info", pick()],
      ["mt_type_commit", pick(), name, length, pick()],
      ["mt_group_create", pick(), name, length, pick()],
      ["mt_dataset_resize", pick(), pick(), doubles],
      ["mt_chunk_put", pick(), pick(), doubles, at, pick()],
      ["mt_attr_delete", pick(), name, length],
      ["mt_link_soft", pick(), name, length, at, random(20), pick()],
      ["mt_link_hard", pick(), name, length, pick(), pick()],
      ["mt_link_move", pick(), name, length, at, random(8), pick()],
      ["mt_link_delete", pick(), name, length],
      ["mt_reference_region", pick(), pick(), ...box],
      ["mt_dataset_create", pick(), name, length, pick(), random(34) - 1, doubles, doubles + 8, 0, 0, 0, pick()],
      ["mt_dataset_create", pick(), name, length, pick(), random(34) - 1, doubles, 0, doubles + 8, 0, 0, pick()],
    ];
    const [call, ...values] = calls[random(calls.length)]!;
    const status = file.call(call, ...values);
    assert.ok(status >= -1, `${call}(${values})`);
    file.instance.free(name);
    if (round % 500 === 0) file.done(file.call("mt_type_clear"));
  }
  file.call("mt_file_close");
  assert.equal(file.openIds(), 0);
});
