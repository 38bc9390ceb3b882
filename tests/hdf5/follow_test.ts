import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import {
  type ByteRange,
  CorruptFileError,
  FileChangedError,
  type H5File,
  type NDArray,
  NotHdf5Error,
  open,
  slice,
  TruncatedError,
  UnsupportedError,
} from "../../mod.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { TORN_WAITS } from "../../src/hdf5/engine/follow.ts";
import { Gate } from "../../src/hdf5/engine/gate.ts";
import { startRangeServer } from "../support/range_server.ts";

const FOLDER = fileURLToPath(new URL("../data/odd/", import.meta.url));

/** Whether a dataset of `make_odd.py`'s writers holds 0, 0, 1, 1, 2, 2 … */
function counts({ data, shape }: NDArray, rows: number): void {
  assert.deepEqual(shape, [rows, 2]);
  assert.deepEqual([...data], Array.from({ length: 2 * rows }, (_, i) => i >> 1));
}

async function checkRows(file: H5File, rows: number): Promise<void> {
  for (const name of ["plain", "gzip"]) {
    for (const engine of [undefined, "library"] as const) {
      counts(await (await file.dataset(name)).read([], { engine }), rows);
    }
  }
}

for (const rows of [10, 100]) {
  for (const follow of [false, true]) {
    Deno.test(`a file that a SWMR writer left after ${rows} rows is read as far as it goes (follow: ${follow})`, async () => {
      await using file = await open(`${FOLDER}swmr_${rows}.h5`, { follow });
      assert.equal(file.isBeingWritten, true);
      await checkRows(file, rows);
    });
  }
}

Deno.test("a file whose writer died without SWMR gives what was flushed", async () => {
  await using file = await open(`${FOLDER}died.h5`);
  assert.equal(file.isBeingWritten, true);
  assert.deepEqual([...(await (await file.dataset("early")).read()).data], [...Array(10).keys()]);
});

Deno.test("a file that is longer than its superblock says is read, and has no writer", async () => {
  await using file = await open(`${FOLDER}long.h5`);
  assert.equal(file.isBeingWritten, false);
  assert.equal((await (await file.dataset("late")).read()).data[999], 999);
});

Deno.test("a file that is shorter than its superblock says is an error, and with follow read as far as it goes", async () => {
  await assert.rejects(open(`${FOLDER}cut.h5`), TruncatedError);
  await using file = await open(`${FOLDER}cut.h5`, { follow: true });
  assert.deepEqual([...(await (await file.dataset("early")).read()).data], [...Array(10).keys()]);
  const late = await file.dataset("late");
  assert.deepEqual([...(await late.read([slice(0, 500)])).data], [...Array(500).keys()]);
  await assert.rejects(async () => await late.read(), TruncatedError);
});

