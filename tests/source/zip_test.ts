import assert from "node:assert/strict";
import fc from "fast-check";
import {
  CorruptFileError,
  FormatError,
  LimitError,
  MicrotomeError,
  NotFoundError,
  UnsupportedError,
  WriteError,
} from "../../src/source/errors.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { ZipWriter } from "../../src/source/zip/zip_writer.ts";
import { listed, pattern } from "./support.ts";
import { crafted, type CraftedMember, type Crafting, crc32, deflated, opened, written, zip64 } from "./zip_support.ts";

const text = (value: string) => new TextEncoder().encode(value);
const CORPUS = new URL("../../../shared/data/npz/", import.meta.url);
const hasCorpus = (() => {
  try {
    return Deno.statSync(CORPUS).isDirectory;
  } catch {
    return false;
  }
})();

Deno.test("stored and deflated members are read whole, in parts, as streams, and by ranges", async () => {
  const data = pattern(300_000);
  for (const compressed of [false, true]) {
    const bytes = await written({ "a/b": data, empty: new Uint8Array(0) }, compressed);
    for (const input of [bytes, listed(bytes), new Blob([bytes])]) {
      const zip = await opened(input);
      assert.deepEqual([...zip.entries.keys()], ["a/b", "empty"]);
      assert.deepEqual(await zip.read("a/b"), data);
      assert.deepEqual(await zip.read("empty"), new Uint8Array(0));
      assert.deepEqual(await zip.readRange("a/b", 100_000, 70_000), data.subarray(100_000, 170_000));
      assert.deepEqual(await zip.readRange("a/b", 300_000, 0), new Uint8Array(0));
      let at = 0;
      for await (const part of zip.stream(zip.entry("a/b"))) {
        assert.deepEqual(part.slice(), data.slice(at, at += part.length));
      }
      assert.equal(at, data.length);
      await assert.rejects(zip.readRange("a/b", 299_999, 2), RangeError);
      if (compressed) {
        await assert.rejects(zip.source("a/b"), UnsupportedError);
      } else {
        const source = await zip.source("a/b");
        assert.equal(source.byteLength, data.length);
        assert.deepEqual(await source.read({ offset: 7, length: 9 }), data.subarray(7, 16));
      }
    }
  }
});

Deno.test("a stream that is left fetches no more", async () => {
  const source = listed(await written({ a: pattern(20_000_000) }));
  const zip = await opened(source);
  source.reads.length = 0;
  for await (const _ of zip.stream(zip.entry("a"))) break;
  const fetched = source.reads.reduce((sum, { length }) => sum + length, 0);
  assert.ok(fetched < 300_000, `${fetched} bytes`);
});

Deno.test("the directory is found behind a prefix, before a comment of any length, and in ZIP64", async () => {
  const member = { name: "a", data: text("hello") };
  const comment = pattern(65_535);
  const cases: Crafting[] = [
    {},
    { prefix: pattern(1000) },
    { comment },
    { zip64: true },
    { zip64: true, prefix: pattern(77), comment },
    { trailing: new Uint8Array(100) },
  ];
  for (const options of cases) {
    const zip = await opened(crafted([member], options));
    assert.deepEqual([...zip.entries.keys()], ["a"], JSON.stringify(Object.keys(options)));
    assert.deepEqual(await zip.read("a"), text("hello"));
  }
  // Where one archive lies behind another the last one counts, as in Python.
  const last = await opened(crafted([member], { comment: crafted([{ name: "last" }]) }));
  assert.deepEqual([...last.entries.keys()], ["last"]);
  const many = Array.from({ length: 70_000 }, (_, i) => ({ name: `m${i}` }));
  assert.equal((await opened(crafted(many.slice(0, 66_000), { count: 66_000 % 65_536 }))).entries.size, 66_000);
});

