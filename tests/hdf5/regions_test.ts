import assert from "node:assert/strict";
import { ExternalFileError, NotFoundError, open, type Reference, toNested, WrongKindError } from "../../mod.ts";
import { create } from "../../src/hdf5/write/create.ts";

const DATA = new URL("../data/", import.meta.url);

interface Read {
  readonly path: string;
  readonly data: unknown[];
  readonly shape: number[];
}
interface Expected {
  readonly regions: Record<string, Read>;
  readonly objects: Record<string, string>;
  readonly fill: Record<string, Omit<Read, "path">>;
}
const expected: Expected = JSON.parse(await Deno.readTextFile(new URL("regions.json", DATA)));

async function referenceAt(file: Awaited<ReturnType<typeof open>>, path: string): Promise<Reference> {
  return ((await (await file.dataset(path)).read()).data as Reference[])[0]!;
}

for (const [name, { path, data, shape }] of Object.entries(expected.regions)) {
  Deno.test(`the region "${name}" is read as h5py reads it, and its dataset knows its path`, async () => {
    await using file = await open(new URL("regions.h5", DATA));
    const reference = await referenceAt(file, `/regions/${name}`);
    const read = await file.readRegion(reference);
    assert.deepEqual([read.shape, [toNested(read)].flat(3)], [shape, data]);
    const dataset = await file.dereference(reference);
    assert.deepEqual([dataset.path, dataset.name], [path, path.slice(path.lastIndexOf("/") + 1)]);
  });
}

Deno.test("an object reached by a reference knows its path and name, unless that isn't wanted", async () => {
  await using file = await open(new URL("regions.h5", DATA));
  for (const [name, path] of Object.entries(expected.objects)) {
    const object = await file.dereference(await referenceAt(file, `/objects/${name}`));
    assert.deepEqual([object.path, `/${object.name}`], [path, path.slice(path.lastIndexOf("/"))]);
  }
  await using fresh = await open(new URL("regions.h5", DATA));
  const before = await referenceAt(fresh, "/objects/grid");
  assert.match((await fresh.dereference(before, { findPath: false })).path, /^\(object at address \d+\)$/);
});

Deno.test("what refers to no region isn't read as one", async () => {
  await using file = await open(new URL("regions.h5", DATA));
  const object = await referenceAt(file, "/objects/grid");
  await assert.rejects(() => file.readRegion(object), WrongKindError);
  await using written = await create();
  await written.createDataset("r", { shape: [1], dtype: "region" });
  const nothing = await referenceAt(written, "/r");
  await assert.rejects(() => written.readRegion(nothing), NotFoundError);
});

for (const [name, { data, shape }] of Object.entries(expected.fill)) {
  Deno.test(`text that was never written is the fill value: ${name}`, async () => {
    await using file = await open(new URL("regions.h5", DATA));
    const read = await (await file.dataset(`/fill/${name}`)).read();
    assert.deepEqual([read.shape, [toNested(read)].flat(2)], [shape, data]);
  });
}

Deno.test("a virtual dataset with a source that is missing is an error that names the way out, or fill values", async () => {
  const path = new URL("virtual.h5", DATA);
  await using strict = await open(path, { external: true });
  await assert.rejects(
    async () => await (await strict.dataset("/stack_absent")).read(),
    (error) => error instanceof ExternalFileError && /missingSources: "fill"/.test(error.message),
  );
  await using filled = await open(path, { external: true, missingSources: "fill" });
  const { data } = await (await filled.dataset("/stack_absent")).read([null, 0, 0]);
  assert.deepEqual(data, Int32Array.of(0, -1));
  // What is there is read, twice the same; a file that may not be opened isn't missing.
  assert.deepEqual((await (await filled.dataset("/stack_absent")).read([null, 0, 0])).data, data);
  assert.deepEqual((await (await filled.dataset("/stack")).read([1, 0, 0])).data, Int32Array.of(100));
  await using closed = await open(path, { missingSources: "fill" });
  await assert.rejects(
    async () => await (await closed.dataset("/stack")).read(),
    (error) => error instanceof ExternalFileError && /external: true/.test(error.message),
  );
  await assert.rejects(() => open(path, { missingSources: "zero" as never }), TypeError);
});

Deno.test("an attribute that is too long says what helps, and that helps", async () => {
  const long = new Uint8Array(100_000);
  await using earliest = await create();
  await assert.rejects(
    () => earliest.attributes.set("long", long),
    (error) => error instanceof Error && /format: "latest".*a dataset/.test(error.message),
  );
  await using latest = await create(undefined, { format: "latest" });
  await latest.attributes.set("long", long);
  const held = await latest.attributes.get("long") as unknown as { data: Uint8Array };
  assert.equal(held.data.length, 100_000);
});