for (const refreshed of ["file", "dataset"] as const) {
  Deno.test(`refresh() of the ${refreshed} sees what was added to a local file, and what it costs`, async () => {
    const folder = mkdtempSync(`${tmpdir()}/follow-`);
    try {
      const path = `${folder}/live.h5`;
      copyFileSync(`${FOLDER}swmr_10.h5`, path);
      await using file = await open(path, { follow: true });
      const plain = await file.dataset("plain");
      counts(await plain.read(), 10);
      copyFileSync(`${FOLDER}swmr_100.h5`, path);
      const before = file.cost;
      if (refreshed === "file") await file.refresh();
      else await plain.refresh();
      if (refreshed === "dataset") counts(await plain.read(), 100);
      assert.deepEqual((await file.dataset("plain")).shape, [100, 2]);
      await checkRows(file, 100);
      assert.ok(file.cost.requests > before.requests);
      assert.equal(file.byteLength, readFileSync(path).length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

Deno.test("over HTTP, a file that is followed may have a new ETag and size; refresh() sees the new rows", async () => {
  const server = await startRangeServer({ "/live.h5": new Uint8Array(readFileSync(`${FOLDER}swmr_10.h5`)) });
  try {
    await using pinned = await open(`${server.url}/live.h5`, { headBytes: 512, smallFileBytes: 0, blockSize: 512 });
    await using file = await open(`${server.url}/live.h5`, {
      follow: true,
      headBytes: 512,
      smallFileBytes: 0,
      blockSize: 512,
    });
    const plain = await file.dataset("plain");
    server.put("/live.h5", new Uint8Array(readFileSync(`${FOLDER}swmr_100.h5`)));
    // Between two refreshes it is the file of before, read from the newer one: a SWMR writer takes nothing away.
    counts(await plain.read(), 10);
    await assert.rejects(async () => await (await pinned.dataset("gzip")).read(), FileChangedError);
    server.clear();
    await plain.refresh();
    assert.ok(server.log.length > 0);
    counts(await plain.read(), 100);
    await checkRows(file, 100);
  } finally {
    await server.close();
  }
});

Deno.test("reads under way end before a refresh, and those begun meanwhile wait for it", async () => {
  await using file = await open(`${FOLDER}swmr_100.h5`, { follow: true });
  const plain = await file.dataset("plain");
  const all: Promise<unknown>[] = [];
  for (let i = 0; i < 10; i++) {
    all.push(plain.read().then((array) => counts(array, 100)));
    all.push(file.refresh());
    all.push(file.dataset("gzip").then((dataset) => dataset.read()).then((array) => counts(array, 100)));
  }
  await Promise.all(all);
});

Deno.test("a refresh whose bytes can't be had leaves the file as it was", async () => {
  const folder = mkdtempSync(`${tmpdir()}/follow-`);
  const path = `${folder}/live.h5`;
  copyFileSync(`${FOLDER}swmr_10.h5`, path);
  await using file = await open(path, { follow: true });
  rmSync(folder, { recursive: true });
  await assert.rejects(file.refresh(), /no such file/);
  await checkRows(file, 10);
});

Deno.test("a file that is being written here can't be refreshed", async () => {
  await using file = await create();
  await assert.rejects(file.refresh(), UnsupportedError);
});

/** The bytes of a file whose headers are torn in the first reads, as if its writer were just at them. */
function tornSource(path: string, torn: number) {
  const whole = new Uint8Array(readFileSync(path));
  const broken = whole.slice();
  // The checksums of all object headers (OHDR) and of what they point to don't fit then.
  for (let i = 0; i + 4 < whole.length; i++) {
    if (whole[i] === 0x4f && whole[i + 1] === 0x48 && whole[i + 2] === 0x44 && whole[i + 3] === 0x52) {
      broken[i + 8]! ^= 255;
    }
  }
  const source = {
    name: "torn.h5",
    byteLength: whole.length,
    reads: 0,
    closed: false,
    read({ offset, length }: ByteRange) {
      const from = source.reads++ < torn ? broken : whole;
      return Promise.resolve(from.slice(offset, offset + length));
    },
    close() {
      source.closed = true;
    },
  };
  return source;
}

Deno.test("torn headers of a file that is followed are read again until they fit", async () => {
  const source = tornSource(`${FOLDER}swmr_100.h5`, 3);
  const file = await open(source, { follow: true });
  await checkRows(file, 100);
  assert.equal(source.closed, false);
  await file.close();
  assert.equal(source.closed, true);
});

Deno.test("torn headers that a refresh finds are read again, and beside it nothing runs", async () => {
  const source = tornSource(`${FOLDER}swmr_100.h5`, 0);
  await using file = await open(source, { follow: true });
  const plain = await file.dataset("plain");
  for (let i = 0; i < 3; i++) {
    source.reads = -1e9;
    const torn = tornSource(`${FOLDER}swmr_100.h5`, 2);
    source.read = (range) => torn.read(range);
    await Promise.all([plain.refresh(), checkRows(file, 100)]);
    assert.ok(torn.reads > 2);
  }
});

Deno.test("headers that never fit are corrupt after a few tries; without follow at once", async () => {
  const followed = tornSource(`${FOLDER}swmr_100.h5`, Infinity);
  await assert.rejects(async () => {
    await using file = await open(followed, { follow: true });
    await checkRows(file, 100);
  }, CorruptFileError);
  const plain = tornSource(`${FOLDER}swmr_100.h5`, Infinity);
  await assert.rejects(async () => {
    await using file = await open(plain);
    await checkRows(file, 100);
  }, CorruptFileError);
  assert.equal(plain.reads, 1);
  assert.ok(followed.reads > 2 && followed.reads <= TORN_WAITS.length + 4, `${followed.reads} reads`);
  assert.ok(followed.closed && plain.closed);
});

Deno.test("a refresh that finds no HDF5 file is an error, and the next one finds it again", async () => {
  const folder = mkdtempSync(`${tmpdir()}/follow-`);
  try {
    const path = `${folder}/live.h5`;
    copyFileSync(`${FOLDER}swmr_10.h5`, path);
    await using file = await open(path, { follow: true });
    writeFileSync(path, new Uint8Array(5000));
    await assert.rejects(file.refresh(), NotHdf5Error);
    await assert.rejects(async () => await (await file.dataset("plain")).read(), NotHdf5Error);
    copyFileSync(`${FOLDER}swmr_100.h5`, path);
    await file.refresh();
    await checkRows(file, 100);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

Deno.test("refresh() reaches files behind links, and objects in them stay what they are", async () => {
  const folder = mkdtempSync(`${tmpdir()}/follow-`);
  try {
    await using main = await create(`${folder}/main.h5`);
    await main.link("/other", { external: { file: "live.h5", path: "/plain" } });
    await main.link("/later", { external: { file: "late.h5", path: "/early" } });
    await main.close();
    copyFileSync(`${FOLDER}swmr_10.h5`, `${folder}/live.h5`);
    await using file = await open(`${folder}/main.h5`, { follow: true, external: true });
    const other = await file.dataset("other");
    counts(await other.read(), 10);
    await assert.rejects(file.dataset("later"));
    copyFileSync(`${FOLDER}swmr_100.h5`, `${folder}/live.h5`);
    copyFileSync(`${FOLDER}long.h5`, `${folder}/late.h5`);
    await other.refresh();
    counts(await other.read(), 100);
    assert.deepEqual((await file.dataset("later")).shape, [10]);
    counts(await (await file.dataset("other")).read(), 100);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A dataset in chunks with a checksum, packed: what is torn can't be taken for whole. */
async function checked(): Promise<Uint8Array> {
  await using file = await create();
  const data = Int32Array.from({ length: 4096 }, (_, i) => i);
  await file.createDataset("a", { data, chunkShape: [1024], compression: "gzip", fletcher32: true });
  await file.createDataset("b", { data, chunkShape: [1024], fletcher32: true });
  return await file.bytes();
}

/**
 * A file of which a part is told half-written, as beside a SWMR writer: its second half is that of before, as often as is
 * asked for.
 */
function torn(bytes: Uint8Array, at: number, length: number, times: number) {
  let [reads, left] = [0, times];
  return {
    name: "live.h5",
    byteLength: bytes.length,
    get reads() {
      return reads;
    },
    read: ({ offset, length: wanted }: ByteRange) => {
      const part = bytes.slice(offset, offset + wanted);
      if (offset <= at && at + length <= offset + wanted) {
        reads++;
        if (left-- > 0) part.fill(0, at - offset + (length >> 1), at - offset + length);
      }
      return Promise.resolve(part);
    },
  };
}

const PAGES = { blockSize: 512, headBytes: 512, smallFileBytes: 0, readAheadBytes: 0, gap: 0 };

for (const name of ["a", "b"]) {
  for (const times of [1, 2, TORN_WAITS.length]) {
    Deno.test(`a chunk of "${name}" that is torn ${times} times beside a writer is read again until it is whole`, async () => {
      const bytes = await checked();
      const [at, length] = await chunkOf(bytes, name);
      const source = torn(bytes, at, length, times);
      await using file = await open(source, { ...PAGES, follow: true });
      const { data } = await (await file.dataset(name)).read([slice(1000, 2000)]);
      assert.deepEqual([...data], Array.from({ length: 1000 }, (_, i) => 1000 + i));
      assert.equal(source.reads, times + 1);
    });
  }

  Deno.test(`a chunk of "${name}" that stays torn is an error that names it, after all tries; what lies beside it is read`, async () => {
    const bytes = await checked();
    const [at, length] = await chunkOf(bytes, name);
    for (const follow of [true, false]) {
      const source = torn(bytes, at, length, Infinity);
      await using file = await open(source, { ...PAGES, follow });
      const dataset = await file.dataset(name);
      await assert.rejects(async () => await dataset.read(), (error) => {
        assert.ok(error instanceof CorruptFileError, String(error));
        assert.deepEqual([error.file, error.object], ["live.h5", `/${name}`]);
        assert.match(error.message, /chunk/);
        return true;
      });
      assert.equal(source.reads, follow ? TORN_WAITS.length + 1 : 1);
      assert.equal((await dataset.read([4095])).data[0], 4095);
    }
  });
}

/** Where the second chunk of a dataset lies: what reading an element of it asks for, once the index is known. */
async function chunkOf(bytes: Uint8Array, name: string): Promise<[at: number, length: number]> {
  const ranges: ByteRange[] = [];
  const source = {
    byteLength: bytes.length,
    read: ({ offset, length }: ByteRange) => {
      ranges.push({ offset, length });
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  };
  await using spied = await open(source, PAGES);
  const spy = await spied.dataset(name);
  await spy.read([0]);
  ranges.length = 0;
  await spy.read([1024]);
  assert.equal(ranges.length, 1);
  return [ranges[0]!.offset, ranges[0]!.length];
}

Deno.test("reads without a pause don't hold up a refresh", async () => {
  const gate = new Gate();
  let refreshed = false;
  let reads = 0;
  // Two that overlap: there is no moment without a read under way.
  const readOn = async () => {
    while (!refreshed && reads++ < 50) {
      await gate.shared(() => new Promise<void>((resolve) => setTimeout(resolve, 4)), true);
    }
  };
  const first = readOn();
  await new Promise((resolve) => setTimeout(resolve, 2));
  const second = readOn();
  await gate.alone(() => Promise.resolve(refreshed = true));
  await Promise.all([first, second]);
  assert.ok(reads < 50, "the readers had to give up");
});
