import assert from "node:assert/strict";
import fc from "fast-check";
import { flattenArrayType } from "../../src/array/codec/decode_elements.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { descrOf, headerDType } from "../../src/npy/descr.ts";
import { encodeNpyHeader, npyHeaderLength, readNpyHeader } from "../../src/npy/header.ts";
import { isTuple, parseLiteral, pythonRepr } from "../../src/npy/literal.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import {
  CorruptFileError,
  FormatError,
  LimitError,
  MicrotomeError,
  UnsupportedError,
} from "../../src/source/errors.ts";

/** A file of a header, as it is given, and some data. */
function file(header: string, data = 64, version = 1): Uint8Array<ArrayBuffer> {
  const body = version === 3 ? new TextEncoder().encode(header) : Uint8Array.from(header, (c) => c.charCodeAt(0));
  const prefix = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(prefix + body.length + data);
  bytes.set([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    body.length & 255,
    body.length >> 8 & 255,
    body.length >> 16,
  ]);
  bytes.set(body, prefix);
  return bytes;
}

const dictionary = (descr: string, shape: string, order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

Deno.test("headers of all versions, of Python 2 and 3, are read", async () => {
  const cases: [string, number, readonly number[]][] = [
    [dictionary("'<i2'", "(3,)"), 1, [3]],
    [dictionary("'<i2'", "(3L, 2L)"), 1, [3, 2]],
    [dictionary("u'<i2'", "(2,)"), 2, [2]],
    [dictionary("'<i2'", "()"), 3, []],
    ['  {"shape":(2,),"fortran_order":True,"descr":"<i2"}', 1, [2]],
    [dictionary("[('λ', '<i2')]", "(1,)"), 3, [1]],
    [dictionary("'<i2'", "(0, 5)"), 1, [0, 5]],
  ];
  for (const [header, version, shape] of cases) {
    await using array = await openNpy(file(header, 64, version));
    assert.deepEqual(array.shape, shape, header);
    assert.equal(array.version, `${version}.0`);
    assert.equal((await array.read()).data.length, shape.reduce((a, b) => a * b, 1));
  }
});

Deno.test("what isn't a header that NumPy writes is refused, with what is wrong in the message", async () => {
  const cases: [Uint8Array<ArrayBuffer>, new (...args: never[]) => Error, RegExp][] = [
    [new Uint8Array(0), FormatError, /isn't a \.npy file/],
    [new TextEncoder().encode("not a numpy file"), FormatError, /isn't a \.npy file/],
    [file("").slice(0, 8), CorruptFileError, /breaks off within its header/],
    [file("", 0, 2).slice(0, 11), CorruptFileError, /breaks off within its header/],
    [file("", 0, 4), UnsupportedError, /version 4\.0/],
    [
      file(dictionary("'<i2'", "(3,)")).slice(0, 30),
      CorruptFileError,
      /header is said to take \d+ bytes, the file has 30/,
    ],
    [Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 127), LimitError, /more than 1048576/],
    [file(dictionary("'<i2'", "(3,)") + "x"), CorruptFileError, /expected nothing more/],
    [file("[1, 2]"), CorruptFileError, /no dictionary/],
    [file("{'descr': '<i2', 'shape': (3,)}"), CorruptFileError, /keys descr, shape, expected/],
    [
      file("{'descr': '<i2', 'fortran_order': False, 'shape': (3,), 'more': 1}"),
      CorruptFileError,
      /more, shape, expected/,
    ],
    [
      file("{'descr': '<i2', 'descr': '<i4', 'fortran_order': False, 'shape': (3,)}"),
      CorruptFileError,
      /no second "descr"/,
    ],
    [file(dictionary("'<i2'", "[3]")), CorruptFileError, /shape in its header is no tuple/],
    [file(dictionary("'<i2'", "(3)")), CorruptFileError, /shape in its header is no tuple/],
    [file(dictionary("'<i2'", "(-3,)")), CorruptFileError, /length -3/],
    [file(dictionary("'<i2'", "(3.0,)")), CorruptFileError, /has "3\.0.* expected a value/],
    [file(dictionary("'<i2'", "(True,)")), CorruptFileError, /no whole number/],
    [file(dictionary("'<i2'", "('3',)")), CorruptFileError, /no whole number/],
    [file(dictionary("'<i2'", "(99999999999999999999,)")), CorruptFileError, /length 99999999999999999999/],
    [file(dictionary("'<i2'", "(4294967296, 4294967296)")), CorruptFileError, /shape .* can't be/],
    [file(dictionary("'<i2'", "(4294967296, 4294967296, 0)")), CorruptFileError, /shape .* can't be/],
    [file(dictionary("'<i2'", "(33,)")), CorruptFileError, /takes 66 bytes, but only 64 are there/],
    [file(dictionary("'<i2'", "(3,)", "0")), CorruptFileError, /neither True nor False/],
    [file(dictionary("'<i2'", "(3,)", "__import__('os')")), CorruptFileError, /expected a value/],
    [file(dictionary("'i3'", "(3,)")), CorruptFileError, /"i3" in its header is no dtype of NumPy's/],
    [file(dictionary("'<i2", "(3,)")), CorruptFileError, /expected "," or "}"/],
    [file(dictionary("'str'", "(3,)")), CorruptFileError, /no dtype that is stored/],
    [file(dictionary("'<f16'", "(1,)")), UnsupportedError, /long double/],
    [file(dictionary("5", "(3,)")), CorruptFileError, /describes no dtype: .*found 5/],
    [file(dictionary("[('a',)]", "(3,)")), CorruptFileError, /field 0 isn't \(name, type\)/],
    [file(dictionary("[('a', '<i2'), ('a', '<i2')]", "(3,)")), CorruptFileError, /two fields/],
    [file(dictionary("[('a', '<i2', (-1,))]", "(3,)")), CorruptFileError, /shape \(-1\) of a field/],
    [file(dictionary("[('a', '<i2', (99999, 99999, 99999))]", "(0,)")), CorruptFileError, /of a field/],
    [file(dictionary("[".repeat(100), "(3,)")), CorruptFileError, /levels of nesting/],
    [file(dictionary("'|S99999999999'", "(0,)")), CorruptFileError, /no dtype/],
    [file("{'descr': '\xff', 'fortran_order': False, 'shape': ()}", 64, 1), CorruptFileError, /no dtype/],
    [new Uint8Array([...file("", 0, 3).slice(0, 8), 1, 0, 0, 0, 0xff]), CorruptFileError, /isn't UTF-8/],
  ];
  for (const [bytes, Wrong, text] of cases) {
    await assert.rejects(openNpy(bytes), (error: Error) => {
      assert.ok(error instanceof Wrong, `${error.constructor.name}: ${error.message}`);
      assert.match(error.message, text);
      assert.match(error.message, /^Cannot read memory: /);
      return true;
    });
  }
});

Deno.test("elements without bytes can't be claimed without end", async () => {
  await using array = await openNpy(file(dictionary("'|S0'", "(1099511627776,)")));
  await assert.rejects(array.read(), LimitError);
  assert.deepEqual((await array.read([5])).data, [""]);
});

Deno.test("what follows the array in the file is left alone, as in NumPy", async () => {
  const bytes = encodeNpy(ndarray(Int8Array.of(1, 2, 3)));
  await using array = await openNpy(new Uint8Array([...bytes, 9, 9, 9]));
  assert.deepEqual((await array.read()).data, Int8Array.of(1, 2, 3));
});

Deno.test("whatever bytes a header has, it is read or refused by an error of ours", async () => {
  const valid = file(dictionary("[('a', '<i4', (2,)), ('', '|V4'), ('b', [('c', '|S2')])]", "(2, 3)"), 84);
  const change = fc.tuple(fc.nat(valid.length - 85), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = valid.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        await using array = await openNpy(bytes);
        await array.read();
      } catch (error) {
        assert.ok(error instanceof MicrotomeError, `${error}`);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("literals are parsed as Python has them", () => {
  assert.deepEqual(parseLiteral("  [1, -2, 'a', \"b'c\", True, None, ] ", "x"), [1, -2, "a", "b'c", true, null]);
  assert.deepEqual(parseLiteral("'\\n\\x41\\u03bb\\U0001f600\\'\\\\ x'", "x"), "\nAλ😀'\\ x");
  assert.deepEqual(parseLiteral("(1)", "x"), 1);
  assert.ok(isTuple(parseLiteral("(1,)", "x")));
  assert.deepEqual(parseLiteral("18446744073709551616", "x"), 2n ** 64n);
  for (
    const text of [
      "",
      "1 2",
      "1+2",
      "(1 2)",
      "{1: 2}",
      "'a' 'b'",
      "f()",
      "a",
      "1.5",
      "{'a'}",
      "'\\q'",
      "'\\ x41'",
      "Trues",
    ]
  ) {
    assert.throws(() => parseLiteral(text, "x"), CorruptFileError, text);
  }
});

Deno.test("text is written as Python's repr has it, and parsed to what it was", () => {
  assert.equal(pythonRepr("it's"), `"it's"`);
  assert.equal(pythonRepr('it\'s "it"'), `'it\\'s "it"'`);
  assert.equal(pythonRepr("a\n\x7f\u200b\u{e000}λ"), "'a\\n\\x7f\\u200b\\ue000λ'");
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(parseLiteral(pythonRepr(text), "x"), text);
  }));
});

Deno.test("a dtype is what its description says, and described as it was", () => {
  const texts = [
    "'<i2'",
    "'|V7'",
    "'>U3'",
    "'<M8'",
    "[('a', '|i1'), ('', '|V7'), ('b', '<f8', (2, 3)), ('d', [('x', '<U2'), ('y', '>i2'), ('', '|V2')])]",
    "[]",
  ];
  for (const text of texts) assert.equal(descrOf(headerDType(parseLiteral(text, "x"), "x")), text);
  const titled = headerDType(parseLiteral("[(('title', 'a'), '<i2', 3)]", "x"), "x");
  assert.equal(descrOf(titled), "[('a', '<i2', (3,))]");
  assert.deepEqual(flattenArrayType(headerDType(parseLiteral("('<i2', (2, 3))", "x"), "x")).shape, [2, 3]);
});

Deno.test("a header is read as it was written", () => {
  const bytes = encodeNpyHeader({ dtype: dtypeFromNumpy(">c16"), order: "F", shape: [3, 4] });
  assert.equal(npyHeaderLength(bytes.slice(0, 12), "x"), bytes.length);
  assert.deepEqual(readNpyHeader(bytes, "x"), {
    version: "1.0",
    dtype: dtypeFromNumpy(">c16"),
    order: "F",
    shape: [3, 4],
    length: 128,
  });
});
