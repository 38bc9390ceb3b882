import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { blobSource } from "../../src/source/local/blob.ts";
import { openFile } from "../../src/source/local/file_node.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import { errorOf, pattern, range } from "./support.ts";

const BYTES = pattern(100_000);
const part = (offset: number, length: number) => BYTES.subarray(offset, offset + length);

/** Runs a test with a folder that has the file `a.bin`. */
function withFolder(run: (folder: string, file: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtome-"));
    const file = join(folder, "a.bin");
    writeFileSync(file, BYTES);
    try {
      await run(folder, file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

Deno.test("memorySource() takes any buffer or view, without a copy", async () => {
  const shared = new SharedArrayBuffer(10);
  new Uint8Array(shared).set(part(0, 10));
  const odd = new Uint8Array(21);
  odd.set(part(0, 10), 3);
  for (
    const bytes of [
      BYTES.buffer,
      BYTES,
      new DataView(odd.buffer, 3, 10),
      new Int16Array(part(0, 10).slice().buffer),
      shared,
    ]
  ) {
    const source = memorySource(bytes);
    assert.equal(source.byteLength, bytes.byteLength);
    assert.deepEqual(await source.read(range(4, 6)), part(4, 6));
    assert.deepEqual(source.readSync?.(range(10, 0)), new Uint8Array(0));
    assert.equal((await errorOf(source.read(range(bytes.byteLength, 1)))).code, "truncated");
  }
  assert.equal(memorySource(BYTES).readSync?.(range(0, 1)).buffer, BYTES.buffer);
  const reason = new Error("enough");
  assert.equal(await errorOf(memorySource(BYTES).read(range(0, 1), { signal: AbortSignal.abort(reason) })), reason);
});

Deno.test("blobSource() reads a Blob and a File, whose name it takes", async () => {
  const source = blobSource(new Blob([BYTES]));
  assert.deepEqual([source.name, source.byteLength], ["blob", 100_000]);
  assert.deepEqual(await source.read(range(50_000, 100)), part(50_000, 100));
  assert.deepEqual(await source.read(range(100_000, 0)), new Uint8Array(0));
  assert.equal((await errorOf(source.read(range(99_999, 2)))).code, "truncated");
  assert.equal(blobSource(new File([BYTES], "session.nwb")).name, "session.nwb");
  const reason = new Error("enough");
  assert.equal(await errorOf(source.read(range(0, 1), { signal: AbortSignal.abort(reason) })), reason);
});

Deno.test("blobSource() says when the file behind it has changed, or can't be read", async () => {
  const failing = (error: Error) => ({
    name: "session.nwb",
    size: 10,
    slice: () => ({ arrayBuffer: () => Promise.reject(error) }),
  } as unknown as Blob);
  const changed = await errorOf(blobSource(failing(new DOMException("x", "NotReadableError"))).read(range(0, 1)));
  assert.equal(changed.code, "file-changed");
  const other = await errorOf(blobSource(failing(new Error("no"))).read(range(0, 1)));
  assert.deepEqual([other.code, other.message], ["source", "Cannot read byte 0 of session.nwb: no"]);
});

Deno.test(
  "openFile() reads at once and by promise, by path and by URL",
  withFolder(async (_, file) => {
    for (const path of [file, pathToFileURL(file)]) {
      const source = await openFile(path);
      assert.equal(source.byteLength, 100_000);
      const target = new Uint8Array(100);
      source.readIntoSync?.(50_000, target);
      assert.deepEqual(target, part(50_000, 100));
      assert.deepEqual(source.readSync?.(range(0, 100_000)), BYTES);
      assert.deepEqual(await source.read(range(99_999, 1)), part(99_999, 1));
      assert.equal((await errorOf(source.read(range(99_999, 2)))).code, "truncated");
      await source.close?.();
    }
  }),
);

Deno.test(
  "openFile() reads into a part of a larger buffer, such as wasm memory",
  withFolder(async (_, file) => {
    const source = await openFile(file);
    const memory = new WebAssembly.Memory({ initial: 1 });
    source.readIntoSync?.(1000, new Uint8Array(memory.buffer, 100, 50));
    assert.deepEqual(new Uint8Array(memory.buffer, 99, 52), new Uint8Array([0, ...part(1000, 50), 0]));
    await source.close?.();
  }),
);

Deno.test(
  "openFile() says what is wrong with a path: nothing there, a directory, no file at all",
  withFolder(async (folder, file) => {
    const missing = await errorOf(openFile(join(folder, "b.bin")));
    assert.equal(missing.code, "not-found");
    assert.match(missing.message, /^Cannot open ".*b\.bin": there is no such file$/);
    assert.equal((await errorOf(openFile(join(file, "x")))).code, "not-found");
    const directory = await errorOf(openFile(folder));
    assert.equal(directory.code, "wrong-kind");
    assert.match(directory.message, /it is a directory$/);
    assert.equal((await errorOf(openFile("/dev/null"))).code, "wrong-kind");
    symlinkSync("loop", join(folder, "loop"));
    assert.equal((await errorOf(openFile(join(folder, "loop")))).code, "source");
  }),
);

Deno.test(
  "openFile() sees that a file has been cut off, has grown, or has been written to",
  withFolder(async (_, file) => {
    const open = () => openFile(file, { checkInterval: 0 });
    const lazy = await openFile(file);
    const cut = await open();
    truncateSync(file, 50_000);
    for (const source of [lazy, cut]) {
      const error = await errorOf(source.read(range(49_990, 20)));
      assert.equal(error.code, "file-changed");
      assert.match(error.message, /it had 100000 bytes and has 50000$/);
      await source.close?.();
    }
    const grown = await open();
    appendFileSync(file, "more");
    assert.equal((await errorOf(grown.read(range(0, 10)))).code, "file-changed");
    await grown.close?.();
    const written = await open();
    utimesSync(file, 1, 1);
    const error = await errorOf(written.read(range(0, 10)));
    assert.equal(error.code, "file-changed");
    assert.match(error.message, /it has been written to$/);
    await written.close?.();
  }),
);

Deno.test(
  "openFile() refuses reads after close(), which may be called twice",
  withFolder(async (_, file) => {
    const source = await openFile(file);
    await source.close?.();
    await source.close?.();
    assert.equal((await errorOf(source.read(range(0, 10)))).code, "closed");
    assert.throws(() => source.readIntoSync?.(0, new Uint8Array(1)), { code: "closed" });
  }),
);
