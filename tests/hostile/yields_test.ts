/** What never waits is cut up: counted by what is called between two turns of the event loop, not by time. */
import assert from "node:assert/strict";
import { slice } from "../../src/array/select/slice.ts";
import { iterateChunks } from "../../src/batch/iterate/iterate_chunks.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { Hdf5Instance } from "../../src/wasm/instance.ts";

const CALLS = 64;

/** Counts calls into the module while something runs: those between two turns, and those behind `abort`. */
async function counted<T>(run: () => Promise<T>, abortAfter?: { turns: number; controller: AbortController }) {
  const { call } = Hdf5Instance.prototype;
  const count = { most: 0, since: 0, turns: 0, all: 0, afterAbort: 0 };
  let depth = 0;
  Hdf5Instance.prototype.call = function <R>(this: Hdf5Instance, inner: Parameters<typeof call<R>>[0]): R {
    if (depth === 0) {
      count.all++;
      count.most = Math.max(count.most, ++count.since);
      if (abortAfter?.controller.signal.aborted) count.afterAbort++;
    }
    depth++;
    try {
      return call.call(this, inner as never) as R;
    } finally {
      depth--;
    }
  };
  let going = true;
  const tick = () => {
    count.since = 0;
    if (++count.turns === abortAfter?.turns) abortAfter.controller.abort(new Error("enough"));
    if (going) setImmediate(tick);
  };
  setImmediate(tick);
  try {
    return { count, result: await run().catch((error: unknown) => error as Error) };
  } finally {
    going = false;
    Hdf5Instance.prototype.call = call;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A file with so many members in its root: links to one small dataset. */
async function manyMembers(count: number): Promise<Uint8Array> {
  const sink = memorySink();
  const file = await create(sink, { format: "latest" });
  const one = await file.createDataset("one", { data: Int16Array.of(1, 2, 3) });
  for (let i = 1; i < count; i++) await file.link(`m${i}`, { hard: one });
  await file.close();
  return sink.bytes();
}

Deno.test("listing 100,000 members lets others run after 64 calls, and ends within as many when it is aborted", async () => {
  const bytes = await manyMembers(100_000);
  await using file = await open(bytes);
  const controller = new AbortController();
  const { count, result } = await counted(
    () => file.members({ signal: controller.signal }),
    { turns: 20, controller },
  );
  assert.equal((result as Error).message, "enough");
  assert.ok(count.all > 10 * CALLS && count.all < 50 * CALLS, `${count.all} calls`);
  // The stretch that is under way when the turn comes has ended: nothing but the loop's own end follows.
  assert.ok(count.afterAbort <= CALLS, `${count.afterAbort} calls after the abort`);
  assert.ok(count.most <= CALLS + 1, `${count.most} calls between two turns`);
});

Deno.test("no more than 64 calls come between two turns in listing, reading attributes and looking for many names", async () => {
  await using file = await open(await manyMembers(1000));
  for (
    const run of [
      () => file.members(),
      () => Promise.all(Array.from({ length: 500 }, (_, i) => file.get(`/m${i + 1}`))),
      async () => {
        for (let i = 1; i < 500; i++) await file.has(`m${i}`);
      },
    ]
  ) {
    const { count } = await counted(run as () => Promise<unknown>);
    assert.ok(count.all >= 499, `${count.all}`);
    assert.ok(count.most <= CALLS + 1, `${count.most} calls between two turns`);
  }
});

Deno.test("a long local read, in whichever way, ends within a stretch of 8 MB when it is aborted", async () => {
  const sink = memorySink();
  const file = await create(sink);
  const [rows, columns] = [4096, 4096]; // 32 MiB
  const data = ndarray(new Int16Array(rows * columns), [rows, columns]);
  await file.createDataset("chunked", { data, chunkShape: [64, 4096] });
  await file.createDataset("texts", { data: new Array(600_000).fill("a") });
  await file.close();
  await using opened = await open(sink.bytes());
  const chunked = await opened.dataset("/chunked");
  const texts = await opened.dataset("/texts");

  for (
    const [what, stretch, all, read] of [
      ["chunked", 15, 64, (signal: AbortSignal) => chunked.read(null, { signal })],
      ["through H5Dread", 15, 5, (signal: AbortSignal) => chunked.read(null, { signal, engine: "library" })],
      ["texts", 15, 2, (signal: AbortSignal) => texts.read(null, { signal })],
    ] as const
  ) {
    const whole = await counted(() => read(new AbortController().signal));
    assert.ok(!(whole.result instanceof Error), `${what}: ${whole.result}`);
    assert.ok(whole.count.all >= all, `${what}: ${whole.count.all} calls`);
    assert.ok(whole.count.most <= stretch + 3, `${what}: ${whole.count.most} calls between two turns`);
    const controller = new AbortController();
    const { count, result } = await counted(() => read(controller.signal), { turns: 1, controller });
    assert.equal((result as Error).message, "enough", what);
    assert.ok(count.afterAbort <= stretch + 3, `${what}: ${count.afterAbort} calls after the abort`);
    assert.ok(count.all < whole.count.all, `${what}: ${count.all} calls of ${whole.count.all}`);
  }
});

/** How many turns others get while something runs. */
async function turnsOf(run: () => Promise<unknown>): Promise<number> {
  return (await counted(run)).count.turns;
}

Deno.test("flat reads, members of archives and chunk iterators in memory let others run every 8 MB", async () => {
  const megabytes = 64;
  const values = new Int16Array(megabytes * 500_000);
  await using raw = await openRaw(new Uint8Array(values.buffer), { dtype: ">i2" });
  assert.ok(await turnsOf(() => raw.read()) >= megabytes / 8, "a flat file");
  await using npz = await openNpz(await encodeNpz({ a: ndarray(values, [values.length]) }));
  const member = await npz.get("a");
  assert.ok(await turnsOf(() => member.read()) >= megabytes / 8, "a member");
  assert.ok(
    await turnsOf(async () => {
      for await (const _ of iterateChunks(raw, { bufferBytes: "1MB" }));
    }) >= megabytes / 8,
    "a chunk iterator",
  );
});

Deno.test("a small read takes no turn at all", async () => {
  await using raw = await openRaw(new Uint8Array(1000), { dtype: "<i2" });
  const immediate = globalThis.setImmediate;
  let turns = 0;
  await new Promise((resolve) => immediate(resolve));
  globalThis.setImmediate = ((then: () => void) => {
    turns++;
    return immediate(then);
  }) as typeof setImmediate;
  try {
    for (let i = 0; i < 50; i++) await raw.read([slice(i, i + 4)]);
  } finally {
    globalThis.setImmediate = immediate;
  }
  assert.ok(turns <= 1, `${turns} turns for 50 reads of 8 bytes`);
});
