import assert from "node:assert/strict";
import { OPENEPHYS_BINARY } from "../../src/recording/formats/openephys/binary/binary.ts";
import { OPENEPHYS } from "../../src/recording/formats/openephys/legacy/legacy.ts";
import type { ByteSource } from "../../src/source/types.ts";
import type { SourceInput } from "../../src/source/open_source.ts";
import { NotFoundError } from "../../src/source/errors.ts";
import { startRangeServer } from "../support/range_server.ts";
import { makeBinary, npy, range } from "./make/openephys_binary.ts";
import { legacySample, makeContinuous, makeEvents, records } from "./make/openephys_legacy.ts";
import { numbers, openParts } from "./support.ts";

const RATE = 30_000;
const CHANNELS = 64;
const ROWS = 2 ** 30 / (2 * CHANNELS);
const FOLDER = "experiment1/recording1/";
const STREAM = `${FOLDER}continuous/Acq-100.stream/`;

/** A file that is nowhere: bytes by where they lie. */
function sparse(name: string, byteLength: number, byteAt: (at: number) => number) {
  const reads: { offset: number; length: number }[] = [];
  const source: ByteSource = {
    name,
    byteLength,
    read({ offset, length }) {
      reads.push({ offset, length });
      return Promise.resolve(Uint8Array.from({ length }, (_, i) => byteAt(offset + i)));
    },
  };
  return { source, reads };
}

/** A recording of a gigabyte whose samples are numbered from 0, with a gap or without. */
function gigabyte(gapAt = Infinity) {
  const made = {
    folder: "Acq-100.stream",
    rate: RATE,
    channels: range(1, CHANNELS).map((i) => ({ name: `CH${i}` })),
    numbers: [0],
  };
  const files = new Map<string, SourceInput>(makeBinary({ version: "0.6.7", path: FOLDER, streams: [made] }));
  const dat = sparse("continuous.dat", ROWS * CHANNELS * 2, (at) => {
    const sample = Math.floor(at / 2) % 30011;
    return at % 2 === 0 ? sample & 0xff : sample >> 8;
  });
  const head = npy("<i8", [ROWS], new Uint8Array(0));
  const times = sparse("sample_numbers.npy", head.length + 8 * ROWS, (at) => {
    if (at < head.length) return head[at]!;
    const row = Math.floor((at - head.length) / 8);
    const number = row < gapAt ? row : row + 999;
    return Math.floor(number / 2 ** (8 * ((at - head.length) % 8))) % 256;
  });
  files.set(`${STREAM}continuous.dat`, dat.source).set(`${STREAM}sample_numbers.npy`, times.source);
  return { files, dat, times };
}

Deno.test("of a gigabyte of 64 channels opening reads no sample and two numbers; a second is one request", async () => {
  const { files, dat, times } = gigabyte();
  await using opened = await openParts(OPENEPHYS_BINARY, files);
  assert.equal(dat.reads.length, 0);
  assert.ok(times.reads.length <= 3, JSON.stringify(times.reads));
  assert.ok(times.reads.reduce((sum, { length }) => sum + length, 0) < 300_000);
  const { segments } = opened.parts.blocks[0]!;
  assert.equal(segments.length, 1);
  const start = 4_000_000;
  const second = await segments[0]!.signals[0]!.array.read([{ start, stop: start + RATE, step: 1 }]);
  assert.deepEqual(second.shape, [RATE, CHANNELS]);
  assert.equal(numbers(second)[CHANNELS + 3], ((start + 1) * CHANNELS + 3) % 30011);
  assert.equal(dat.reads.length, 1, JSON.stringify(dat.reads));
  assert.equal(dat.reads[0]!.length, RATE * CHANNELS * 2);
});

Deno.test("a gap in a gigabyte is found by halves", async () => {
  const gapAt = 5_000_123;
  const { files, times } = gigabyte(gapAt);
  await using opened = await openParts(OPENEPHYS_BINARY, files);
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ signals }) => signals[0]!.array.shape[0]), [gapAt, ROWS - gapAt]);
  assert.equal(segments[1]!.tStart, (gapAt + 999) / RATE);
  assert.ok(times.reads.length < 40, `${times.reads.length} requests`);
});

