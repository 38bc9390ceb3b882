// Intan's files that are damaged or odd, and what reading over a network asks for.
import assert from "node:assert/strict";
import { INTAN } from "../../src/recording/formats/intan/intan.ts";
import { CorruptFileError, MicrotomeError, TruncatedError, UnsupportedError } from "../../src/source/errors.ts";
import type { ByteSource } from "../../src/source/types.ts";
import {
  intanBlocks,
  intanHeader,
  joined,
  type MadeIntan,
  rhdGroups,
  rhsGroups,
  spikeFile,
  timeFile,
  words,
} from "./make/intan.ts";
import { startRangeServer } from "../support/range_server.ts";
import { numbers, openParts } from "./support.ts";

type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** A number generator that gives the same numbers each time. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) % below;
  };
}

/** Opens and reads all that there is. */
async function readAll(files: Files): Promise<void> {
  await using opened = await openParts(INTAN, new Map(Object.entries(files)));
  const { blocks, eventChannels, spikeChannels, index } = opened.parts;
  for (const segment of blocks[0]!.segments.slice(0, 20)) {
    for (const signal of segment.signals) {
      await signal?.array.read();
      await signal?.timestamps?.read();
    }
    for (const channel of eventChannels!.keys()) await segment.events(channel, {});
    for (const channel of spikeChannels!.keys()) await (await segment.spikes!(channel, {})).waveforms?.read();
  }
  await index!({});
}

const VALUE = (what: string, channel: number, sample: number) =>
  what === "time" ? sample : sample * 3 + channel & 0xffff;

function sound(): Record<string, Files> {
  const rhd: MadeIntan = { temperature: 1, boardMode: 13, groups: rhdGroups(2) };
  const rhs: MadeIntan = { system: "rhs", dc: true, groups: rhsGroups(2) };
  const spikes = [{ channel: "A-001", time: 40, id: 1, waveform: [1, 2] }, {
    channel: "A-000",
    time: 50,
    id: 2,
    waveform: [3, 4],
  }];
  return {
    "an RHD": { "a.rhd": joined(intanHeader(rhd), intanBlocks(rhd, 3, VALUE)) },
    "an RHS": { "a.rhs": joined(intanHeader(rhs), intanBlocks(rhs, 3, VALUE)) },
    "a file for each kind": {
      "info.rhd": intanHeader(rhd),
      "time.dat": timeFile(200),
      "amplifier.dat": words(200, 2, (c, i) => c + i),
      "digitalin.dat": words(200, 1, (_, i) => i >> 3),
      "spike.dat": spikeFile(["A-000", "A-001"], spikes, { before: 1, after: 1 }),
      "notes.txt": new TextEncoder().encode("10, 00:00:00, a note\r\n"),
    },
    "a file for each channel": {
      "info.rhs": intanHeader(rhs),
      "time.dat": timeFile(200),
      "amp-A-000.dat": words(200, 1, (c, i) => c + i),
      "amp-A-001.dat": words(200, 1, (c, i) => c + i),
      "stim-A-001.dat": words(200, 1, (_, i) => i * 17),
      "board-DIGITAL-IN-03.dat": words(200, 1, (_, i) => i >> 3 & 1),
      "spike-A-001.dat": spikeFile(["A-001"], spikes.slice(0, 1), { before: 1, after: 1, single: true }),
    },
  };
}

for (const [what, files] of Object.entries(sound())) {
  Deno.test(`${what} with bytes changed or cut off gives what is there, or an error of ours`, async () => {
    await readAll(files);
    const random = randomOf(13);
    const names = Object.keys(files);
    let failed = 0;
    for (let round = 0; round < 100; round++) {
      const name = names[random(names.length)]!;
      const bytes = files[name]!.slice();
      // Headers are the smaller part, and where it matters.
      const reach = random(2) === 0 ? bytes.length : Math.min(bytes.length, 1200);
      if (round % 4 !== 3) {
        for (let flips = 1 + random(3); flips > 0; flips--) bytes[random(reach)] = random(256);
      }
      const damaged = { ...files, [name]: round % 4 === 3 ? bytes.slice(0, random(bytes.length)) : bytes };
      const begun = performance.now();
      try {
        await readAll(damaged);
      } catch (error) {
        failed++;
        assert.ok(error instanceof MicrotomeError, `round ${round}, ${name}: ${String(error)}`);
      }
      assert.ok(performance.now() - begun < 5000, `round ${round} took too long`);
    }
    assert.ok(failed > 0, "none of the damage was seen");
  });
}

/** A header with some of its bytes written over. */
function header(
  at: number,
  bytes: readonly number[],
  made: MadeIntan = { groups: rhdGroups(1) },
): Uint8Array<ArrayBuffer> {
  const out = intanHeader(made);
  out.set(bytes, at);
  return out;
}

const f32 = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];

