import assert from "node:assert/strict";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import type { WritableFile } from "../../src/hdf5/write/writable_file.ts";
import { Data } from "../../src/temporal/data.ts";
import { saveObject } from "../../src/temporal/files/hdf5_write.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { loadObject } from "../../src/temporal/files/load_object.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

const domain = () => new Interval(0, 10);

/** A session, and what is put into its file beside. */
async function session(more: (file: WritableFile) => Promise<void>): Promise<Uint8Array> {
  const data = new Data({
    spikes: new IrregularTimeSeries({ timestamps: [1, 2, 3], unit: [0, 1, 0] }, { domain: domain() }),
    lfp: new RegularTimeSeries({ x: Float64Array.of(1, 2, 3, 4) }, { samplingRate: 2.5, domainStart: 1 }),
  }, { domain: domain() });
  await using file = await create();
  await data.toHdf5(file);
  await more(file);
  return await file.bytes();
}

for (const lazy of [true, false]) {
  Deno.test(`a session with empty groups loads, ${lazy ? "lazily" : "at once"}, and they have no rows`, async () => {
    const bytes = await session(async (file) => {
      // Made and never filled; said to be objects and never filled; a session within that has nothing.
      await file.createGroup("/nothing");
      for (
        const [name, object] of [["trials", "Interval"], ["events", "IrregularTimeSeries"], ["table", "ArrayDict"], [
          "sub",
          "Data",
        ]]
      ) await (await file.createGroup(`/${name}`)).attributes.set("object", object!);
    });
    await using data = await Data.load(bytes, { lazy });
    const at = (name: string) => data.get(name) as ArrayDict;
    assert.deepEqual(data.keys().toSorted(), ["events", "lfp", "nothing", "spikes", "sub", "table", "trials"]);
    assert.deepEqual([at("nothing").keys(), at("table").keys()], [[], []]);
    assert.deepEqual(at("nothing").warnings, ["nothing is an empty group, and was taken as ArrayDict"]);
    const trials = at("trials") as unknown as Interval;
    assert.equal(trials.length, 0);
    assert.deepEqual(await trials.get("start"), new Float64Array(0));
    assert.deepEqual(await at("events").get("timestamps"), new Float64Array(0));
    assert.deepEqual(await data.get("spikes.timestamps"), Float64Array.of(1, 2, 3));
  });
}

Deno.test("a path leads to the rate of a regular series, and into domains", async () => {
  await using lazy = await Data.load(await session(async () => {}));
  await using nested = new Data({ inner: lazy.slice(0, 5) }, { domain: domain() });
  for (const [data, path] of [[lazy, "lfp"], [nested, "inner.lfp"]] as const) {
    assert.equal(data.get(`${path}.sampling_rate`), 2.5);
    assert.ok(data.has(`${path}.sampling_rate`));
  }
  assert.deepEqual(lazy.get("lfp.domain.start"), Float64Array.of(1));
  assert.deepEqual(lazy.get("domain.end"), Float64Array.of(10));
  assert.deepEqual(lazy.get("spikes.domain.end"), Float64Array.of(10));
  assert.ok(!lazy.has("spikes.sampling_rate") && !lazy.has("lfp.nothing") && !lazy.has("lfp.domain.nothing"));
  assert.throws(() => lazy.get("spikes.sampling_rate"), /^NotFoundError/);
});

Deno.test("an object at a file's root loads, by the file or its root, and says what it should have been", async () => {
  const objects = {
    Interval: new Interval([0, 2], [1, 3]),
    ArrayDict: new ArrayDict({ id: ["a", "b"] }),
    IrregularTimeSeries: new IrregularTimeSeries({ timestamps: [1, 2] }, { domain: domain() }),
    RegularTimeSeries: new RegularTimeSeries({ x: Float64Array.of(1, 2) }, { samplingRate: 10 }),
  } as const;
  for (const [type, object] of Object.entries(objects) as [keyof typeof objects, ArrayDict][]) {
    await using made = await create();
    await saveObject(made, object);
    await using file = await open(await made.bytes());
    for (const source of [file, await file.group("/")]) {
      for (const lazy of [true, false]) {
        const loaded = await loadObject(source, type, { lazy } as { lazy: false });
        assert.deepEqual(loaded.keys().toSorted(), object.keys().toSorted());
      }
    }
    const other = type === "Interval" ? "ArrayDict" : "Interval";
    await assert.rejects(loadObject(file, other), new RegExp(`it has a ${type} object, expected ${other}$`));
  }
  await assert.rejects(
    loadObject(await open(await session(async () => {})), "Interval", { lasy: true } as never),
    /^TypeError: Cannot load an object: unknown option "lasy"; perhaps "lazy" was meant$/,
  );
});
