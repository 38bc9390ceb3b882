import assert from "node:assert/strict";
import { CorruptFileError, TruncatedError } from "../../src/source/errors.ts";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { open as openHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type ByteRange, type H5File, open } from "../../mod.ts";
import { findPython } from "./python.ts";

const PYTHON = findPython();
const SCRIPT = fileURLToPath(new URL("./live_writer.py", import.meta.url));
const NAMES = ["plain", "gzip", "tree"];

/** A process of h5py that has a file open in SWMR mode. */
class Writer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  #gone = false;

  constructor(path: string) {
    this.#process = spawn(PYTHON!, [SCRIPT, path], { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = new Promise((resolve) => this.#process.once("close", resolve)).then(() => this.#gone = true);
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  async answer(): Promise<string> {
    const { value, done } = await this.#lines.next();
    assert.ok(!done, "the writer has ended");
    return value;
  }

  async tell(what: string): Promise<string> {
    this.#process.stdin!.write(`${what}\n`);
    return await this.answer();
  }

  async kill(): Promise<void> {
    // Not `ChildProcess.kill`: in Deno it first closes stdin, at which the writer would end in an orderly way.
    if (!this.#gone) process.kill(this.#process.pid!, "SIGKILL");
    await this.#ended;
  }
}

/** What h5py reads with `swmr=True`. */
function peer(path: string): Record<string, { shape: number[]; data: number[] }> {
  return JSON.parse(execFileSync(PYTHON!, [SCRIPT, path, "read"], { encoding: "utf8", maxBuffer: 2 ** 28 }));
}

async function readAll(file: H5File): Promise<Record<string, { shape: number[]; data: number[] }>> {
  const all: Record<string, { shape: number[]; data: number[] }> = {};
  for (const name of await file.keys()) {
    const { shape, data } = await (await file.dataset(name)).read();
    all[name] = { shape: [...shape], data: [...data as Int32Array] };
  }
  return all;
}

/** The file as one that is read over a network: nothing of it is at hand, and its size is as of now. */
async function farSource(path: string) {
  const handle = await openHandle(path);
  return {
    get byteLength() {
      return statSync(path).size;
    },
    async read({ offset, length }: ByteRange) {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

function withWriter(name: string, run: (writer: Writer, path: string) => Promise<void>): void {
  Deno.test({
    name: `${name}${PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : ""}`,
    ignore: PYTHON === null,
    fn: async () => {
      const folder = mkdtempSync(`${tmpdir()}/live-`);
      const writer = new Writer(`${folder}/live.h5`);
      try {
        assert.equal(await writer.answer(), "10");
        await run(writer, `${folder}/live.h5`);
      } finally {
        await writer.kill();
        rmSync(folder, { recursive: true });
      }
    },
  });
}

withWriter(
  "a file that h5py is writing is followed: opened, read, refreshed and read on, as h5py reads it",
  async (writer, path) => {
    await using file = await open(path, { follow: true });
    assert.equal(file.isBeingWritten, true);
    assert.deepEqual(await readAll(file), peer(path));
    const plain = await file.dataset("plain");
    for (const [count, rows] of [[1, 11], [5, 16], [100, 116], [2000, 2116]] as const) {
      assert.equal(await writer.tell(`grow ${count}`), String(rows));
      await plain.refresh();
      assert.deepEqual(plain.shape, [rows, 2]);
      const found = await readAll(file);
      assert.equal(found.tree!.data.at(-1), rows - 1);
      assert.deepEqual(found, peer(path));
    }
    assert.equal(await writer.tell("end"), "closed");
    await file.refresh();
    assert.equal(file.isBeingWritten, false);
    assert.deepEqual(await readAll(file), peer(path));
  },
);

withWriter(
  "a file that h5py is writing opens without options, and tells that it is being written",
  async (writer, path) => {
    for (const count of [0, 50, 500]) {
      await writer.tell(`grow ${count}`);
      await using file = await open(path);
      assert.equal(file.isBeingWritten, true);
      assert.deepEqual(await readAll(file), peer(path));
    }
  },
);

withWriter("what a killed writer has left reads as h5py reads it", async (writer, path) => {
  await writer.tell("spin 60");
  await writer.kill();
  await using file = await open(path);
  assert.equal(file.isBeingWritten, true);
  assert.deepEqual(await readAll(file), peer(path));
});

for (const far of [false, true]) {
  withWriter(
    `reads beside a writer at full speed give a beginning of what it writes, never less than before (${
      far ? "far" : "local"
    })`,
    async (writer, path) => {
      await using file = await open(far ? await farSource(path) : path, {
        follow: true,
        blockSize: 4096,
        headBytes: 512,
        smallFileBytes: 0,
      });
      let spinning = true;
      const spun = writer.tell("spin 1500").finally(() => spinning = false);
      spun.catch(() => {}); // a failure below comes first
      const before: Record<string, number> = {};
      let rounds = 0;
      let torn = 0;
      do {
        await file.refresh().catch(tornOnly);
        for (const name of NAMES) {
          // About one read in eight finds something half-written, and one further try in eight does so again: a writer that never
          // rests can outrun all tries of a read, which is told, and nothing wrong is given.
          const read = await file.dataset(name).then((dataset) => dataset.read()).catch(tornOnly);
          if (read === undefined) {
            torn++;
            continue;
          }
          const { shape, data } = read;
          const rows = shape[0]!;
          assert.ok(rows >= (before[name] ?? 10), `${name}: ${rows} rows after ${before[name]}`);
          before[name] = rows;
          // A row may be told of by the header before its chunk was written: it then is the fill value.
          const wrong = (data as Int32Array).findIndex((value, i) =>
            value !== i >> 1 && !(value === 0 && i >> 1 >= 10)
          );
          assert.equal(wrong, -1, `${name}: ${data[wrong]} at ${wrong}`);
        }
        rounds++;
        await new Promise((resolve) => setTimeout(resolve, 1));
      } while (spinning);
      const rows = Number(await spun);
      await file.refresh();
      for (const name of NAMES) assert.deepEqual((await file.dataset(name)).shape, [rows, 2]);
      assert.deepEqual(await readAll(file), peer(path));
      assert.ok(rounds > 1 && torn <= rounds * NAMES.length / 5, `${torn} reads failed in ${rounds} rounds`);
    },
  );
}

/** What a read beside a writer may end with: what was told is torn. */
function tornOnly(error: unknown): undefined {
  if (error instanceof CorruptFileError || error instanceof TruncatedError) return undefined;
  throw error;
}