Deno.test("errors of a header name the field, where it stands, and what is wrong", async () => {
  const fails = async (bytes: Uint8Array, type: new (...args: never[]) => Error, message: RegExp) =>
    await assert.rejects(
      () => openParts(INTAN, bytes),
      (error) => error instanceof type && message.test(error.message) || assert.fail(String(error)),
    );
  await fails(header(0, [1]), CorruptFileError, /the magic number at byte 0/);
  await fails(header(4, [9]), UnsupportedError, /RHD version 9\.1, versions 1\.0 to 3\.x are read/);
  await fails(header(4, [0xff, 0xff]), CorruptFileError, /the version at byte 4 is -1/);
  for (const rate of [0, -1, NaN, Infinity, 1e30]) {
    await fails(header(8, f32(rate)), CorruptFileError, /the sampling rate at byte 8 is/);
  }
  // The first note's length stands at 48: odd, or two gigabytes of which there are none.
  await fails(header(48, [3, 0, 0, 0]), CorruptFileError, /the length of the first note at byte 48 is 3 bytes/);
  await fails(header(48, [0xfe, 0xff, 0xff, 0x7f]), TruncatedError, /the first note stands at byte 52, behind its end/);
  await fails(header(60, [0xff, 0xff]), CorruptFileError, /the number of temperature sensors at byte 60 is -1/);
  const type = { groups: [{ name: "A", prefix: "A", channels: [{ name: "A-000", type: 9 }] }] };
  await fails(intanHeader(type), CorruptFileError, /the type of channel 0 of A at byte \d+ is 9, which there isn't/);
  const line = { groups: [{ name: "D", prefix: "D", channels: [{ name: "DIN", type: 4, order: 16 }] }] };
  await fails(intanHeader(line), CorruptFileError, /the order of channel 0 of D at byte \d+ is 16/);
  const whole = intanHeader({ groups: rhdGroups(1) });
  for (const length of [8, 30, 64, 100, whole.length - 1]) {
    await fails(whole.slice(0, length), TruncatedError, /behind its end/);
  }
});

Deno.test("a header that claims more channels than the file has room for is an error, not memory", async () => {
  const made: MadeIntan = { groups: [{ name: "A", prefix: "A", channels: [] }] };
  const bytes = intanHeader(made);
  // The count of channels stands before the count of amplifiers, at the end.
  bytes.set([0xff, 0x7f], bytes.length - 4);
  const claimed = new Uint8Array(4096);
  claimed.set(bytes);
  await assert.rejects(() => openParts(INTAN, claimed), (error) => error instanceof MicrotomeError);
});

Deno.test("a file of spikes that is of another kind, version or length is an error that says so", async () => {
  const { "a file for each kind": files } = sound();
  const spikes = files!["spike.dat"]!;
  const opening = (bytes: Uint8Array<ArrayBuffer>) =>
    openParts(INTAN, new Map(Object.entries({ ...files, "spike.dat": bytes })));
  const changed = (at: number, value: number) => {
    const bytes = spikes.slice();
    bytes[at] = value;
    return bytes;
  };
  await assert.rejects(() => opening(changed(0, 0)), { name: "CorruptFileError", message: /spike\.dat.*magic/ });
  await assert.rejects(() => opening(changed(4, 2)), { name: "UnsupportedError", message: /version 2/ });
  await assert.rejects(() => opening(spikes.slice(0, 20)), { name: "TruncatedError", message: /spike\.dat/ });
  await using cut = await opening(spikes.slice(0, spikes.length - 1));
  assert.match(cut.files.warnings.join(), /spike\.dat ends within a spike/);
});

/** A file of some size that is nowhere: a header, then blocks whose samples are numbered, with a gap or without. */
function sparse(
  made: MadeIntan,
  blockBytes: number,
  size: number,
  gapAt = Infinity,
): { source: ByteSource; reads: [number, number][] } {
  const head = intanHeader(made);
  const reads: [number, number][] = [];
  const source: ByteSource = {
    name: "sparse.rhd",
    byteLength: head.length + Math.floor(size / blockBytes) * blockBytes,
    read({ offset, length }) {
      reads.push([offset, length]);
      const out = new Uint8Array(length);
      for (let at = 0; at < length && offset + at < head.length; at++) out[at] = head[offset + at]!;
      const from = Math.max(0, Math.floor((offset - head.length) / blockBytes));
      for (let block = from; head.length + block * blockBytes < offset + length; block++) {
        for (let i = 0; i < 128 * 4; i++) {
          const at = head.length + block * blockBytes + i - offset;
          const sample = block * 128 + (i >> 2);
          if (at >= 0 && at < length) out[at] = (sample >= gapAt ? sample + 777 : sample) >>> 8 * (i & 3) & 0xff;
        }
      }
      return Promise.resolve(out);
    },
  };
  return { source, reads };
}

const LARGE: MadeIntan = {
  groups: [{
    name: "Port A",
    prefix: "A",
    channels: Array.from({ length: 64 }, (_, i) => ({ name: `A-${String(i).padStart(3, "0")}`, type: 0 })),
  }],
};
const LARGE_BLOCK = 128 * 4 + 64 * 128 * 2;

Deno.test("of a gigabyte, opening reads the header and the last sample's number; a second of 64 channels is one request", async () => {
  const { source, reads } = sparse(LARGE, LARGE_BLOCK, 2 ** 30);
  await using opened = await openParts(INTAN, source);
  const opening = reads.reduce((sum, [, length]) => sum + length, 0);
  assert.ok(reads.length <= 4, JSON.stringify(reads));
  assert.ok(opening < 256 * 1024, `${opening} bytes`);
  const [segment] = opened.parts.blocks[0]!.segments;
  assert.equal(opened.parts.blocks[0]!.segments.length, 1);
  reads.length = 0;
  const second = await segment!.signals[0]!.array.read([{ start: 4_000_000, stop: 4_020_000, step: 1 }]);
  assert.deepEqual(second.shape, [20_000, 64]);
  assert.equal(reads.length, 1, JSON.stringify(reads));
  assert.ok(reads[0]![1] < 1.1 * 20_000 * 132, `${reads[0]![1]} bytes`);
});

Deno.test("over HTTP a file costs its head and its last sample's number, then one request a slice", async () => {
  const bytes = joined(intanHeader(LARGE), intanBlocks(LARGE, 400, VALUE));
  const server = await startRangeServer({ "/a_240101_000000.rhd": bytes });
  try {
    await using opened = await openParts(INTAN, `${server.url}/a_240101_000000.rhd`);
    assert.ok(server.log.length <= 2, JSON.stringify(server.log.map(({ range }) => range)));
    server.clear();
    const [signal] = opened.parts.blocks[0]!.segments[0]!.signals;
    const part = await signal!.array.read([{ start: 30_000, stop: 40_000, step: 1 }, 7]);
    assert.deepEqual(numbers(part).slice(0, 2), [VALUE("amp", 7, 30_000), VALUE("amp", 7, 30_001)]);
    assert.equal(server.log.length, 1);
  } finally {
    await server.close();
  }
});

Deno.test("a gap in a gigabyte is found by halves", async () => {
  const gapAt = 5_000_123;
  const { source, reads } = sparse(LARGE, LARGE_BLOCK, 2 ** 30, gapAt);
  await using opened = await openParts(INTAN, source);
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ tStart }) => tStart), [0, (gapAt + 777) / 20000]);
  assert.ok(reads.length < 40, `${reads.length} requests`);
  const first = await segments[1]!.signals[0]!.timestamps!.read([{ start: 0, stop: 2, step: 1 }]);
  assert.deepEqual(numbers(first), [gapAt + 777, gapAt + 778]);
});

