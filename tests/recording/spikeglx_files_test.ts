import assert from "node:assert/strict";
import { SPIKEGLX } from "../../src/recording/formats/spikeglx/spikeglx.ts";
import { CorruptFileError, MicrotomeError, NotFoundError } from "../../src/source/errors.ts";
import type { SourceInput } from "../../src/source/open_source.ts";
import type { ByteRange } from "../../src/source/types.ts";
import { slice } from "../../src/array/select/slice.ts";
import { startRangeServer } from "../support/range_server.ts";
import { packed } from "./make/mtscomp.ts";
import { board, bytes, metaText, type MetaValues, probe10, sample, samples } from "./make/spikeglx.ts";
import { numbers, openParts } from "./support.ts";

/** A pair of files of a stream. */
function pair(stem: string, meta: MetaValues, rows = 4): [string, Uint8Array<ArrayBuffer>][] {
  return [[`${stem}.meta`, bytes(metaText(meta))], [`${stem}.bin`, bytes(samples(rows, Number(meta.nSavedChans)))]];
}

const ap = (more: MetaValues = {}) => probe10({ channels: 4, more });
const lf = (more: MetaValues = {}) => probe10({ band: "lf", channels: 4, more: { firstSample: 250, ...more } });

Deno.test("SpikeGLX: probes, bands and boards of a run are streams, the fastest first, sync words behind", async () => {
  const files = new Map([
    ...pair("run_g0_t0.nidq", board([0, 0, 2, 1]), 8),
    ...pair("run_g0_imec0/run_g0_t0.imec0.lf", lf(), 5),
    ...pair("run_g0_imec0/run_g0_t0.imec0.ap", ap(), 60),
    ...pair("run_g0_imec1/run_g0_t0.imec1.ap", ap({ imSampRate: 30000.06 }), 61),
    ["run_g0_fyi.txt", bytes("outpath_top=/")] as const,
  ]);
  await using opened = await openParts(SPIKEGLX, files);
  assert.ok(SPIKEGLX.recognises(opened.probe));
  const { streams, blocks } = opened.parts;
  assert.deepEqual(streams.map(({ id }) => id), [
    "imec1.ap",
    "imec0.ap",
    "nidq",
    "imec0.lf",
    "imec1.ap-SYNC",
    "imec0.ap-SYNC",
    "imec0.lf-SYNC",
  ]);
  const [segment] = blocks[0]!.segments;
  assert.equal(blocks.length, 1);
  assert.deepEqual(segment!.signals.map((signal) => signal!.array.shape), [
    [61, 4],
    [60, 4],
    [8, 3],
    [5, 4],
    [61, 1],
    [60, 1],
    [5, 1],
  ]);
  assert.deepEqual(segment!.signals.map((signal) => signal!.tStart), [
    3000 / 30000.06,
    0.1,
    0.01,
    0.1,
    3000 / 30000.06,
    0.1,
    0.1,
  ]);
  assert.equal(segment!.tStart, 0.01);
  assert.equal(segment!.tStop, 3061 / 30000.06);
});

Deno.test("SpikeGLX: gates and triggers are segments, in their order; what a stream lacks there is null", async () => {
  const at = (gate: number, trigger: number | "cat") => `run_g${gate}_t${trigger}.imec0.ap`;
  const files = new Map([
    ...pair(at(1, 0), ap({ firstSample: 9000 }), 3),
    ...pair(at(0, 10), ap({ firstSample: 6000 }), 2),
    ...pair(at(0, 2), ap(), 1),
    ...pair(at(0, "cat"), ap(), 6),
    ...pair("run_g0_t2.nidq", board([0, 0, 1, 1]), 8),
  ]);
  await using opened = await openParts(SPIKEGLX, files);
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ annotations }) => [annotations!.gate, annotations!.trigger]), [
    [0, 2],
    [0, 10],
    [0, "cat"],
    [1, 0],
  ]);
  assert.deepEqual(segments.map(({ signals }) => signals.map((signal) => signal?.array.shape[0] ?? null)), [
    [1, 8, 1],
    [2, null, 2],
    [6, null, 6],
    [3, null, 3],
  ]);
  assert.deepEqual(segments.map(({ tStart }) => tStart), [0.01, 0.2, 0.1, 0.3]);
  const none = await segments[1]!.events(0, {});
  assert.equal(none.timestamps.length, 0);
});

Deno.test("SpikeGLX: runs of a folder are blocks", async () => {
  const files = new Map([...pair("day2_g0_t0.imec0.ap", ap(), 3), ...pair("day1_g0_t0.imec0.ap", ap(), 2)]);
  await using opened = await openParts(SPIKEGLX, files);
  assert.deepEqual(opened.parts.blocks.map(({ name, segments }) => [name, segments[0]!.signals[0]!.array.shape[0]]), [
    ["day1", 2],
    ["day2", 3],
  ]);
});

