import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Dataset, open } from "../../mod.ts";
import type { Link } from "../../src/hdf5/mod.ts";
import { decodeText, tryEncodeText } from "../../src/source/utf8.ts";

const FILE = fileURLToPath(new URL("../data/odd/names.h5", import.meta.url));

/** The names as `make_odd.py` has them, by Python's `surrogateescape`. */
const NAMES = [
  "\udcff",
  "\udcfe",
  "caf\udce9",
  "caf\u00e9",
  "\udcf0\udc9f\udc98",
  "\udced\udcb2\udc80",
  "\udcc0\udcaf",
  "\udc80x",
  "\ufffd",
];
const ODD = ["..", " ", "__proto__", "constructor", '"', "\\", "a\nb", "%2F", "a.b", "-0", "..."];

async function valueOf(dataset: Dataset): Promise<unknown> {
  return (await dataset.read()).data[0];
}

for (const [group, names] of [["links", NAMES], ["odd", ODD]] as const) {
  Deno.test(`no two links of "${group}" are taken for one, and each opens its own object`, async () => {
    await using file = await open(FILE);
    const parent = await file.group(group);
    assert.deepEqual((await parent.keys()).toSorted(), [...names].toSorted());
    for (const [i, name] of names.entries()) {
      assert.equal(await valueOf(await parent.dataset(name)), i);
      assert.equal(await valueOf(await file.dataset(`/${group}/${name}`)), i);
      assert.equal((await parent.dataset(name)).name, name);
      assert.equal(await parent.has(name), true);
    }
    const members = await parent.members();
    for (const { name, object } of members) assert.equal(await valueOf(object as Dataset), names.indexOf(name));
    assert.equal(await parent.has("\udcfd"), false);
  });
}

Deno.test("paths go through groups whose names aren't UTF-8", async () => {
  await using file = await open(FILE);
  assert.equal(await valueOf(await file.dataset("g\udcff/d\udcfe")), 7);
  const group = await file.group("g\udcff");
  assert.equal(await valueOf(await group.dataset("d\udcfe")), 7);
});

Deno.test("attributes whose names aren't UTF-8 are each their own", async () => {
  await using file = await open(FILE);
  const { attributes } = file;
  assert.deepEqual((await attributes.keys()).toSorted(), [...NAMES].toSorted());
  for (const [i, name] of NAMES.entries()) {
    assert.equal(await attributes.get(name), i);
    assert.equal(await attributes.has(name), true);
  }
  const all = await attributes.all();
  assert.deepEqual(NAMES.map((name) => all[name]), [...NAMES.keys()]);
  assert.equal(await attributes.has("\udcfd"), false);
});

Deno.test("fields, members of enumerations and tags keep their bytes", async () => {
  await using file = await open(FILE);
  const { data } = await (await file.dataset("record")).read();
  assert.deepEqual(data, [Object.fromEntries(NAMES.map((name, i) => [name, i]))]);
  const { dtype } = await file.dataset("enum");
  assert.ok(dtype.kind === "enum");
  assert.deepEqual({ ...dtype.members }, Object.fromEntries(NAMES.map((name, i) => [name, i])));
  for (const [i, name] of NAMES.entries()) {
    const { dtype } = await file.dataset(`tag${i}`);
    assert.ok(dtype.kind === "opaque");
    assert.equal(dtype.tag, name);
  }
});

Deno.test("soft links lead to names that aren't UTF-8, external links to files of such names", async () => {
  const asked: string[] = [];
  await using file = await open(FILE, {
    external: (name) => {
      asked.push(name);
      return readFileSync(FILE);
    },
  });
  const links = new Map((await (await file.group("soft")).links()).map((link): [string, Link] => [link.name, link]));
  for (const [i, name] of NAMES.entries()) {
    assert.equal(links.get(`s${i}`)?.target, `/links/${name}`);
    assert.deepEqual([links.get(`e${i}`)?.file, links.get(`e${i}`)?.target], [`x${name}.h5`, `/links/${name}`]);
    assert.equal(await valueOf(await file.dataset(`soft/s${i}`)), i);
    assert.equal(await valueOf(await file.dataset(`soft/e${i}`)), i);
  }
  assert.deepEqual(asked, NAMES.map((name) => `x${name}.h5`));
});

Deno.test("half of a surrogate pair, which stands for no bytes, is a wrong call and finds nothing", async () => {
  await using file = await open(FILE);
  await assert.rejects(file.dataset("links/\ud800"), TypeError);
  await assert.rejects(file.attributes.get("\udc41"), TypeError);
});

Deno.test("a name with a zero byte is a name that nothing has", async () => {
  await using file = await open(FILE);
  assert.equal(await file.has("links/caf\u00e9\0"), false);
  assert.equal(await file.attributes.has("caf\u00e9\0"), false);
});

Deno.test("a link whose name reads as a path is listed and opened among the members", async () => {
  await using file = await open(fileURLToPath(new URL("../data/odd/slash.h5", import.meta.url)));
  assert.deepEqual(await file.keys(), ["a/b", "c/d", "plain"]);
  const [first, , plain] = await file.members();
  assert.equal(await valueOf(first!.object as Dataset), 1);
  assert.equal(await valueOf(plain!.object as Dataset), 2);
});

Deno.test("every sequence of up to three bytes survives being a name", () => {
  const edges = [
    0x00,
    0x41,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
  ];
  const seen = new Set<string>();
  let count = 0;
  for (const a of edges) {
    for (const b of edges) {
      for (const c of edges) {
        for (const d of [0x42, 0x80, 0xbf]) {
          const bytes = Uint8Array.of(a, b, c, d);
          const text = decodeText(bytes);
          seen.add(text);
          count++;
          assert.deepEqual(tryEncodeText(text), bytes);
        }
      }
    }
  }
  assert.equal(seen.size, count);
});
