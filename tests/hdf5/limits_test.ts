/** What damaged files and large requests may cost: calls end, memory is bounded, and what is whole can still be read. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { change, create } from "../../src/hdf5/write/create.ts";
import { type H5File, open } from "../../src/hdf5/file.ts";
import { CorruptFileError, LimitError, WriteError } from "../../src/source/errors.ts";
import { fileOfNestedType, findAll, wholeFile, withBytes, withEndlessGroup, word } from "../support/damaged_hdf5.ts";

const REPORTS = fileURLToPath(new URL("../../../shared/reports/", import.meta.url));
const absent = existsSync(REPORTS) ? "" : " (skipped: no reports beside the repository)";

async function values(file: H5File): Promise<number[]> {
  return [...(await (await file.dataset("values")).read()).data as Int32Array];
}

const COUNTING = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

Deno.test("metadata of a wrong checksum is corrupt at once, in libhdf5's words", async () => {
  const bytes = new Uint8Array(readFileSync(new URL("../data/superblock3.h5", import.meta.url)));
  const [header] = findAll(bytes, "OHDR");
  const damaged = withBytes(bytes, header! + 16, [bytes[header! + 16]! ^ 1]);
  await assert.rejects(open(damaged), (error) => {
    assert.ok(error instanceof CorruptFileError);
    assert.match(error.message, /checksum/);
    return true;
  });
});

Deno.test("a global heap that leads back to itself, or wraps around, is corrupt, and the rest is read", async () => {
  const bytes = await wholeFile();
  const [heap] = findAll(bytes, "GCOL");
  const first = heap! + 16; // number, references, four bytes of nothing, size
  const damages = [
    withBytes(withBytes(bytes, first, [0, 0]), first + 8, word(0)),
    withBytes(bytes, first + 8, word(2n ** 32n + 8n)),
    withBytes(bytes, first + 8, word(2n ** 64n - 1n)),
    withBytes(bytes, first + 8, word(2n ** 32n - 8n)),
    withBytes(bytes, heap! + 8, word(2n ** 32n + 4096n)),
  ];
  for (const damaged of damages) {
    await using file = await open(damaged);
    const texts = await file.dataset("texts");
    await assert.rejects(
      texts.read(),
      (error: Error & { code?: string }) => /corrupt|truncated/.test(error.code ?? ""),
    );
    assert.deepEqual(await values(file), COUNTING);
  }
});

Deno.test("a local heap whose free list leads back to itself is corrupt, and takes no memory", async () => {
  const bytes = await wholeFile();
  for (const heap of findAll(bytes, "HEAP")) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [size, data] = [16, 32].map((at) => Number(view.getBigUint64(heap + at - 8, true)));
    const block = size! - 16;
    const looped = withBytes(withBytes(bytes, heap + 16, word(block)), data! + block, [...word(block), ...word(16)]);
    await using file = await open(looped).catch((error) => {
      assert.equal(error.code, "corrupt");
      return { links: () => Promise.reject(error), moduleMemory: 0, [Symbol.asyncDispose]: () => Promise.resolve() };
    });
    let failed = 0;
    for (const path of ["/", "/group"]) {
      await (path === "/" ? file.links() : (file as H5File).group(path).then((group) => group.links())).catch(
        (error) => {
          assert.equal(error.code, "corrupt");
          failed++;
        },
      );
      if (!("root" in file)) break;
    }
    if (heap === findAll(bytes, "HEAP")[0]) assert.ok(failed > 0);
  }
});

Deno.test("types within types without end are an error of what has them, not a crash", async () => {
  await using file = await open(await fileOfNestedType());
  await assert.rejects(file.dataset("nested"), (error) => {
    assert.ok(error instanceof CorruptFileError);
    assert.match(error.message, /nested too deeply/);
    return true;
  });
  assert.deepEqual(await values(file), COUNTING);
});

Deno.test("a loop made on purpose ends by the net with limit, and the file's next read works", async () => {
  const damaged = withEndlessGroup(await wholeFile());
  await using file = await open(damaged, { maxWork: 2 ** 22 });
  const texts = await file.dataset("texts");
  const group = await file.group("group");
  for (let round = 0; round < 3; round++) {
    await assert.rejects(group.links(), (error) => {
      assert.ok(error instanceof LimitError);
      assert.match(error.message, /\/group.*maxWork/);
      assert.equal(error.object, "/group");
      return true;
    });
    assert.deepEqual(await values(file), COUNTING);
    assert.deepEqual([...(await texts.read()).data as string[]], ["one", "two", "three"]);
  }
});

Deno.test("the net holds by default", async () => {
  await using file = await open(withEndlessGroup(await wholeFile()));
  await assert.rejects((await file.group("group")).links(), LimitError);
  assert.deepEqual(await values(file), COUNTING);
});

Deno.test("reads under way go on when another call costs the instance", async () => {
  const made = await create();
  const data = Int32Array.from({ length: 400_000 }, (_, i) => i);
  await made.createDataset("values", { data, chunkShape: [1000], compression: "gzip" });
  for (let i = 0; i < 20; i++) await made.createGroup(`group/member${i}`);
  await using file = await open(withEndlessGroup(await made.bytes()), { maxWork: 2 ** 20 });
  const dataset = await file.dataset("values");
  const group = await file.group("group");
  const [read, listed] = await Promise.allSettled([dataset.read(), group.links(), dataset.read([3])]);
  assert.equal(listed.status, "rejected");
  assert.ok(read.status === "fulfilled");
  assert.deepEqual(read.value.data, data);
});

Deno.test("a file that keeps trapping is given up in the end", async () => {
  await using file = await open(withEndlessGroup(await wholeFile()), { maxWork: 100_000 });
  const group = await file.group("group");
  for (let i = 0; i < 40; i++) await assert.rejects(group.links(), LimitError);
  await assert.rejects(values(file), LimitError);
});

Deno.test("memory is bounded: what needs more is a limit, and the file's other objects are read", async () => {
  const made = await create();
  await made.createDataset("values", { data: Int32Array.from(COUNTING) });
  await made.createDataset("large", {
    data: new Float64Array(1_500_000),
    chunkShape: [1_500_000],
    compression: "gzip",
  });
  await made.createDataset("texts", { data: Array.from({ length: 200_000 }, (_, i) => `${i} `.repeat(8)) });
  const bytes = await made.bytes();
  const small = { maxMemory: 8 * 2 ** 20 };
  await using file = await open(bytes, small);
  for (const name of ["large", "texts"]) {
    const dataset = await file.dataset(name);
    await assert.rejects(dataset.read(), (error) => {
      assert.ok(error instanceof LimitError, String(error));
      return true;
    });
    assert.ok(file.memoryBytes <= small.maxMemory);
    assert.deepEqual(await values(file), COUNTING);
    if (name === "texts") assert.deepEqual((await dataset.read([5])).data, ["5 ".repeat(8)]);
  }
  await using whole = await open(bytes);
  assert.equal((await (await whole.dataset("texts")).read()).data.length, 200_000);
});

Deno.test("in a file that is being written the net fails the call, and what stood there stays", async () => {
  const folder = mkdtempSync(join(tmpdir(), "microtome-limits-"));
  try {
    const path = join(folder, "a.h5");
    writeFileSync(path, "what stood there");
    const file = await create(path, { maxWork: 20_000 });
    let failure: unknown;
    try {
      await file.createDataset("before", { data: [1, 2, 3] });
      for (let i = 0; i < 3000; i++) await file.createGroup(`group${i}`);
      await file.links();
    } catch (error) {
      failure = error;
    }
    assert.ok(failure instanceof LimitError, String(failure));
    assert.match(failure.message, /maxWork/);
    await assert.rejects(file.createGroup("after"), LimitError);
    await assert.rejects(file.close(), WriteError);
    assert.equal(readFileSync(path, "utf8"), "what stood there");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

Deno.test("options that make no sense are refused by name", async () => {
  const bytes = await wholeFile();
  await assert.rejects(open(bytes, { maxWork: 0 }), /maxWork/);
  await assert.rejects(open(bytes, { maxMemory: -1 }), /maxMemory/);
  await assert.rejects(change(bytes, { maxWork: Number.NaN }), /maxWork/);
});

Deno.test({
  name: `reported files end as they should: a checksum, a heap of nothing, a free list in a circle${absent}`,
  ignore: absent !== "",
  fn: async () => {
    const read = (name: string): Uint8Array => new Uint8Array(readFileSync(REPORTS + name));
    await assert.rejects(open(read("11_checksum_hang.h5")), (error: CorruptFileError) => {
      assert.equal(error.code, "corrupt");
      assert.match(error.message, /checksum/);
      return true;
    });
    await using heap = await open(read("12_heap_zero.h5"));
    await assert.rejects(heap.dataset("s").then((dataset) => dataset.read()), CorruptFileError);
    await using memory = await open(read("13_memory.h5"));
    await memory.links().catch((error) => assert.equal(error.code, "corrupt"));
    assert.ok(memory.memoryBytes < 2 ** 26, `${memory.memoryBytes} bytes`);
    await using newest = await open(read("05_hdf5_2_latest.h5"));
    assert.equal((await (await newest.dataset("gz")).read()).data[999], 999);
    const complex = await newest.dataset("c");
    assert.equal(complex.dtype.kind, "complex");
    assert.deepEqual([...(await complex.read()).data as Float64Array], [0, 1, 1, 1, 2, 1]);
  },
});