Deno.test("SpikeGLX: files of one stream that contradict each other are refused by name", async () => {
  const twice = new Map([...pair("left/run_g0_t0.imec.ap", ap()), ...pair("right/run_g0_t0.imec.ap", ap())]);
  await assert.rejects(openParts(SPIKEGLX, twice), (error) =>
    error instanceof CorruptFileError &&
    /left\/run_g0_t0\.imec\.ap\.meta and right\/.* stream imec\.ap, gate 0 and trigger 0.*one by one/.test(
      error.message,
    ));
  const rates = new Map([
    ...pair("run_g0_t0.imec0.ap", ap()),
    ...pair("run_g0_t1.imec0.ap", ap({ imSampRate: 25000 })),
  ]);
  await assert.rejects(openParts(SPIKEGLX, rates), /rates \(30000 and 25000 Hz\) differ; open them one by one/);
  const gains = new Map([
    ...pair("run_g0_t0.imec0.ap", ap()),
    ...pair("run_g0_t1.imec0.ap", ap({ imAiRangeMax: 0.5 })),
  ]);
  await assert.rejects(openParts(SPIKEGLX, gains), /channels differ; open them one by one/);
});

Deno.test("SpikeGLX: one stream opens by its header or its samples, renamed or with an identifier", async () => {
  const id = "8d9f1c52-3f0a-4b7e-9a51-0c2d6e7f8a90";
  const other = "11111111-3f0a-4b7e-9a51-0c2d6e7f8a90";
  const cases: [string, string, string][] = [
    ["run_g0_t0.imec0.ap.meta", "run_g0_t0.imec0.ap.bin", "imec0.ap"],
    ["renamed.meta", "renamed.bin", "imec0.ap"],
    // The header was renamed, the samples weren't.
    ["renamed.meta", "run_g0_t0.imec0.ap.bin", "imec0.ap"],
    [`_spikeglx_ephysData_g0_t0.imec3.ap.${id}.meta`, `_spikeglx_ephysData_g0_t0.imec3.ap.${other}.bin`, "imec3.ap"],
    ["cat_tcat.imec1.ap.meta", "cat_tcat.imec1.ap.bin", "imec1.ap"],
  ];
  for (const [header, data, stream] of cases) {
    const siblings: Record<string, SourceInput> = { [header]: bytes(metaText(ap())), [data]: bytes(samples(4, 5)) };
    for (const name of [header, data]) {
      if (header === "renamed.meta" && name === data && data !== "renamed.bin") continue;
      const file = { name, byteLength: (siblings[name] as Uint8Array).length };
      const source = {
        ...file,
        read: (range: ByteRange) => Promise.resolve(part(siblings[name] as Uint8Array, range)),
      };
      await using opened = await openParts(SPIKEGLX, source, { siblings });
      assert.ok(SPIKEGLX.recognises(opened.probe), name);
      assert.deepEqual(opened.parts.streams.map(({ id }) => id), [stream, `${stream}-SYNC`]);
      assert.deepEqual(
        numbers(await opened.parts.blocks[0]!.segments[0]!.signals[0]!.array.read([2])),
        [0, 1, 2, 3].map((c) => sample(2, c)),
      );
    }
  }
});

function part(all: Uint8Array, { offset, length }: ByteRange): Uint8Array {
  return all.slice(offset, offset + length);
}

Deno.test("SpikeGLX: a .cbin reads as the .bin that it was, by any of its three files or the folder", async () => {
  const data = samples(1000, 5);
  const { cbin, ch } = packed(data, { width: 5, chunk: 300 });
  const stem = "run_g0_t0.imec0.ap";
  const siblings: Record<string, Uint8Array> = {
    [`${stem}.meta`]: bytes(metaText(ap())),
    [`${stem}.cbin`]: cbin,
    [`${stem}.ch`]: ch,
  };
  for (const name of [...Object.keys(siblings), null]) {
    const all = siblings[name ?? ""]!;
    const source = name === null
      ? new Map(Object.entries(siblings))
      : { name, byteLength: all.length, read: (range: ByteRange) => Promise.resolve(part(all, range)) };
    await using opened = await openParts(SPIKEGLX, source, { siblings });
    assert.ok(SPIKEGLX.recognises(opened.probe));
    const { signals, tStop } = opened.parts.blocks[0]!.segments[0]!;
    assert.equal(tStop, 4000 / 30000);
    assert.deepEqual(signals[0]!.array.shape, [1000, 4]);
    const rows = [299, 300, 999];
    assert.deepEqual(
      numbers(await signals[0]!.array.read([rows])),
      rows.flatMap((row) => [0, 1, 2, 3].map((c) => sample(row, c))),
    );
    assert.deepEqual(numbers(await signals[1]!.array.read([slice(0, 2)])), [sample(0, 4), sample(1, 4)]);
  }
  const wrong = new Map<string, SourceInput>([...Object.entries(siblings), [
    `${stem}.meta`,
    bytes(metaText(probe10({ channels: 5 }))),
  ]]);
  await assert.rejects(openParts(SPIKEGLX, wrong), /\.ch: it says that there are 5 channels of int16, .* 6 of int16/);
});

