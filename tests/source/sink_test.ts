import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { NotFoundError, TruncatedError, WriteError } from "../../src/source/errors.ts";
import { changeFile, createFile } from "../../src/source/sink/file_sink_node.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { openSink } from "../../src/source/sink/open_sink.ts";
import type { ByteSink } from "../../src/source/sink/sink.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "microtome-sink-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const sinks: Record<string, (folder: string) => Promise<ByteSink>> = {
  "memory": () => Promise.resolve(memorySink()),
  "a file": (folder) => createFile(join(folder, "a.bin")),
};

for (const [name, make] of Object.entries(sinks)) {
  Deno.test(`a sink of ${name} reads back what was written, with zeros in gaps`, () =>
    inFolder(async (folder) => {
      const sink = await make(folder);
      sink.writeSync(5, text("world"));
      sink.writeSync(0, text("hel"));
      assert.equal(sink.byteLength, 10);
      const back = new Uint8Array(10);
      sink.readIntoSync(0, back);
      assert.deepEqual(back, text("hel\0\0world"));
      sink.truncateSync(7);
      sink.truncateSync(9);
      const tail = new Uint8Array(4);
      sink.readIntoSync(5, tail);
      assert.deepEqual(tail, text("wo\0\0"));
      assert.throws(() => sink.readIntoSync(6, back), TruncatedError);
      await sink.commit();
      assert.throws(() => sink.writeSync(0, text("x")), WriteError);
      await sink.abandon();
    }));
}

Deno.test("a memory sink holds megabytes written piece by piece, and refuses what no memory holds", () => {
  const sink = memorySink("out.h5");
  const piece = new Uint8Array(100_000).fill(7);
  for (let i = 0; i < 50; i++) sink.writeSync(i * piece.length, piece);
  assert.equal(sink.bytes().length, 5_000_000);
  assert.ok(sink.bytes().every((byte) => byte === 7));
  assert.throws(() => sink.truncateSync(2 ** 52), { name: "WriteError", message: /no memory for 4,503,599/ });
  assert.equal(sink.byteLength, 5_000_000);
});

Deno.test("a new file is in its place on commit and not before, and nothing is left beside it", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.bin");
    writeFileSync(path, "old");
    chmodSync(path, 0o640);
    const sink = await createFile(path);
    sink.writeSync(0, text("new content"));
    assert.equal(readFileSync(path, "utf8"), "old");
    await sink.commit();
    assert.equal(readFileSync(path, "utf8"), "new content");
    assert.equal(statSync(path).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder), ["a.bin"]);
  }));

Deno.test("an abandoned file leaves the old one, and nothing beside it", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.bin");
    writeFileSync(path, "old");
    const sink = await openSink(pathToFileURL(path).href);
    sink.writeSync(0, text("new"));
    await sink.abandon();
    await sink.abandon();
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(folder), ["a.bin"]);
    assert.throws(() => sink.writeSync(0, text("x")), { name: "WriteError", message: /was closed/ });
  }));

Deno.test("a process that ends before commit leaves nothing", () =>
  inFolder(async (folder) => {
    const script = join(folder, "run.ts");
    const sinkUrl = new URL("../../src/source/sink/file_sink_node.ts", import.meta.url).href;
    writeFileSync(
      script,
      `import { createFile } from ${JSON.stringify(sinkUrl)};
       const sink = await createFile(${JSON.stringify(join(folder, "a.bin"))});
       sink.writeSync(0, new Uint8Array(10));
       process.exit(3);`,
    );
    const { code } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", script] }).output();
    assert.equal(code, 3);
    assert.deepEqual(readdirSync(folder), ["run.ts"]);
  }));

Deno.test("a link keeps leading to the file that is replaced", () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "real.bin"), "old");
    symlinkSync("real.bin", join(folder, "link.bin"));
    const sink = await createFile(join(folder, "link.bin"));
    sink.writeSync(0, text("new"));
    await sink.commit();
    assert.equal(readFileSync(join(folder, "real.bin"), "utf8"), "new");
    assert.deepEqual(readdirSync(folder).sort(), ["link.bin", "real.bin"]);
  }));

Deno.test("what can't be written is refused before anything is lost", () =>
  inFolder(async (folder) => {
    await assert.rejects(createFile(join(folder, "no", "a.bin")), WriteError);
    mkdirSync(join(folder, "d"));
    await assert.rejects(createFile(join(folder, "d")), { name: "WriteError", message: /is a directory/ });
    writeFileSync(join(folder, "a.bin"), "old");
    await assert.rejects(createFile(join(folder, "a.bin"), { overwrite: false }), /is there already/);
    await assert.rejects(openSink("https://example.org/a.bin"), TypeError);
    await assert.rejects(openSink(3 as unknown as string), TypeError);
    await assert.rejects(openSink(""), WriteError);
    assert.deepEqual(readdirSync(folder).sort(), ["a.bin", "d"]);
  }));

Deno.test("a file that comes to be meanwhile isn't overwritten where that was ruled out", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.bin");
    const sink = await createFile(path, { overwrite: false });
    sink.writeSync(0, text("mine"));
    writeFileSync(path, "theirs");
    await assert.rejects(sink.commit(), { name: "WriteError", message: /came to be meanwhile/ });
    assert.equal(readFileSync(path, "utf8"), "theirs");
    assert.deepEqual(readdirSync(folder), ["a.bin"]);
  }));

Deno.test("a disk that is full is said to be, and the old file stays", () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "a.bin"), "old");
    // A limit on the size of files is the nearest to a full disk that needs no rights.
    const script = join(folder, "run.ts");
    const sinkUrl = new URL("../../src/source/sink/file_sink_node.ts", import.meta.url).href;
    writeFileSync(
      script,
      `import { createFile } from ${JSON.stringify(sinkUrl)};
       const sink = await createFile(${JSON.stringify(join(folder, "a.bin"))});
       try {
         for (let i = 0; i < 64; i++) sink.writeSync(i * 65536, new Uint8Array(65536));
         console.log("no error");
       } catch (error) {
         console.log(error.name, error.code);
         await sink.abandon();
       }`,
    );
    // Ignored, the signal of a file that grows too large makes the write fail, as a full disk does.
    const command = `trap "" XFSZ; ulimit -f 2000; exec "$0" run -A --no-check "$1"`;
    // The limit holds for what Deno itself keeps too, so it gets an empty folder for that.
    const cache = mkdtempSync(join(tmpdir(), "microtome-cache-"));
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", command, Deno.execPath(), script],
      env: { DENO_DIR: cache },
    }).output();
    rmSync(cache, { recursive: true });
    assert.equal(new TextDecoder().decode(stdout).trim(), "WriteError write");
    assert.equal(readFileSync(join(folder, "a.bin"), "utf8"), "old");
    assert.deepEqual(readdirSync(folder).sort(), ["a.bin", "run.ts"]);
  }));

Deno.test("a file is changed where it is", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.bin");
    writeFileSync(path, "hello world");
    const sink = await changeFile(path);
    assert.equal(sink.byteLength, 11);
    sink.writeSync(0, text("J"));
    assert.equal(readFileSync(path, "utf8"), "Jello world");
    await sink.abandon();
    assert.equal(readFileSync(path, "utf8"), "Jello world");
    await assert.rejects(changeFile(join(folder, "none.bin")), NotFoundError);
    await assert.rejects(changeFile(folder), WriteError);
  }));
