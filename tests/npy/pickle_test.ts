import assert from "node:assert/strict";
import fc from "fast-check";
import { unpickle } from "../../src/npy/pickle/pickle.ts";
import { CorruptFileError, LimitError, MicrotomeError, UnsupportedError } from "../../src/source/errors.ts";

/** A pickle of text and bytes one behind the other; characters are bytes. */
function pickle(...parts: (string | number)[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : Array.from(part, (c) => c.charCodeAt(0))),
  );
}

Deno.test("plain values of all protocols are read", () => {
  const cases: [Uint8Array<ArrayBuffer>, unknown][] = [
    [pickle("N."), null],
    [pickle("I01\n."), true],
    [pickle("I-5\n."), -5],
    [pickle("L18446744073709551616L\n."), 2n ** 64n],
    [pickle("F1.5\n."), 1.5],
    [pickle("Fnan\n."), NaN],
    [pickle("S'a\\x41\\'\\n'\n."), "aA'\n"],
    [pickle("Va\\u03bb\xe9\n."), "aλé"],
    [pickle(0x80, 2, "J", 255, 255, 255, 255, "."), -1],
    [pickle(0x80, 2, "M", 1, 2, "."), 0x0201],
    [pickle(0x80, 2, 0x8a, 0, "."), 0],
    [pickle(0x80, 2, 0x8a, 2, 0, 255, "."), -256],
    [pickle(0x80, 2, "G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, "."), 1.5],
    [pickle(0x80, 2, "U", 2, "\xe9b."), "éb"],
    [pickle(0x80, 3, "C", 2, "\xe9b."), Uint8Array.of(0xe9, 0x62)],
    [pickle(0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x8c, 2, "\xce\xbb", 0x94, "0h", 0, "."), "λ"],
    [pickle("(lp0\nI1\naI2\na."), [1, 2]],
    [pickle("(I1\nI2\nt."), [1, 2]],
    [pickle(0x80, 2, "K", 1, "K", 2, "K", 3, 0x87, "."), [1, 2, 3]],
    [pickle(0x80, 2, "](K", 1, "K", 2, "e."), [1, 2]],
    [pickle("(dp0\nS'a'\nI1\ns."), new Map([["a", 1]])],
    [pickle(0x80, 2, "}(K", 1, "K", 2, "K", 3, "K", 4, "u."), new Map([[1, 2], [3, 4]])],
    [pickle(0x80, 4, 0x8f, "(K", 1, 0x90, "."), new Set([1])],
    [pickle("c_codecs\nencode\n(S'\\xff'\nS'latin1'\ntR."), Uint8Array.of(255)],
    [pickle("c__builtin__\ncomplex\n(F1\nF-2\ntR."), [1, -2]],
  ];
  for (const [bytes, value] of cases) assert.deepEqual(unpickle(bytes), value);
});

Deno.test("nothing is called that isn't in the table, and the message names it", () => {
  const attacks: [Uint8Array<ArrayBuffer>, RegExp][] = [
    [pickle("cos\nsystem\n(S'echo'\ntR."), /asks for os\.system$/],
    [pickle("c__builtin__\neval\n(S'1'\ntR."), /asks for __builtin__\.eval$/],
    [pickle(0x80, 4, 0x8c, 5, "posix", 0x8c, 6, "system", 0x93, "."), /asks for posix\.system$/],
    [
      pickle(0x80, 4, 0x8c, 8, "builtins", 0x8c, 18, "__class__.__base__", 0x93, "."),
      /asks for builtins\.__class__\.__base__$/,
    ],
    [pickle("cnumpy.testing._private.utils\nrunstring\n."), /asks for numpy\.testing\._private\.utils\.runstring$/],
    [pickle("ccopy_reg\n_reconstructor\n."), /asks for copy_reg\._reconstructor$/],
    [pickle("cconstructor\n__proto__\n."), /asks for constructor\.__proto__$/],
    [pickle("(S'echo'\nios\nsystem\n."), /an object of a class is made \(INST\)/],
    [pickle("Pabc\n."), /PERSID/],
    [pickle(0x80, 2, 0x82, 1, "."), /EXT1/],
    [pickle("cnumpy\nndarray\n."), /holds the class numpy\.ndarray/],
    [pickle(0x80, 6, "."), /newer than 5/],
    [pickle("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\ndtype\n(tS'b'\ntR."), /array of a class of its own/],
  ];
  for (const [bytes, text] of attacks) {
    assert.throws(() => unpickle(bytes, "x.npy"), (error: Error) => {
      assert.ok(error instanceof UnsupportedError, `${error}`);
      assert.match(error.message, text);
      assert.match(error.message, /^Cannot read x\.npy: /);
      return true;
    });
  }
});

Deno.test("what breaks off or makes no sense is refused", () => {
  const array = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR";
  const dtype = "cnumpy\ndtype\n(S'i2'\nI0\nI1\ntR";
  for (
    const bytes of [
      pickle(""),
      pickle("N"),
      pickle("."),
      pickle("(."),
      pickle("0."),
      pickle("t."),
      pickle("a."),
      pickle("I1\nI2\na."),
      pickle("NNs."),
      pickle("g0\n."),
      pickle("gx\n."),
      pickle("S'abc\n."),
      pickle("I1x\n."),
      pickle("F\n."),
      pickle("X\xff\xff\xff\xffabc."),
      pickle(0x80, 4, 0x8d, 255, 255, 255, 255, 255, 255, 255, 255, "."),
      pickle("\x01."),
      pickle("I1\n(tR."),
      pickle("I1\n(tb."),
      pickle("c__builtin__\nlist\nI5\nR."),
      pickle(array, "."),
      pickle(array, "(tb."),
      // Data of another length than the shape takes.
      pickle(array, "(I1\n(I3\nt", dtype, "I00\nS'abcd'\ntb."),
      pickle(array, "(I1\n(I-3\nt", dtype, "I00\nS'abcd'\ntb."),
      pickle(array, "(I1\n(I4294967296\nI4294967296\nt", dtype, "I00\nS''\ntb."),
      pickle("cnumpy\ndtype\n(S'i3'\nI0\nI1\ntR."),
    ]
  ) {
    assert.throws(() => unpickle(bytes), (error: Error) => {
      assert.ok(error instanceof CorruptFileError || error instanceof UnsupportedError, `${error}`);
      return true;
    }, String.fromCharCode(...bytes));
  }
});

Deno.test("bombs are refused: values that mean billions, circles, nesting without end, endless integers", () => {
  // Each list holds the one before ten times.
  const layer = "p0\n(l" + "g0\na".repeat(10);
  assert.throws(() => unpickle(pickle("(l" + layer.repeat(20) + ".")), LimitError);
  assert.throws(() => unpickle(pickle("(lp0\ng0\na.")), /refers to itself/);
  assert.throws(() => unpickle(pickle("(".repeat(3000) + "l" + "l".repeat(2999) + ".")), LimitError);
  assert.throws(() => unpickle(pickle("I" + "9".repeat(1e5) + "\n.")), LimitError);
  assert.throws(() => unpickle(pickle(0x80, 2, 0x8b, 255, 255, 255, 127, ".")), LimitError);
  // A memo of any index takes no memory.
  assert.equal(unpickle(pickle("I1\nr\xff\xff\xff\xffj\xff\xff\xff\xff.")), 1);
});

Deno.test("a record's field may have any name", () => {
  const value = unpickle(pickle("(dS'__proto__'\nI1\ns.")) as Map<string, number>;
  assert.equal(value.get("__proto__"), 1);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("whatever the bytes, they are read or refused by an error of ours", () => {
  const opcode = fc.constantFrom(
    ...[
      ..."(.012NIKMJLFGSTUVXCBcabedghjlpqrstu})]R",
      ...[0x80, 0x85, 0x86, 0x87, 0x88, 0x8a, 0x8c, 0x8f, 0x90, 0x93, 0x94]
        .map((code) => String.fromCharCode(code)),
    ],
  );
  const part = fc.oneof(
    { weight: 4, arbitrary: opcode },
    fc.constantFrom(
      "cnumpy\ndtype\n",
      "cnumpy\nndarray\n",
      "cnumpy.core.multiarray\n_reconstruct\n",
      "S'i2'\n",
      "I1\n",
      "\0",
      "\n",
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      try {
        unpickle(pickle(...parts, "."));
      } catch (error) {
        assert.ok(error instanceof MicrotomeError, `${(error as Error).stack}`);
      }
    }),
    { numRuns: 5000 },
  );
});
