import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { change, create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import type { WritableFile } from "../../src/hdf5/write/writable_file.ts";
import {
  ClosedError,
  ExternalFileError,
  NotFoundError,
  NotHdf5Error,
  UnsupportedError,
  WriteError,
  WrongKindError,
} from "../../src/source/errors.ts";
import { bundle, ROOT, stopBundler } from "../support/bundle.ts";
import { fullSink, written } from "./write_support.ts";

function inFolder(run: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtome-write-"));
    try {
      await run(folder);
    } finally {
      chmodSync(folder, 0o755);
      rmSync(folder, { recursive: true });
    }
  };
}

/** A file with something of everything, the same each time. */
async function fill(file: WritableFile): Promise<void> {
  await file.createDataset("a/data", {
    data: Int16Array.from({ length: 4000 }, (_, i) => i % 97),
    shape: [1000, 4],
    maxShape: [null, 4],
    chunkShape: [100, 4],
    compression: "gzip",
    shuffle: true,
    attributes: { unit: "microvolt", rate: 30_000, tags: ["a", "b"] },
  });
  await file.createDataset("a/text", { data: ["one", "two", "three"] });
  await file.createGroup("general/probe", { trackOrder: true });
  await file.link("alias", { soft: "/a/data" });
  await file.attributes.set("probe", await file.reference("general/probe"));
}

Deno.test(
  "the same calls give the same bytes, in memory and in a file",
  inFolder(async (folder) => {
    const [first, second] = [await create(), await create(join(folder, "x.h5"))];
    await fill(first);
    await fill(second);
    await second.close();
    assert.deepEqual(await first.bytes(), new Uint8Array(readFileSync(join(folder, "x.h5"))));
  }),
);

Deno.test(
  "a file is at its path only once it is closed; leaving the block without closing leaves the old one",
  inFolder(async (folder) => {
    const path = join(folder, "x.h5");
    writeFileSync(path, "old");
    await assert.rejects(async () => {
      await using file = await create(path);
      await fill(file);
      throw new Error("between");
    }, /between/);
    assert.equal(readFileSync(path, "utf8"), "old");
    {
      await using file = await create(path);
      await fill(file);
    }
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(folder), ["x.h5"]);
    await using file = await create(path);
    await fill(file);
    await file.close();
    assert.deepEqual(readdirSync(folder), ["x.h5"]);
    await using read = await open(path);
    assert.deepEqual(await read.keys(), ["a", "alias", "general"]);
    await assert.rejects(create(path, { overwrite: false }), WriteError);
  }),
);

Deno.test("wherever the disk is full, the write or the closing says so, and nothing is left", async () => {
  const whole = fullSink(Infinity);
  const file = await create(whole);
  await fill(file);
  await file.close();
  assert.equal(whole.state, "committed");
  const total = whole.written;
  for (let room = 0; room < total; room += Math.ceil(total / 40)) {
    const sink = fullSink(room);
    let failed: unknown;
    try {
      const file = await create(sink);
      try {
        await fill(file);
      } catch (error) {
        failed = error;
      }
      await assert.rejects(file.close(), WriteError, `closing with room for ${room} of ${total} bytes`);
      assert.equal(file.closed, true);
      await assert.rejects(file.bytes(), UnsupportedError);
    } catch (error) {
      failed = error;
    }
    if (failed !== undefined) {
      assert.ok(failed instanceof WriteError, `${room}: ${failed}`);
      assert.match(failed.message, /^Cannot [^:]+full\.h5: the disk is full$/);
    }
    assert.equal(sink.state, "abandoned", String(room));
  }
});

Deno.test({
  name: "a folder that may not be written is a WriteError",
  ignore: process.platform === "win32" || process.getuid?.() === 0,
  fn: inFolder(async (folder) => {
    chmodSync(folder, 0o555);
    await assert.rejects(create(join(folder, "x.h5")), WriteError);
  }),
});

Deno.test(
  "no such folder, a directory, a device, an address: each is refused",
  inFolder(async (folder) => {
    await assert.rejects(create(join(folder, "none", "x.h5")), (error: Error) => /Cannot write/.test(error.message));
    await assert.rejects(create(folder), WriteError);
    if (process.platform === "linux") await assert.rejects(create("/dev/full"), WriteError);
    await assert.rejects(create("https://example.invalid/x.h5"), TypeError);
    await assert.rejects(change("https://example.invalid/x.h5"), TypeError);
    await assert.rejects(create(null, { userBlock: 513 }), RangeError);
  }),
);