Deno.test("SpikeGLX: what is missing is named", async () => {
  const [meta, bin] = pair("run_g0_t0.imec0.ap", ap());
  const notFound = (name: string) => (error: unknown) =>
    error instanceof NotFoundError && error.object === name && error.message.includes(name);
  const only = ([name, content]: [string, Uint8Array]) => ({
    name,
    byteLength: content.length,
    read: (range: ByteRange) => Promise.resolve(part(content, range)),
  });
  await assert.rejects(openParts(SPIKEGLX, only(meta!), { siblings: {} }), notFound("run_g0_t0.imec0.ap.bin"));
  await assert.rejects(openParts(SPIKEGLX, only(bin!), { siblings: {} }), notFound("run_g0_t0.imec0.ap.meta"));
  await assert.rejects(
    openParts(SPIKEGLX, only(["run_g0_t0.imec0.ap.cbin", bin![1]]), { siblings: Object.fromEntries([meta!]) }),
    notFound("run_g0_t0.imec0.ap.ch"),
  );
  await assert.rejects(openParts(SPIKEGLX, new Map([meta!])), NotFoundError);
  await assert.rejects(openParts(SPIKEGLX, new Map([["a.txt", bytes("x")]])), NotFoundError);
  // Others are read, and told of it.
  const files = new Map([
    meta!,
    bin!,
    ["run_g0_t0.imec0.lf.meta", bytes(metaText(lf()))] as const,
    ["run_g0_imec1/run_g0_t0.imec1.ap.bin", bin![1]] as const,
  ]);
  await using opened = await openParts(SPIKEGLX, files);
  assert.match(opened.files.warnings.join(), /imec1\/run_g0_t0\.imec1\.ap\.bin is left out: there is no \.meta/);
  assert.equal(opened.files.warnings.length, 2);
  assert.match(opened.files.warnings.join(), /run_g0_t0\.imec0\.lf\.meta is left out: there is no \.bin or \.cbin/);
});

/** Opens a gigabyte of which no byte is there before it is read: each sample has its column's number. */
async function openSparse(channels: number, options: { readonly maxRequestBytes?: number } = {}) {
  const width = channels + 1;
  const rows = Math.floor(2 ** 30 / 2 / width);
  const reads: ByteRange[] = [];
  const bin = {
    name: "run_g0_t0.imec0.ap.bin",
    byteLength: rows * 2 * width,
    read: (range: ByteRange) => {
      reads.push(range);
      const first = range.offset / 2;
      const made = new Int16Array(Math.ceil(range.length / 2)).map((_, i) => (first + i) % width);
      return Promise.resolve(bytes(made).subarray(0, range.length));
    },
  };
  const meta = probe10({ channels, more: { fileSizeBytes: rows * 2 * width } });
  const files = new Map<string, SourceInput>([
    ["run_g0_t0.imec0.ap.meta", bytes(metaText(meta))],
    ["run_g0_t0.imec0.ap.bin", bin],
  ]);
  return { opened: await openParts(SPIKEGLX, files, options), reads, width };
}

Deno.test("SpikeGLX: one second of 64 channels of a gigabyte is one request, opening reads no samples", async () => {
  const { opened, reads, width } = await openSparse(64);
  await using _ = opened;
  assert.equal(reads.length, 0);
  const { signals } = opened.parts.blocks[0]!.segments[0]!;
  const second = await signals[0]!.array.read([slice(500_000, 530_000)]);
  assert.deepEqual(reads, [{ offset: 500_000 * 2 * width, length: 30_000 * 2 * width - 2 }]);
  assert.deepEqual(second.shape, [30_000, 64]);
  assert.ok(numbers(second).every((value, i) => value === i % 64));
});

Deno.test("SpikeGLX: one second of a whole probe is one round trip of requests side by side, or one of any length", async () => {
  const { opened, reads, width } = await openSparse(384);
  await using _ = opened;
  const [signal] = opened.parts.blocks[0]!.segments[0]!.signals;
  const before = opened.files.cost.roundTrips;
  const second = await signal!.array.read([slice(500_000, 530_000), slice(100, 164)]);
  assert.equal(opened.files.cost.roundTrips - before, 1);
  // 23 MB in requests of at most 4 MiB.
  assert.equal(reads.length, 6);
  assert.ok(numbers(second).every((value, i) => value === 100 + i % 64));
  const other = await openSparse(384, { maxRequestBytes: 32 * 1024 * 1024 });
  await using __ = other.opened;
  await other.opened.parts.blocks[0]!.segments[0]!.signals[0]!.array.read([slice(500_000, 530_000), slice(100, 164)]);
  assert.deepEqual(other.reads, [{ offset: 500_000 * 2 * width + 200, length: 29_999 * 2 * width + 128 }]);
});

