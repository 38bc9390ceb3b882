/** What holds others by name is asked by the same methods everywhere: `keys()`, `has`, `get` (or `at`), and iteration. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, Data, encodeNpz, ndarray, NWBFile, open, openAny, openNpz, type WritableGroup } from "../mod.ts";
import { loadFolder, Metadata, saveNpz, Ts, Tsd, TsGroup } from "../src/series/mod.ts";
import { openZarr, type ZarrGroup } from "../src/zarr/mod.ts";

/** What is asked; whether it answers at once or by promises makes no difference here. */
interface Container {
  keys(): Iterable<unknown> | Promise<Iterable<unknown>>;
  has(key: unknown): boolean | Promise<boolean>;
  get?(key: unknown): unknown;
  at?(key: unknown): unknown;
}

const fixture = (name: string) => `${import.meta.dirname}/data/${name}`;
const BYTES = await encodeNpz({ a: ndarray(Int16Array.of(1, 2)), b: ndarray(Float64Array.of(3)) });
const ZARR_GROUP = new TextEncoder().encode(`{"zarr_format":2}`);

/** Each kind of container, with a key that it hasn't. */
const CONTAINERS: Readonly<
  Record<string, (test: (container: unknown, wrong: unknown) => Promise<void>) => Promise<void>>
> = {
  Npz: async (test) => {
    await using npz = await openNpz(BYTES);
    await test(npz, "c");
  },
  Opened: async (test) => {
    await using opened = await openAny(BYTES);
    await test(opened, "c");
  },
  Group: async (test) => {
    await using file = await open(fixture("signal.h5"));
    await test(await file.group("/"), "c");
  },
  H5File: async (test) => {
    await using file = await open(fixture("groups.h5"));
    await test(file, "c");
  },
  AttributeSet: async (test) => {
    await using file = await open(fixture("signal.h5"));
    await test((await file.dataset("/signal")).attributes, "c");
  },
  WritableGroup: async (test) => {
    await using file = await create(undefined, { onWarning: () => {} });
    const group = await file.createGroup("g");
    await group.createDataset("a", { data: [1] });
    await group.createGroup("b");
    await test(group, "c");
  },
  WritableFile: async (test) => {
    await using file = await create(undefined, { onWarning: () => {} });
    const group: WritableGroup = file;
    await group.createDataset("a", { data: [1] });
    await group.requireGroup("b");
    await test(group, "c");
  },
  ZarrGroup: async (test) => {
    const groups = ["", "a/", "b/"].map((path): [string, Uint8Array] => [`/${path}.zgroup`, ZARR_GROUP]);
    await using group = await openZarr(new Map(groups)) as ZarrGroup;
    await test(group, "c");
  },
  NWBFile: async (test) => {
    await using nwb = await NWBFile.open(fixture("session.nwb"));
    await test(nwb, "c");
  },
  Data: (test) => test(new Data({ a: Float64Array.of(1), b: "text" }), "c"),
  Metadata: (test) => test(new Metadata({ area: ["pfc"], depth: [1] }), "c"),
  TsGroup: (test) => test(new TsGroup({ 3: new Ts([0, 1]), 7: new Ts([0, 2]) }), 4),
  Folder: async (test) => {
    const path = mkdtempSync(join(tmpdir(), "microtome-members-"));
    try {
      await saveNpz(join(path, "a.npz"), new Tsd([0, 1], [2, 3]));
      writeFileSync(join(path, "b.npz"), BYTES);
      await using folder = await loadFolder(path);
      await test(folder, "c");
    } finally {
      rmSync(path, { recursive: true });
    }
  },
};

for (const [name, use] of Object.entries(CONTAINERS)) {
  Deno.test(`${name} has keys(), has, ${name === "TsGroup" ? "at" : "get"} and iteration, which agree`, () =>
    use(async (container, wrong) => {
      const { keys, has } = container as Container;
      const keysOf = async () => [...await keys.call(container)];
      const found = await keysOf();
      assert.ok(found.length > 1);
      assert.notEqual(await keys.call(container), await keys.call(container), "a list of its own each time");
      for (const key of found) assert.equal(await has.call(container, key), true, String(key));
      assert.equal(await has.call(container, wrong), false);
      const one = (key: unknown) =>
        name === "TsGroup" ? (container as Container).at!(key) : (container as Container).get!(key);
      for (const key of found) await one(key);
      await assert.rejects(async () => await one(wrong), { name: "NotFoundError" });
      const pairs: [unknown, unknown][] = [];
      for await (const [key, value] of container as AsyncIterable<[unknown, unknown]>) pairs.push([key, value]);
      assert.deepEqual(pairs.map(([key]) => key), found);
      assert.ok(pairs.every(([, value]) => value !== undefined));
    }));
}