Deno.test("a closed file and its objects say that they are closed", async () => {
  const file = await create();
  const dataset = await file.createDataset("d", { data: [1, 2], maxShape: [null] });
  const bytes = await file.bytes();
  assert.equal(file.closed, true);
  assert.deepEqual(await file.bytes(), bytes);
  await file.close();
  await file.abandon();
  for (
    const use of [
      () => dataset.read(),
      () => dataset.write(null, 1),
      () => dataset.append([1]),
      () => dataset.attributes.set("a", 1),
      () => file.createGroup("g"),
      () => file.get("d"),
      () => file.flush(),
    ]
  ) await assert.rejects(use(), ClosedError, use.toString());
  const given = await create();
  await given.abandon();
  await assert.rejects(given.bytes(), ClosedError);
});

Deno.test(
  "bytes are only to be had of files in memory",
  inFolder(async (folder) => {
    await using file = await create(join(folder, "x.h5"));
    await assert.rejects(file.bytes(), UnsupportedError);
  }),
);

Deno.test(
  "a file is changed in place, and stays whole where the block is left early",
  inFolder(async (folder) => {
    const path = join(folder, "x.h5");
    const made = await create(path);
    await fill(made);
    await made.close();
    await assert.rejects(async () => {
      await using file = await change(path);
      const data = await file.dataset("a/data");
      await data.append(new Int16Array(8).fill(-5), 0).catch((error) => assert.match(String(error), /doesn't fit/));
      await data.append([[-5, -5, -5, -5]]);
      await file.attributes.set("changed", true);
      await file.attributes.delete("probe");
      throw new Error("between");
    }, /between/);
    await using file = await open(path);
    const data = await file.dataset("a/data");
    assert.deepEqual(data.shape, [1001, 4]);
    assert.deepEqual((await data.read([-1])).data, Int16Array.of(-5, -5, -5, -5));
    assert.deepEqual(await file.attributes.all(), { changed: true });
    await assert.rejects(change(join(folder, "none.h5")), NotFoundError);
    writeFileSync(join(folder, "text.h5"), "no HDF5 file at all, whatever it is called");
    await assert.rejects(change(join(folder, "text.h5")), NotHdf5Error);
    assert.equal(readFileSync(join(folder, "text.h5"), "utf8"), "no HDF5 file at all, whatever it is called");
  }),
);

Deno.test("bytes are changed as a copy", async () => {
  const made = await create();
  await fill(made);
  const before = (await made.bytes()).slice();
  const file = await change(before);
  await (await file.dataset("a/text")).write([1], "changed");
  const after = await file.bytes();
  await using old = await open(before);
  await using changed = await open(after);
  assert.deepEqual((await (await old.dataset("a/text")).read()).data, ["one", "two", "three"]);
  assert.deepEqual((await (await changed.dataset("a/text")).read()).data, ["one", "changed", "three"]);
  await assert.rejects(change(new Uint8Array(3)), NotHdf5Error);
});

Deno.test("groups, links of every kind, moving and removing", async () => {
  await using file = await written(async (file) => {
    const group = await file.createGroup("a/b");
    assert.deepEqual([group.path, (await file.requireGroup("a/b")).address], ["/a/b", group.address]);
    await assert.rejects(file.createGroup("a/b"), WriteError);
    await assert.rejects(file.createGroup("/"), NotFoundError);
    await group.createDataset("/top", { data: [1] });
    await group.createDataset("in", { data: [2] });
    await group.link("soft", { soft: "/top" });
    await group.link("hard", { hard: "in" });
    await group.link("deep/er", { hard: await file.dataset("top") });
    await group.link("dangling", { soft: "nowhere" });
    await file.link("other", { external: { file: "other.h5", path: "/x" } });
    await assert.rejects(file.link("other", { soft: "/top" }), WriteError);
    await assert.rejects(file.link("x", { hard: "/none" }), NotFoundError);
    await assert.rejects(file.get("other"), ExternalFileError);
    await assert.rejects(file.group("top"), WrongKindError);
    await file.move("a/b/soft", "a/moved/soft");
    await group.move("deep/er", "up");
    await file.move("/a/b/in", "a/in");
    await assert.rejects(file.move("none", "some"), NotFoundError);
    await assert.rejects(file.move("top", "a/b"), WriteError);
    await file.remove("a/b/deep");
    await assert.rejects(file.remove("a/b/deep"), NotFoundError);
  });
  const links = await (await file.group("a/b")).links();
  assert.deepEqual(links.map(({ name, type, target }) => [name, type, target]), [
    ["dangling", "soft", "nowhere"],
    ["hard", "hard", undefined],
    ["up", "hard", undefined],
  ]);
  assert.deepEqual((await (await file.dataset("a/moved/soft")).read()).data, Float64Array.of(1));
  assert.equal((await file.dataset("a/in")).address, (await file.dataset("a/b/hard")).address);
  assert.deepEqual((await file.links()).find(({ name }) => name === "other"), {
    name: "other",
    type: "external",
    file: "other.h5",
    target: "/x",
  });
});

Deno.test("an object that was removed, moved or replaced is refused rather than mistaken for another", async () => {
  const file = await create();
  const gone = await file.createDataset("gone", { data: [1, 2, 3] });
  const stays = await file.createDataset("stays", { data: [1, 2, 3] });
  const group = await file.createGroup("g");
  const inner = await group.createDataset("inner", { data: [4] });
  await file.remove("gone");
  await file.createDataset("gone", { data: [7, 8, 9] });
  await assert.rejects(gone.write(null, 0), /removed, moved or replaced/);
  await assert.rejects(gone.attributes.set("a", 1), NotFoundError);
  await file.remove("g");
  await file.createDataset("filler", { data: [0] });
  await assert.rejects(inner.read(), NotFoundError);
  await assert.rejects(group.createGroup("x"), NotFoundError);
  await stays.write([0], 5);
  assert.deepEqual((await stays.read()).data, Float64Array.of(5, 2, 3));
  assert.deepEqual((await (await file.dataset("gone")).read()).data, Float64Array.of(7, 8, 9));
  await file.abandon();
});

Deno.test("space of what was removed is used again", async () => {
  const size = async (times: number) => {
    const file = await create();
    for (let i = 0; i < times; i++) {
      await file.createDataset("d", { data: new Float64Array(20_000).fill(i) });
      if (i < times - 1) await file.remove("d");
    }
    return (await file.bytes()).length;
  };
  assert.ok(await size(10) < 2 * await size(1), `${await size(10)} bytes`);
});

Deno.test("attributes: every kind of value, replaced, deleted, counted", async () => {
  await using file = await written(async (file) => {
    const { attributes } = file;
    await attributes.set("a", 1);
    await attributes.set("a", "text now");
    await attributes.set("list", ["x", "y"]);
    await attributes.set("matrix", [[1, 2], [3, 4]], { dtype: "<i4" });
    await attributes.set("filled", 7, { dtype: "|u1", shape: [2, 2] });
    await attributes.set("none", null);
    await attributes.set("empty", []);
    await attributes.set("big", 2n ** 62n);
    await attributes.set("flag", false);
    await attributes.set("long", "x".repeat(100_000));
    await attributes.set("gone", 1);
    await attributes.delete("gone");
    await assert.rejects(attributes.delete("gone"), NotFoundError);
    await assert.rejects(attributes.set("bad", 300, { dtype: "|u1" }), /300/);
    assert.equal(file.attributeCount, 9);
  });
  const all = await file.attributes.all();
  assert.deepEqual(Object.keys(all), ["a", "big", "empty", "filled", "flag", "list", "long", "matrix", "none"]);
  assert.equal(all["a"], "text now");
  assert.equal(all["big"], 2n ** 62n);
  assert.equal(all["flag"], false);
  assert.equal(all["none"], null);
  assert.equal((all["long"] as string).length, 100_000);
  assert.deepEqual((await file.attributes.read("filled")).shape, [2, 2]);
  assert.deepEqual((await file.attributes.read("empty")).shape, [0]);
  assert.deepEqual((await file.attributes.read("matrix")).data, Int32Array.of(1, 2, 3, 4));
});

Deno.test("the order of creation is kept where it is asked for, and both formats are read", async () => {
  for (const format of ["earliest", "latest"] as const) {
    await using file = await written(async (file) => {
      for (const name of ["z", "a", "m"]) await file.createGroup(name);
      for (const name of ["z", "a"]) await file.attributes.set(name, 1);
    }, { trackOrder: true, format });
    assert.deepEqual(await file.keys({ creationOrder: true }), ["z", "a", "m"]);
    assert.deepEqual(await file.attributes.keys({ creationOrder: true }), ["z", "a"]);
    assert.equal(file.info.superblock > 0, format === "latest");
  }
});

Deno.test("what only reads doesn't load the writing half", async () => {
  const code = await bundle({ entry: new URL("src/hdf5/file.ts", ROOT) });
  await stopBundler();
  assert.ok(code.includes("mt_dataset_read"));
  assert.ok(!code.includes("mt_dataset_create") && !code.includes("mt_attr_write"));
});
