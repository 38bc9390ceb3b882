import assert from "node:assert/strict";
import type { FormatOptions, SegmentParts } from "../../src/recording/format.ts";
import { SPIKEGLX } from "../../src/recording/formats/spikeglx/spikeglx.ts";
import { CorruptFileError } from "../../src/source/errors.ts";
import type { SourceInput } from "../../src/source/open_source.ts";
import type { ByteRange } from "../../src/source/types.ts";
import { board, bytes, metaText, type MetaValues, samples } from "./make/spikeglx.ts";
import { openParts } from "./support.ts";

type Columns = Readonly<Record<number, (row: number) => number>>;

/** Opens a board's file, whose samples come by requests that are noted. */
async function openBoard(
  meta: MetaValues,
  columns: Columns,
  { rows = 1000, ...options }: FormatOptions & { rows?: number } = {},
) {
  const data = bytes(samples(rows, Number(meta.nSavedChans), columns));
  const reads: ByteRange[] = [];
  const bin = {
    name: "run_g0_t0.nidq.bin",
    byteLength: data.length,
    read: (range: ByteRange) => {
      reads.push(range);
      return Promise.resolve(data.slice(range.offset, range.offset + range.length));
    },
  };
  const files = new Map<string, SourceInput>([["run_g0_t0.nidq.meta", bytes(metaText(meta))], [
    "run_g0_t0.nidq.bin",
    bin,
  ]]);
  const opened = await openParts(SPIKEGLX, files, { options });
  return { opened, reads, segment: opened.parts.blocks[0]!.segments[0]! };
}

/** Samples and labels of a line's events. */
async function eventsOf(segment: SegmentParts, channel: number): Promise<[number, string][]> {
  const { timestamps, labels, durations } = await segment.events(channel, {});
  assert.equal(durations, null);
  return Array.from(timestamps, (time, i) => [time, labels[i]!]);
}

Deno.test("SpikeGLX: lines beyond the eighth, and of the second word, go on and off where they do", async () => {
  const meta = board([0, 0, 1, 2], { niXDBytes1: 4, niXDChans1: "0,9:10,15,16,31" });
  const { opened, segment } = await openBoard(meta, {
    // Line 9 pulses from 100 to 199; line 15, the sign, is on from 500 on; line 0 is on from the start.
    1: (row) => 1 | (row >= 100 && row < 200 ? 1 << 9 : 0) | (row >= 500 ? -0x8000 : 0),
    // Line 16 is bit 0 of the second word, line 31 its sign. Bit 3 is no line of ours.
    2: (row) => (row % 2 << 3) | (row === 700 ? 1 : 0) | (row < 300 ? -0x8000 : 0),
  });
  const { eventChannels } = opened.parts;
  assert.deepEqual(
    eventChannels,
    ["XD0", "XD9", "XD10", "XD15", "XD16", "XD31"].map((name) => ({
      name,
      id: `nidq#${name}`,
      type: "event",
    })),
  );
  // The file begins at sample 250 of the acquisition.
  assert.deepEqual(await eventsOf(segment, 0), []);
  assert.deepEqual(await eventsOf(segment, 1), [[350, "XD9 ON"], [450, "XD9 OFF"]]);
  assert.deepEqual(await eventsOf(segment, 2), []);
  assert.deepEqual(await eventsOf(segment, 3), [[750, "XD15 ON"]]);
  assert.deepEqual(await eventsOf(segment, 4), [[950, "XD16 ON"], [951, "XD16 OFF"]]);
  assert.deepEqual(await eventsOf(segment, 5), [[550, "XD31 OFF"]]);
  const { timestamps, ticksPerSecond } = await segment.events(1, {});
  assert.equal(timestamps[0]! / ticksPerSecond, 350 / 25000);
  assert.equal(segment.signals[0]!.tStart, 250 / 25000);
  await opened[Symbol.asyncDispose]();
});

