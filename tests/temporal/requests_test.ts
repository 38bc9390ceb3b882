import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";

/** 2,000 s: spikes at 500 Hz, a signal at 100 Hz in chunks and in one piece, 50,000 trials of 40 ms. */
interface Session {
  spikes: IrregularTimeSeries & { unit_index: BigInt64Array; amplitude: Float32Array };
  lfp: RegularTimeSeries & { flat: Float32Array; raw: Float32Array };
  trials: Interval & { go: Float64Array };
}

const COUNT = 1_000_000;
const PAGE = 65_536;

function makeSession(): Promise<Uint8Array<ArrayBuffer>> {
  const each = (count: number, value: (i: number) => number) =>
    Float64Array.from({ length: count }, (_, i) => value(i));
  const signal = (sign: number) =>
    ndarray(Float32Array.from({ length: 1_600_000 }, (_, i) => sign * (i + 1)), [200_000, 8]);
  const session = new Data({
    spikes: new IrregularTimeSeries({
      timestamps: each(COUNT, (i) => i / 500),
      unit_index: BigInt64Array.from({ length: COUNT }, (_, i) => BigInt(i)),
      amplitude: Float32Array.from({ length: COUNT }, (_, i) => i + 0.5),
    }),
    lfp: new RegularTimeSeries({ raw: signal(1), flat: signal(-1) }, { samplingRate: 100 }),
    trials: new Interval(each(50_000, (i) => i * 0.04), each(50_000, (i) => i * 0.04 + 0.03), {
      go: each(50_000, (i) => i * 0.04 + 0.01),
    }, { timekeys: ["go"] }),
  }, { domain: new Interval(0, 2000) });
  return session.toBytes({ storage: (path) => path === "/lfp/raw" ? { chunkShape: [1000, 8] } : undefined });
}

/** Where in a file the data starts that begins with some values; it is aligned. */
function placeOf(file: Uint8Array, values: Float64Array | BigInt64Array | Float32Array): number {
  const words = new Uint32Array(file.buffer, file.byteOffset, file.length >> 2);
  const wanted = new Uint32Array(values.buffer);
  const last = wanted.length - 1;
  for (let at = 0; at + last < words.length; at++) {
    if (words[at + last] === wanted[last] && wanted.every((word, i) => words[at + i] === word)) return at * 4;
  }
  throw new Error("The file has no such data");
}

const run = (length: number, value: (i: number) => number) => Float64Array.from({ length }, (_, i) => value(i));

interface Remote {
  readonly server: RangeServer;
  readonly session: Awaited<ReturnType<typeof Data.load<Session>>>;
  readonly file: Uint8Array;
  /** Ranges asked for since the last call, as `[first byte, number of bytes]`, in order of place. */
  asked(): [number, number][];
}

async function withRemote(use: (remote: Remote) => Promise<void>): Promise<void> {
  const file = await FILE;
  const server = await startRangeServer({ "/session.h5": file });
  try {
    await using session = await Data.load<Session>(`${server.url}/session.h5`);
    const asked = () => {
      const ranges = server.log.map(({ offset, length }): [number, number] => [offset!, length!]);
      server.clear();
      return ranges.sort((a, b) => a[0] - b[0]);
    };
    server.clear();
    await use({ server, session, file, asked });
  } finally {
    await server.close();
  }
}

let made: Promise<Uint8Array<ArrayBuffer>> | null = null;
const FILE: PromiseLike<Uint8Array<ArrayBuffer>> = { then: (...args) => (made ??= makeSession()).then(...args) };

/** Whole pages from the one that holds a byte to the one that holds the last. */
function pages(first: number, length: number): [number, number] {
  const start = Math.floor(first / PAGE) * PAGE;
  return [start, Math.ceil((first + length) / PAGE) * PAGE - start];
}

const total = (ranges: readonly [number, number][]) => ranges.reduce((sum, [, length]) => sum + length, 0);