Deno.test("a folder on a server, which can't be listed, is opened by the names that the header prescribes", async () => {
  const { "a file for each kind": kinds } = sound();
  const server = await startRangeServer(
    Object.fromEntries(Object.entries(kinds!).map(([name, bytes]) => [`/session/${name}`, bytes])),
  );
  try {
    for (const place of ["/session/", "/session/info.rhd", "/session/amplifier.dat"]) {
      await using opened = await openParts(INTAN, `${server.url}${place}`);
      const [signal] = opened.parts.blocks[0]!.segments[0]!.signals;
      assert.deepEqual(numbers(await signal!.array.read([100])), [100, 101]);
      assert.equal(opened.parts.spikeChannels!.length, 2);
      assert.equal(opened.parts.eventChannels!.at(-1)!.name, "Notes");
    }
    await assert.rejects(() => openParts(INTAN, `${server.url}/nothing/`), {
      name: "NotFoundError",
      message: /info\.rhd/,
    });
  } finally {
    await server.close();
  }
});

Deno.test("lines of blocks are scanned by a few large requests, when an epoch is asked for", async () => {
  const made: MadeIntan = {
    groups: [...LARGE.groups, { name: "D", prefix: "D", channels: [{ name: "DIGITAL-IN-01", type: 4, order: 0 }] }],
  };
  const value = (what: string, channel: number, sample: number) =>
    what === "din" ? (sample >> 12) & 1 : VALUE(what, channel, sample);
  const bytes = joined(intanHeader(made), intanBlocks(made, 300, value));
  const server = await startRangeServer({ "/a.rhd": bytes });
  try {
    await using opened = await openParts(INTAN, `${server.url}/a.rhd`);
    server.clear();
    const { timestamps } = await opened.parts.blocks[0]!.segments[0]!.events(0, {});
    assert.deepEqual([...timestamps], [4096, 12288, 20480, 28672, 36864]);
    assert.ok(server.log.length <= 10, `${server.log.length} requests`);
    const { length } = server.log;
    await opened.parts.blocks[0]!.segments[0]!.events(0, {});
    assert.equal(server.log.length, length);
  } finally {
    await server.close();
  }
});