Deno.test("what isn't an archive, and a directory that is cut off or lies, is refused", async () => {
  const good = crafted([{ data: text("abc") }, { name: "b", data: text("d") }]);
  const one = [{ name: "a", data: text("abc") }];
  const cases: [Uint8Array<ArrayBuffer>, new (...args: never[]) => Error, RegExp][] = [
    [new Uint8Array(0), FormatError, /has no end record/],
    [new Uint8Array(200_000), FormatError, /has no end record/],
    [good.slice(0, -22), FormatError, /has no end record/],
    [good.slice(0, -1), FormatError, /has no end record/],
    [crafted(one, { count: 2 }), CorruptFileError, /holds 1 members, its end record says 2/],
    [crafted(one, { directorySize: 40 }), CorruptFileError, /breaks off after 0 members/],
    [crafted(one, { directorySize: 10_000 }), CorruptFileError, /doesn't lie before its end record/],
    [crafted(one, { directoryOffset: 10_000 }), CorruptFileError, /doesn't lie before its end record/],
    [good.slice(good.length - 22 - 60), CorruptFileError, /doesn't lie before its end record/],
    [crafted(one, { disk: 1 }), UnsupportedError, /one of several parts/],
    [crafted(one, { zip64: true, disk: 2 }), UnsupportedError, /one of several parts/],
    [crafted(one, { zip64: true, directorySize: 2 ** 60 }), CorruptFileError, /ZIP64 field says/],
    [crafted([{ ...one[0], size: 0xffffffff, extra: zip64(2 ** 62) }]), CorruptFileError, /ZIP64 field says/],
    [
      crafted([{ ...one[0], size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64(3) }]),
      CorruptFileError,
      /too short/,
    ],
  ];
  for (const [bytes, Wrong, message] of cases) {
    await assert.rejects(opened(bytes), (error: Error) => {
      assert.ok(error instanceof Wrong, `${error.constructor.name}: ${error.message}`);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot open memory/);
      return true;
    });
  }
});

Deno.test("a member that lies, overlaps, leads out or can't be unpacked is refused when it is read, the others aren't", async () => {
  const data = text("hello hello hello hello");
  const packed = await deflated(data);
  const zeros = await deflated(new Uint8Array(1_000_000));
  const deflate = { data: packed, method: 8, size: data.length, crc: crc32(data) };
  const cases: [CraftedMember, new (...args: never[]) => Error, RegExp][] = [
    [{ data, crc: 1 }, CorruptFileError, /CRC-32 is [0-9a-f]{8}, expected 00000001/],
    [{ ...deflate, crc: 1 }, CorruptFileError, /CRC-32/],
    [{ ...deflate, size: 10 }, CorruptFileError, /more than the 10 bytes/],
    [{ ...deflate, size: 100 }, CorruptFileError, /unpacks to 23 bytes, expected 100/],
    [{ ...deflate, data: packed.slice(0, 5) }, CorruptFileError, /damaged or breaks off|unpacks to/],
    [{ ...deflate, data: new Uint8Array(20).fill(255) }, CorruptFileError, /damaged or breaks off/],
    [{ data, size: 30 }, CorruptFileError, /stored, but takes 23 bytes for 30/],
    [{ data: zeros, method: 8, size: 10_000_000 }, LimitError, /more than the limit of 1032 times/],
    [{ data: zeros, method: 8, size: 999 }, CorruptFileError, /more than the 999 bytes/],
    [{ data, localName: "bax" }, CorruptFileError, /differ in its name/],
    [{ data, localSize: 7 }, CorruptFileError, /differ in its size/],
    [{ data, localCrc: 7 }, CorruptFileError, /differ in its CRC/],
    [{ data, localMethod: 8 }, CorruptFileError, /differ in how it is packed/],
    [
      { data, localExtra: Array(2000).fill(0), compressedSize: 500, size: 500 },
      CorruptFileError,
      /overlaps|differ|CRC/,
    ],
    [{ data, flags: 1 }, UnsupportedError, /encrypted/],
    [{ data, flags: 0x41 }, UnsupportedError, /encrypted/],
    [{ data, method: 99 }, UnsupportedError, /encrypted/],
    [{ data, flags: 0x20 }, UnsupportedError, /patch/],
    [{ data, method: 12 }, UnsupportedError, /bzip2 \(method 12\)/],
    [{ data, method: 95 }, UnsupportedError, /xz \(method 95\)/],
    [{ data, method: 93 }, UnsupportedError, /Zstandard/],
    [{ data, method: 77 }, UnsupportedError, /packed by method 77/],
    [{ data, disk: 3 }, UnsupportedError, /another part/],
    [{ data, name: "../a" }, CorruptFileError, /leads out of the archive/],
    [{ data, name: "x/../../a" }, CorruptFileError, /leads out of the archive/],
    [{ data, name: "x\\..\\a" }, CorruptFileError, /leads out of the archive/],
    [{ data, name: "/etc/passwd" }, CorruptFileError, /absolute path/],
    [{ data, name: "C:\\a" }, CorruptFileError, /absolute path/],
    [{ data, name: "a\0b" }, CorruptFileError, /NUL/],
    [{ data, name: "" }, CorruptFileError, /no name/],
    [{ data, offset: 5 }, CorruptFileError, /overlaps/],
    [{ data, compressedSize: 100, size: 100 }, CorruptFileError, /overlaps/],
    [{ data, offset: 0xffffffff, extra: zip64(2 ** 40) }, CorruptFileError, /overlaps|cut off/],
    [
      { data, size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64(2 ** 40, 2 ** 40) },
      CorruptFileError,
      /overlaps/,
    ],
  ];
  for (const [member, Wrong, message] of cases) {
    const zip = await opened(crafted([{ name: "good", data: text("fine") }, { name: "bad", ...member }]));
    const name = [...zip.entries.keys()].at(-1)!;
    await assert.rejects(zip.read(name), (error: Error) => {
      assert.ok(error instanceof Wrong, `${error.constructor.name}: ${error.message}`);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot read member /);
      return true;
    }, String(message));
    if (!/overlaps/.test(String(message))) assert.deepEqual(await zip.read("good"), text("fine"));
  }
});

Deno.test("overlapping members, the ground of bombs, are all refused", async () => {
  const data = pattern(5000);
  const zip = await opened(crafted([
    { name: "a", data },
    { name: "b", offset: 0, data: text("x") },
    { name: "c", data: text("fine") },
  ]));
  await assert.rejects(zip.read("a"), CorruptFileError);
  await assert.rejects(zip.read("b"), CorruptFileError);
  assert.deepEqual(await zip.read("c"), text("fine"));
});

Deno.test("what is unpacked is bounded by maxReadBytes, and by maxRatio where it is lowered", async () => {
  const bytes = await written({ a: new Uint8Array(2_000_000) }, true);
  await assert.rejects((await opened(bytes, { maxReadBytes: 1_000_000 })).read("a"), LimitError);
  await assert.rejects((await opened(bytes, { maxRatio: 100 })).read("a"), /more than the limit of 100 times/);
  assert.equal((await (await opened(bytes)).read("a")).length, 2_000_000);
});

Deno.test("data descriptors, extra fields, names in other encodings and equal names are taken as Python takes them", async () => {
  const data = text("hello");
  const unicode = (raw: string, name: string) => {
    const utf8 = text(name);
    const crc = crc32(text(raw));
    return [0x75, 0x70, 5 + utf8.length, 0, 1, ...[0, 8, 16, 24].map((shift) => crc >>> shift & 255), ...utf8];
  };
  const zip = await opened(crafted([
    { name: "described", data, flags: 8, descriptor: true },
    { name: "extra", data, localExtra: [9, 9, 3, 0, 1, 2, 3] },
    { name: "twice", data: text("old") },
    { name: "twice", data: text("new") },
    { name: Uint8Array.of(0x81, 0x2e, 0x74), data }, // cp437
    { name: "λ", flags: 0x800, data },
    { name: "raw", extra: unicode("raw", "wahr"), data },
    { name: "raw2", extra: unicode("other", "falsch"), data },
    { name: "folder/" },
  ]));
  assert.deepEqual([...zip.entries.keys()], ["described", "extra", "twice", "ü.t", "λ", "wahr", "raw2", "folder/"]);
  for (const name of ["described", "extra", "ü.t", "λ", "wahr", "raw2"]) assert.deepEqual(await zip.read(name), data);
  assert.deepEqual(await zip.read("twice"), text("new"));
  assert.ok(zip.entry("folder/").isDirectory);
  await assert.rejects(zip.read("nothing"), NotFoundError);
  assert.ok(!zip.has("nothing"));
});

Deno.test("whatever bytes an archive has, it is read or refused by an error of ours", async () => {
  const valid = crafted([
    { name: "a", data: await deflated(pattern(300)), method: 8, size: 300, crc: crc32(pattern(300)) },
    { name: "b", data: text("hello"), extra: zip64(1, 2), localExtra: zip64(1, 2) },
  ], { zip64: true });
  const change = fc.tuple(fc.nat(valid.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 255)));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), fc.nat(20), async (changes, cut) => {
      const bytes = valid.slice(0, valid.length - (cut > 15 ? cut : 0));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      try {
        const zip = await opened(bytes);
        for (const name of zip.entries.keys()) await zip.read(name);
      } catch (error) {
        assert.ok(error instanceof MicrotomeError, `${(error as Error).stack}`);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("a name is written once, and only if it is one", async () => {
  const writer = new ZipWriter(memorySink(), { crc32 });
  await writer.add("a", []);
  for (const name of ["a", "", "../b", "/b", "b\0", "x".repeat(70_000)]) {
    await assert.rejects(writer.add(name, []), WriteError);
  }
});

Deno.test("an abort ends a stream", async () => {
  const zip = await opened(listed(await written({ a: pattern(2_000_000) }, true)));
  const controller = new AbortController();
  await assert.rejects(async () => {
    for await (const _ of zip.stream(zip.entry("a"), { signal: controller.signal })) {
      controller.abort(new Error("enough"));
    }
  }, /enough/);
  await assert.rejects(zip.read("a", { signal: AbortSignal.abort(new Error("before")) }), /before/);
});

Deno.test({
  name: `the archives of the corpus are read, or refused by name${hasCorpus ? "" : " (skipped: no corpus)"}`,
  ignore: !hasCorpus,
  fn: async () => {
    const open = async (name: string) => await opened(await Deno.readFile(new URL(name, CORPUS)));
    const data = await open("tensorstore__data.zip");
    assert.deepEqual([...data.entries.keys()], ["data/a.png", "data/bb.png", "data/c.png"]);
    for (const name of data.entries.keys()) assert.deepEqual((await data.read(name)).slice(1, 4), text("PNG"));
    const named = await open("tensorstore__infozip_unicode_path.zip");
    const [name] = [...named.entries.keys()];
    assert.equal((await named.read(name!)).length, named.entry(name!).size);
    await assert.rejects((await open("tensorstore__zip_bzip2.zip")).read("abac-repeat.txt"), /bzip2/);
    await assert.rejects((await open("tensorstore__zip_xz.zip")).read("abac-repeat.txt"), /xz/);
  },
});