Deno.test("a slice asks for nothing; its first array for its timestamps by the index, and its rows", async () => {
  await withRemote(async ({ session, file, asked }) => {
    const part = session.slice(700.25, 701.25);
    assert.deepEqual(asked(), []);
    const units = await part.spikes.unit_index;
    assert.deepEqual([units.length, units[0], units.at(-1)], [500, 350_125n, 350_624n]);
    const times = placeOf(file, run(8, (i) => i / 500));
    const rows = placeOf(file, BigInt64Array.from({ length: 8 }, (_, i) => BigInt(i)));
    const counts = placeOf(file, BigInt64Array.from({ length: 8 }, (_, i) => BigInt(i * 500)));
    const [index, indexLength] = pages(counts, 2001 * 8);
    const asking = asked().filter(([at]) => at < index || at >= index + indexLength);
    // The index says seconds 700 to 702, and one timestamp on either side proves it right.
    const expected = [[times + 349_999 * 8, 1002 * 8], [rows + 350_125 * 8, 500 * 8]];
    assert.deepEqual(asking, expected.sort((a, b) => a[0]! - b[0]!));

    const amplitudes = placeOf(file, Float32Array.from({ length: 8 }, (_, i) => i + 0.5));
    await part.spikes.amplitude;
    assert.deepEqual(asked(), [[amplitudes + 350_125 * 4, 500 * 4]]);
    await Promise.all([part.spikes.amplitude, part.spikes.unit_index, part.spikes.timestamps]);
    assert.deepEqual(asked(), []);
    // What is larger than a page is asked for to the byte.
    await session.slice(1500, 1540).spikes.amplitude;
    assert.deepEqual(asked().at(-1), [amplitudes + 750_000 * 4, 20_000 * 4]);
  });
});

Deno.test("an array of everything needs no timestamps, nor does one of masked rows", async () => {
  await withRemote(async ({ session, file, asked }) => {
    const amplitudes = placeOf(file, Float32Array.from({ length: 8 }, (_, i) => i + 0.5));
    const masked = session.spikes.selectByMask(Array.from({ length: COUNT }, (_, i) => i % 250_000 === 7));
    assert.deepEqual(asked(), []);
    assert.deepEqual(await masked.get("amplitude"), Float32Array.of(7.5, 250_007.5, 500_007.5, 750_007.5));
    assert.deepEqual(asked(), [0, 1, 2, 3].map((k) => [amplitudes + (k * 250_000 + 7) * 4, 4]));
    await session.spikes.amplitude;
    const all = asked();
    assert.ok(total(all) <= COUNT * 4 && all[0]![0] >= amplitudes, JSON.stringify(all));
  });
});

Deno.test("a slice of masked rows costs what the slice costs", async () => {
  await withRemote(async ({ session, asked }) => {
    const masked = session.spikes.selectByMask(Array.from({ length: COUNT }, (_, i) => i % 2 === 1));
    const part = masked.slice(1000, 1001);
    assert.deepEqual(asked(), []);
    const units = await part.get("unit_index") as BigInt64Array;
    assert.deepEqual([units.length, units[0], units.at(-1)], [250, 500_001n, 500_499n]);
    const asking = asked();
    assert.ok(asking.length <= 3 && total(asking) <= 4 * PAGE, JSON.stringify(asking));
  });
});