Deno.test("SpikeGLX: a file on a server takes its header from beside it, a folder there its names by rule", async () => {
  const files = Object.fromEntries([
    ...pair("/data/run_g3_imec0/run_g3_t0.imec0.ap", ap(), 40),
    ...pair("/data/run_g3_imec0/run_g3_t1.imec0.ap", ap({ firstSample: 4000 }), 40),
    ...pair("/data/run_g3_imec0/run_g3_t0.imec0.lf", lf(), 40),
    ...pair("/all/run_g0/run_g0_t0.nidq", board([0, 0, 1, 1]), 40),
    ...pair("/all/run_g0/run_g0_imec0/run_g0_t0.imec0.ap", ap(), 40),
    ...pair("/all/run_g0/run_g0_imec1/run_g0_t0.imec1.ap", ap(), 40),
  ]);
  const server = await startRangeServer(files);
  try {
    {
      await using one = await openParts(SPIKEGLX, `${server.url}/data/run_g3_imec0/run_g3_t1.imec0.ap.bin?token=1`);
      assert.ok(SPIKEGLX.recognises(one.probe));
      assert.equal(one.parts.blocks[0]!.segments[0]!.tStart, 4000 / 30000);
      assert.deepEqual(
        numbers(await one.parts.blocks[0]!.segments[0]!.signals[0]!.array.read([39])),
        [0, 1, 2, 3].map((c) => sample(39, c)),
      );
    }
    await using probe = await openParts(SPIKEGLX, `${server.url}/data/run_g3_imec0/`);
    assert.deepEqual(probe.parts.streams.map(({ id }) => id), [
      "imec0.ap",
      "imec0.lf",
      "imec0.ap-SYNC",
      "imec0.lf-SYNC",
    ]);
    assert.equal(probe.parts.blocks[0]!.segments.length, 2);
    await using run = await openParts(SPIKEGLX, `${server.url}/all/run_g0/`);
    assert.deepEqual(run.parts.streams.map(({ id }) => id).slice(0, 3), ["imec0.ap", "imec1.ap", "nidq"]);
    await assert.rejects(
      openParts(SPIKEGLX, `${server.url}/all/`),
      (error) => error instanceof NotFoundError && /can't be listed: open one of its files/.test(error.message),
    );
  } finally {
    await server.close();
  }
});

Deno.test("SpikeGLX: damage gives errors of this library, or what can be read", async () => {
  const map = "(4,4,1)(AP0;0:0)(AP1;1:1)(AP2;2:2)(AP3;3:3)(SY0;8:4)";
  const meta = bytes(
    metaText(ap({ snsChanMap: map, snsGeomMap: "(NP1000,1,0,70)(0:27:0:1)(0:59:0:1)(0:11:20:1)(0:43:20:1)" })),
  );
  const ni = bytes(metaText(board([0, 0, 1, 1])));
  const { cbin, ch } = packed(samples(100, 5), { width: 5, chunk: 30 });
  const whole: [string, Uint8Array][] = [
    ["run_g0_t0.imec0.ap.meta", meta],
    ["run_g0_t0.imec0.ap.cbin", cbin],
    ["run_g0_t0.imec0.ap.ch", ch],
    ["run_g0_t0.nidq.meta", ni],
    ["run_g0_t0.nidq.bin", bytes(samples(40, 2))],
  ];
  let seed = 20261130;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  let failures = 0;
  for (let round = 0; round < 150; round++) {
    const files = new Map(whole.map(([name, content]) => [name, content.slice()]));
    const [name, content] = whole[random(whole.length)]!;
    if (round % 3 === 0) files.set(name, content.slice(0, random(content.length)));
    else for (let i = 0; i < 1 + round % 4; i++) files.get(name)![random(content.length)]! ^= 1 << random(8);
    try {
      await using opened = await openParts(SPIKEGLX, files);
      for (const block of opened.parts.blocks) {
        for (const segment of block.segments) {
          for (const signal of segment.signals) await signal?.array.read();
          for (let i = 0; i < opened.parts.eventChannels!.length; i++) await segment.events(i, {});
        }
      }
    } catch (error) {
      failures++;
      assert.ok(error instanceof MicrotomeError, `round ${round}, ${name}: ${(error as Error).stack}`);
    }
  }
  assert.ok(failures > 30, `${failures} failures`);
});
