/** Inputs of under a megabyte that mean far more work than they have bytes, for each of our own parsers. */
import assert from "node:assert/strict";
import process from "node:process";
import { decodeElements } from "../../src/hdf5/read/decode.ts";
import type { TypeInfo } from "../../src/hdf5/type_info.ts";
import { collectParents } from "../../src/nwb/types.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { unpickle } from "../../src/npy/pickle/pickle.ts";
import { decodeSidecar } from "../../src/raw/sidecar.ts";
import { parseSelection } from "../../src/array/select/parse_selection.ts";
import { parseBoundedJson } from "../../src/source/bounded_json.ts";
import { MicrotomeError } from "../../src/source/errors.ts";
import { parseDocument } from "../../src/zarr/json.ts";
import { specV2 } from "../../src/zarr/read/spec_v2.ts";
import { specV3 } from "../../src/zarr/read/spec_v3.ts";
import { consolidatedGroup } from "./support.ts";

/** What counts as a hang: linear work on a megabyte takes hundredths of it, quadratic work ten times as much. */
const HANG = 5000;

/** Runs to its end, or to an error of ours, in time. */
async function ends(what: string, run: () => unknown): Promise<string> {
  const start = process.cpuUsage();
  let end = "done";
  try {
    await run();
  } catch (error) {
    if (!(error instanceof MicrotomeError || error instanceof SyntaxError)) throw error;
    end = error instanceof MicrotomeError ? error.code : "syntax";
  }
  const { user, system } = process.cpuUsage(start);
  // Work, not the clock: others may keep this process from it.
  assert.ok((user + system) / 1000 < HANG, `${what} took ${Math.round((user + system) / 1000)} ms`);
  return end;
}

function npy(header: string): Uint8Array<ArrayBuffer> {
  const body = new TextEncoder().encode(header);
  const bytes = new Uint8Array(12 + body.length + 64);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0]);
  new DataView(bytes.buffer).setUint32(8, body.length, true);
  bytes.set(body, 12);
  return bytes;
}

const header = (descr: string, shape: string) => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`;
const fields = (count: number, type: string) =>
  `[${Array.from({ length: count }, (_, i) => `('f${i}','${type}')`).join()}]`;

Deno.test("headers of .npy files that mean more work than they have bytes end at once", async () => {
  const cases: [what: string, text: string, end: string][] = [
    ["60,000 fields", header(fields(60_000, "<i2"), "(0,)"), "done"],
    ["20,000 fields without bytes", header(fields(20_000, "|V0"), "(1000,)"), "limit"],
    ["fields in fields", header(`${"[('a',".repeat(1000)}'<i2'${")]".repeat(1000)}`, "(1,)"), "corrupt"],
    ["300,000 axes", header("'<i2'", `(${"1,".repeat(300_000)})`), "corrupt"],
    ["300,000 axes of a field", header(`[('a','<i2',(${"1,".repeat(300_000)}))]`, "(1,)"), "corrupt"],
    ["a length of a million digits", header("'<i2'", `(${"9".repeat(1_000_000)},)`), "corrupt"],
    ["10^15 texts without bytes", header("'|S0'", "(1000000000000000,)"), "limit"],
    ["10^7 texts without bytes", header("'|S0'", "(10000000,)"), "limit"],
    ["2^31 texts without bytes in a field", header("[('a','|S0',(2147483647,))]", "(1,)"), "limit"],
    ["10^7 records without fields", header("[]", "(10000000,)"), "limit"],
    ["brackets", "[".repeat(1_000_000), "corrupt"],
    ["a long key", `{'${"a".repeat(900_000)}': 1}`, "corrupt"],
    ["many keys", `{${Array.from({ length: 80_000 }, (_, i) => `'${i}':1`).join()}}`, "corrupt"],
    ["a text without end", `'${"\\x41".repeat(200_000)}`, "corrupt"],
  ];
  for (const [what, text, end] of cases) {
    const found = await ends(what, async () => {
      await using array = await openNpy(npy(text));
      await array.read();
    });
    assert.equal(found, end, what);
  }
});