Deno.test("by URL an oebin, or a node's folder that can't be listed, costs headers, then one request a slice", async () => {
  const stream = {
    folder: "Acq-100.stream",
    rate: RATE,
    channels: range(1, CHANNELS).map((i) => ({ name: `CH${i}` })),
    numbers: range(0, 2 * RATE),
  };
  const made = makeBinary(
    { version: "0.6.7", path: `Record Node 101/experiment1/recording1/`, streams: [stream] },
    {
      version: "0.6.7",
      path: `Record Node 101/experiment1/recording2/`,
      streams: [{ ...stream, numbers: range(0, 9) }],
    },
    {
      version: "0.6.7",
      path: `Record Node 101/experiment3/recording1/`,
      streams: [{ ...stream, numbers: range(0, 7) }],
    },
  );
  const served = Object.fromEntries([...made].map(([path, bytes]) => [`/data/${path}`, bytes]));
  const server = await startRangeServer(served);
  const recording = `${server.url}/data/Record%20Node%20101/experiment1/recording1/`;
  try {
    for (
      const [address, rows, most] of [
        [`${recording}structure.oebin`, [[2 * RATE]], 10],
        [recording, [[2 * RATE]], 10],
        [`${server.url}/data/Record%20Node%20101/`, [[2 * RATE, 9], [7]], 60],
      ] as const
    ) {
      server.clear();
      await using opened = await openParts(OPENEPHYS_BINARY, address);
      assert.deepEqual(
        opened.parts.blocks.map(({ segments }) => segments.map((s) => s.signals[0]!.array.shape[0])),
        rows,
      );
      assert.equal(opened.parts.streams[0]!.name, "Record Node 101#Acq-100.stream");
      assert.ok(server.log.length <= most, `${server.log.length} requests`);
      assert.ok(server.log.filter(({ path }) => path.endsWith(".dat")).every(({ length = 0 }) => length <= 65536));
      server.clear();
      const { array } = opened.parts.blocks[0]!.segments[0]!.signals[0]!;
      await array.read([{ start: 1000, stop: 1000 + RATE, step: 1 }]);
      assert.equal(server.log.length, 1, JSON.stringify(server.log));
    }
    await assert.rejects(openParts(OPENEPHYS_BINARY, `${server.url}/data/`), NotFoundError);
  } finally {
    await server.close();
  }
});

Deno.test("by URL a legacy folder is read by its structure: its files' ends, then one request a channel", async () => {
  const structure = `<EXPERIMENT version="0.4" number="1"><RECORDING number="0"><PROCESSOR id="100">` +
    [1, 2].map((i) => `<CHANNEL name="CH${i}" filename="100_CH${i}.continuous" position="1024"/>`).join("") +
    "</PROCESSOR></RECORDING></EXPERIMENT>";
  const server = await startRangeServer({
    "/s/Continuous_Data.openephys": new TextEncoder().encode(structure),
    "/s/100_CH1.continuous": makeContinuous(1, records(0, 400)),
    "/s/100_CH2.continuous": makeContinuous(2, records(0, 400)),
    "/s/all_channels.events": makeEvents([{ time: 5 }]),
  });
  try {
    for (const name of ["", "Continuous_Data.openephys", "100_CH1.continuous"]) {
      server.clear();
      await using opened = await openParts(OPENEPHYS, `${server.url}/s/${name}`);
      const [segment] = opened.parts.blocks[0]!.segments;
      const { array } = segment!.signals[0]!;
      assert.deepEqual(array.shape, [409600, 2]);
      const bytes = server.log.reduce((sum, { length = 0 }) => sum + length, 0);
      assert.ok(bytes < 600_000, `${bytes} bytes`);
      server.clear();
      const part = await array.read([{ start: 200_000, stop: 230_000, step: 1 }]);
      assert.deepEqual(numbers(part).slice(0, 2), [legacySample(200_000, 1), legacySample(200_000, 2)]);
      assert.equal(server.log.length, 2, JSON.stringify(server.log));
      assert.deepEqual([...(await segment!.events(0, {})).timestamps], [5]);
    }
  } finally {
    await server.close();
  }
});