Deno.test("rows of a regular series are asked for without their times: the bytes of the rows, or their chunks", async () => {
  await withRemote(async ({ session, file, asked }) => {
    const part = session.slice(700.25, 701.25);
    const flat = placeOf(file, Float32Array.from({ length: 8 }, (_, i) => -(i + 1)));
    assert.equal(part.lfp.length, 100);
    await part.lfp.flat;
    assert.deepEqual(asked(), [[flat + 70_025 * 32, 100 * 32]]);
    // From its second window on an array is read by pages, of which each holds many windows.
    await session.slice(900, 901).lfp.flat;
    assert.deepEqual(asked().map(([at]) => at), [pages(flat + 90_000 * 32, 100 * 32)[0]]);
    await session.slice(901.5, 902.5).lfp.flat;
    assert.deepEqual(asked(), []);
    await part.lfp.raw;
    const chunk = placeOf(file, Float32Array.from({ length: 8 }, (_, i) => 70_000 * 8 + i + 1));
    const asking = asked();
    assert.ok(asking.some(([at, length]) => at === chunk && length === 32_000));
    // Beside the chunk, what says where it is.
    assert.ok(asking.length <= 3 && total(asking) <= 32_000 + 2 * PAGE, JSON.stringify(asking));
    await session.slice(700.5, 700.6).lfp.raw;
    assert.deepEqual(asked(), []);
  });
});

Deno.test("intervals: starts and ends are read once, other arrays by their rows", async () => {
  await withRemote(async ({ session, file, asked }) => {
    const go = placeOf(file, run(8, (i) => i * 0.04 + 0.01));
    const first = session.slice(100, 101);
    assert.equal((await first.trials.go).length, 25);
    const asking = asked();
    assert.ok(total(asking) <= 2 * 400_000 + 5 * PAGE);
    assert.equal((await session.slice(1000, 1001).trials.go).length, 25);
    const later = asked();
    // The page of the rows, and perhaps one ahead; starts and ends are at hand.
    assert.deepEqual(later.map(([at]) => at), [pages(go + 25_000 * 8, 25 * 8)[0]]);
    assert.ok(total(later) <= 2 * PAGE);
    await session.slice(300, 301).trials.start;
    assert.deepEqual(asked(), []);
  });
});

Deno.test("a hundred windows cost the index once, then two requests each at most", async () => {
  await withRemote(async ({ session, asked }) => {
    await session.slice(0, 1).spikes.timestamps;
    asked();
    let bytes = 0;
    for (let i = 0; i < 100; i++) {
      const from = (i * 613.7) % 1999;
      const part = session.slice(from, from + 1);
      await Promise.all([part.spikes.timestamps, part.spikes.unit_index]);
      const asking = asked();
      assert.ok(asking.length <= 2, `window ${i}: ${JSON.stringify(asking)}`);
      bytes += total(asking);
    }
    // The pages that hold them; as many may have been read ahead.
    assert.ok(bytes <= 100 * 4 * PAGE, `${bytes} bytes`);
  });
});

Deno.test("selecting by intervals asks for what lies in them, not for what lies between", async () => {
  await withRemote(async ({ session, asked }) => {
    const apart = new Interval([300, 1700, 1702.5], [301, 1701, 1703]);
    const chosen = session.spikes.selectByInterval(apart);
    assert.deepEqual(asked(), []);
    const units = await chosen.get("unit_index") as BigInt64Array;
    assert.deepEqual([units.length, units[0], units[500], units.at(-1)], [1250, 150_000n, 850_000n, 851_499n]);
    const asking = asked();
    assert.ok(asking.length <= 6 && total(asking) <= 6 * PAGE, JSON.stringify(asking));
    // The same where the intervals are read themselves.
    const late = session.spikes.selectByInterval(session.trials.selectByMask(
      Array.from({ length: 50_000 }, (_, i) => i === 10_000 || i === 40_000),
    ));
    assert.equal((await late.get("amplitude") as Float32Array).length, 30);
    const more = asked();
    assert.ok(total(more) <= 2 * 400_000 + 8 * PAGE, JSON.stringify(more));
  });
});

Deno.test("everything is read in few requests, and nothing twice", async () => {
  await withRemote(async ({ session, file, asked }) => {
    await session.materialize();
    const asking = asked();
    assert.ok(total(asking) <= file.length * 1.05, `${total(asking)} of ${file.length} bytes`);
    await session.materialize();
    assert.deepEqual(asked(), []);
  });
});