Deno.test("SpikeGLX: lines of a second device stand behind the bytes of the first, a saved word keeps its place", async () => {
  const two = board([0, 0, 0, 1], { niXDBytes1: 1, niXDBytes2: 1, niXDChans1: "0:1", niXDChans2: "0,7" });
  const first = await openBoard(two, { 0: (row) => row < 10 ? 0 : row < 20 ? 1 << 8 : -0x8000 });
  assert.deepEqual(first.opened.parts.eventChannels!.map(({ name }) => name), ["XD0", "XD1", "XD8", "XD15"]);
  assert.deepEqual(await eventsOf(first.segment, 2), [[260, "XD8 ON"], [270, "XD8 OFF"]]);
  assert.deepEqual(await eventsOf(first.segment, 3), [[270, "XD15 ON"]]);
  await first.opened[Symbol.asyncDispose]();
  // Of two words only the second was saved.
  const saved = board([0, 0, 1, 1], {
    acqMnMaXaDw: "0,0,1,2",
    snsSaveChanSubset: "0,2",
    niXDBytes1: 4,
    niXDChans1: "0:31",
  });
  const second = await openBoard(saved, { 1: (row) => row < 10 ? 0 : 1 << 4 });
  assert.deepEqual(
    second.opened.parts.eventChannels!.map(({ name }) => name),
    Array.from({ length: 16 }, (_, bit) => `XD${16 + bit}`),
  );
  assert.deepEqual(await eventsOf(second.segment, 4), [[260, "XD20 ON"]]);
  await second.opened[Symbol.asyncDispose]();
  // Where no lines are listed, all of the bytes are.
  const { niXDChans1: _, ...unlisted } = board([0, 0, 0, 1]);
  const third = await openBoard(unlisted, {});
  assert.equal(third.opened.parts.eventChannels!.length, 8);
  await third.opened[Symbol.asyncDispose]();
});

Deno.test("SpikeGLX: digital words are scanned when events are first asked for, once for all lines", async () => {
  const told: number[] = [];
  const { opened, segment, reads } = await openBoard(board([0, 0, 8, 1]), { 8: (row) => row >> 9 & 1 }, {
    onProgress: (done) => told.push(done),
  });
  assert.deepEqual([reads.length, told.length], [0, 0], "opening scans nothing");
  const all = await Promise.all(Array.from({ length: 8 }, (_, line) => segment.events(line, {})));
  assert.deepEqual([...all[0]!.timestamps], [762]);
  assert.equal(reads.length, 1);
  assert.deepEqual(told, [1]);
  await opened[Symbol.asyncDispose]();
});

Deno.test("SpikeGLX: a scan that one gives up goes on for another", async () => {
  const { opened, segment } = await openBoard(board([0, 0, 1, 1]), { 1: (row) => row >> 9 & 1 });
  const abort = new AbortController();
  const reason = new Error("enough");
  const first = segment.events(0, { signal: abort.signal });
  const second = segment.events(0, {});
  abort.abort(reason);
  await assert.rejects(Promise.resolve(first), (error) => error === reason);
  assert.deepEqual([...(await second).timestamps], [762]);
  await opened[Symbol.asyncDispose]();
});

Deno.test("SpikeGLX: what a scan found goes through JSON, and isn't scanned again; a wrong index is refused", async () => {
  const meta = board([0, 0, 1, 1]);
  const columns = { 1: (row: number) => row >> 8 & 1 };
  const first = await openBoard(meta, columns);
  const index = JSON.parse(JSON.stringify(await first.opened.parts.index!({})));
  const expected = await eventsOf(first.segment, 0);
  assert.deepEqual(expected, [[506, "XD0 ON"], [762, "XD0 OFF"], [1018, "XD0 ON"]]);
  await first.opened[Symbol.asyncDispose]();
  const second = await openBoard(meta, columns, { index });
  assert.deepEqual(await eventsOf(second.segment, 0), expected);
  assert.equal(second.reads.length, 0);
  await second.opened[Symbol.asyncDispose]();
  const stem = "run_g0_t0.nidq";
  for (
    const wrong of [null, 5, {}, { words: { [stem]: 3 } }, {
      words: { [stem]: [{ initial: 0, rows: [9999], words: [1] }] },
    }]
  ) {
    await assert.rejects(openBoard(meta, columns, { index: wrong }), CorruptFileError);
  }
});