/** A pickle of protocol 2: opcodes and text, each character a byte. */
function pickle(...parts: string[]): Uint8Array {
  const text = `\x80\x02${parts.join("")}.`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const repeat = (count: number, part: string) => part.repeat(count);

Deno.test("pickles that have the same thing copied over and over end by the limit", async () => {
  // A list of 100,000 None in memo 0; then list(memo 0) 100,000 times.
  const list = (name: string) =>
    pickle(
      "]q\0(",
      repeat(100_000, "N"),
      "e",
      `c__builtin__\n${name}\nq\x01`,
      "](",
      repeat(60_000, "h\x01h\0\x85R"),
      "e",
    );
  for (const name of ["list", "tuple", "set", "frozenset"]) {
    assert.equal(await ends(name, () => unpickle(list(name))), "limit", name);
  }
  const text = repeat(50_000, "a");
  const encode = pickle(
    `c_codecs\nencode\nq\0X\x50\xc3\0\0${text}q\x01X\x06\0\0\0latin1q\x02](`,
    repeat(60_000, "h\0h\x01h\x02\x86R"),
    "e",
  );
  assert.equal(await ends("_codecs.encode", () => unpickle(encode)), "limit");
});

Deno.test("pickles of which a number or a text is a tree of lists end at once", async () => {
  // [x, x] of [x, x] of …: as text it would have 2^30 parts.
  const tree = [
    "]q\0",
    ...Array.from(
      { length: 60 },
      (_, i) => `](h${String.fromCharCode(i)}h${String.fromCharCode(i)}eq${String.fromCharCode(i + 1)}`,
    ),
  ];
  const last = `h${String.fromCharCode(60)}`;
  const encode = pickle(...tree, "c_codecs\nencode\n", "X\x01\0\0\0a", last, "\x86R");
  assert.equal(await ends("an encoding", () => unpickle(encode)), "corrupt");
});

Deno.test("types in pickles that lie within each other without end, or mean 2^60 types, end by the limit", async () => {
  const dtype = "cnumpy\ndtype\nq\0(X\x02\0\0\0V8K\0K\x01tRq\x01";
  // (3, '|', ('V8', (1,)), None, None, -1, -1, 0): a type of one element of the type before.
  const deep = Array.from(
    { length: 200 },
    () =>
      "0h\0(X\x02\0\0\0V8K\0K\x01tRq\x02(K\x03X\x01\0\0\0|h\x01(K\x01t\x86NNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbq\x01",
  );
  assert.equal(await ends("deep", () => unpickle(pickle(dtype, ...deep))), "limit");
  // Two fields of the type before.
  const wide = Array.from(
    { length: 60 },
    () =>
      "0h\0(X\x02\0\0\0V8K\0K\x01tRq\x02(K\x03X\x01\0\0\0|N(X\x01\0\0\0aX\x01\0\0\0bt}(X\x01\0\0\0ah\x01K\0\x86X\x01\0\0\0bh\x01K\0\x86uK\x08K\x01K\0tbq\x01",
  );
  assert.equal(await ends("wide", () => unpickle(pickle(dtype, ...wide))), "limit");
});

Deno.test("JSON is parsed in time that grows with its length, and no deeper than can be walked", async () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  assert.equal(await ends("deep", () => parseBoundedJson(deep)), "syntax");
  assert.equal(
    await ends("unclosed", () => parseBoundedJson(`"${'\\"'.repeat(400_000)}`, { nonFinite: true })),
    "syntax",
  );
  assert.equal(await ends("minus signs", () => parseBoundedJson("-".repeat(800_000), { nonFinite: true })), "syntax");
  assert.deepEqual(parseBoundedJson(`{"a\\"NaN[": [NaN, -Infinity, Infinity, "NaN"]}`, { nonFinite: true }), {
    'a"NaN[': ["NaN", "-Infinity", "Infinity", "NaN"],
  });
  const document = (text: string) => parseDocument(new TextEncoder().encode(text), "a document");
  assert.equal(await ends("a document", () => document(`{"attributes": ${deep}}`)), "corrupt");
  assert.equal(await ends("quotes", () => document(`{"a": "${'\\"'.repeat(400_000)}`)), "corrupt");
  assert.equal(await ends("fill values", () => document(`{${'"fill_value" '.repeat(60_000)}`)), "corrupt");
  assert.equal(await ends("digits", () => document(`{"fill_value": ${"1".repeat(900_000)}`)), "corrupt");
  assert.equal(await ends("a sidecar", async () => await decodeSidecar(`{"format": ${deep}}`)), "format");
  assert.equal(await ends("a specification", () => collectParents(deep, new Map())), "syntax");
  assert.equal(await ends("a wide one", () => collectParents(`[${"0,".repeat(400_000)}0]`, new Map())), "done");
});

Deno.test("Zarr metadata with a hundred thousand axes, or records within records, is refused", async () => {
  const long = new Array(100_000).fill(1);
  const v2 = { zarr_format: 2, shape: long, chunks: long, dtype: "<i2", compressor: null, fill_value: 0, order: "C" };
  assert.equal(await ends("axes", () => specV2(v2, undefined, "it")), "limit");
  let type: unknown = "int8";
  for (let i = 0; i < 120; i++) type = { name: "struct", configuration: { fields: [["a", type]] } };
  const v3 = {
    zarr_format: 3,
    node_type: "array",
    shape: [1],
    data_type: type,
    chunk_grid: { name: "regular", configuration: { chunk_shape: [1] } },
    chunk_key_encoding: "default",
    codecs: ["bytes"],
    fill_value: 0,
  };
  assert.equal(await ends("records", () => specV3(v3, "it")), "corrupt");
});

Deno.test("listing every group of a consolidated hierarchy looks at each document once, not once per group", async () => {
  const { group, looks } = consolidatedGroup(2000);
  const members = await group.members();
  assert.equal(members.length, 2000);
  looks.count = 0;
  for (const { node } of members) if (node?.kind === "group") assert.equal((await node.members()).length, 1);
  assert.ok(looks.count <= 2 * 4001, `${looks.count} keys were looked at for 2,000 groups`);
});

Deno.test("sequences that were never written cost no walk through their type", () => {
  let walks = 0;
  const members = Array.from({ length: 1000 }, (_, i) => ({
    name: `f${i}`,
    offset: i,
    get type(): TypeInfo {
      walks++;
      return { class: "integer", size: 1, signed: true, order: "|" };
    },
  }));
  const type: TypeInfo = { class: "vlen", size: 8, base: { class: "compound", size: 1000, members } };
  const memory = { bytes: new Uint8Array(0), reference: () => ({}) as never };
  const values = decodeElements(type, new Uint8Array(8 * 10_000), 10_000, memory);
  assert.equal(values.length, 10_000);
  assert.ok(walks < 10_000, `${walks} looks at a member for 10,000 empty sequences`);
});

Deno.test("selections as text of a megabyte are read, or refused, in one pass", async () => {
  assert.equal(await ends("a list", () => parseSelection(`[${"1,".repeat(400_000)}1]`)), "done");
  for (
    const text of ["[".repeat(500_000), " ".repeat(500_000) + "x", "1".repeat(500_000), "1,".repeat(300_000) + "?"]
  ) {
    assert.equal(await ends(text.slice(0, 5), () => parseSelection(text)), "selection");
  }
});
