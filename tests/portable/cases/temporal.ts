/**
 * torch_brain's sessions: loaded eagerly and lazily, from memory and from the server; sliced, saved and sampled.
 *
 * @module
 */
import { ArrayDict, Interval, IrregularTimeSeries, RegularTimeSeries } from "../../../src/temporal/mod.ts";
import { Data, isNDArray, type LazyArray, ndarray } from "../../../mod.ts";
import { binSpikes } from "../../../src/temporal/tools/bin_spikes.ts";
import { concat } from "../../../src/temporal/tools/concat.ts";
import { fromGappyTimeseries } from "../../../src/temporal/regular/gappy.ts";
import { canonical } from "../canonical.ts";
import type { Case } from "../types.ts";
import { bytesOf, check, errorOf, LIMITS, recordRequests, urlOf } from "./tools.ts";

const SESSION = "data/neural_session.h5";

/** All that a session holds, as plain values; arrays that aren't in memory are read. */
async function contents(value: unknown): Promise<unknown> {
  if (value instanceof Data) {
    const { domain, absoluteStart } = value;
    const members: unknown[] = [];
    for (const key of value.keys()) members.push(key, await contents(await value.get(key)));
    return ["Data", domain === null ? null : await contents(domain), absoluteStart, members];
  }
  if (!(value instanceof ArrayDict)) return isNDArray(value) ? arrayOf(value) : value;
  const columns: unknown[] = [];
  for (const key of value.keys()) {
    const column = await value.get(key);
    columns.push(key, isNDArray(column) ? arrayOf(column) : column);
  }
  const isSeries = value instanceof IrregularTimeSeries || value instanceof RegularTimeSeries;
  return [
    value.objectType,
    await value.count(),
    columns,
    value instanceof Interval || value instanceof IrregularTimeSeries ? value.timekeys() : null,
    isSeries ? await contents(value.domain) : null,
    value instanceof RegularTimeSeries ? [value.samplingRate, value.timestamps, value.indexMask()] : null,
  ];
}

function arrayOf({ data, shape }: { readonly data: unknown; readonly shape: readonly number[] }): unknown {
  return { data, shape };
}

/** Chains of steps, each of which leads from a session to another. */
const CHAINS: Readonly<Record<string, (session: Data) => Data>> = {
  "a window": (session) => session.slice(5, 8.5),
  "a window that keeps its origin": (session) => session.slice(5, 8.5, { resetOrigin: false }),
  "windows of windows": (session) => session.slice(1.25, 18).slice(0.1, 9.7).slice(-3, 4.05, { resetOrigin: false }),
  "beyond both ends": (session) => session.slice(-100, 1e6),
  "nothing": (session) => session.slice(12.5, 13.5),
  "intervals": (session) => session.selectByInterval(new Interval([1, 7.25, 16], [2.5, 11, 30])),
  "another origin, a window, intervals": (session) =>
    session.resetOrigin(0.5).slice(2, 15).selectByInterval(new Interval([0, 4], [1.75, 9])),
  "masks and windows": (session) => {
    const out = session.copy();
    const spikes = out.get("spikes") as IrregularTimeSeries<LazyArray>;
    const units = out.get("units") as ArrayDict<LazyArray>;
    out.set("spikes", spikes.selectByMask(everyThird(spikes.length!)));
    out.set("units", units.selectByMask(everyThird(units.length!)));
    return out.slice(2, 10).slice(1, 7);
  },
};

function everyThird(length: number): boolean[] {
  return Array.from({ length }, (_, i) => i % 3 === 1);
}

/** Requests with their round trips counted from the first of them. */
function counted(requests: number[][]): number[][] {
  return requests.map(([roundTrip, ...request]) => [roundTrip! - requests[0]![0]!, ...request]);
}

/** Cases of sessions. */
export const temporalCases: readonly Case[] = [
  {
    name: "a session of torch_brain, all of it, loaded at once and lazily",
    run: async (context) => {
      const bytes = await bytesOf(context, SESSION);
      const eager = await Data.load(bytes, { lazy: false });
      await using lazy = await Data.load(bytes);
      return [String(eager), await contents(eager), String(lazy), await contents(lazy), String(lazy)];
    },
  },
  {
    name: "windows, masks, intervals and origins of a session, eagerly and lazily",
    run: async (context) => {
      const bytes = await bytesOf(context, SESSION);
      const eager = await Data.load(bytes, { lazy: false });
      const out: unknown[] = [];
      for (const [name, chain] of Object.entries(CHAINS)) {
        await using lazy = await Data.load(bytes);
        const sliced = chain(lazy);
        const before = String(sliced);
        const expected = await contents(chain(eager));
        check(await canonical(await contents(sliced)) === await canonical(expected), `${name}: lazy isn't eager`);
        out.push(name, before, expected, String(sliced));
      }
      return out;
    },
  },
  {
    name: "a lazy session on a server, and what each step costs",
    run: async (context) => {
      const requests = recordRequests();
      // Members are looked at side by side: whose answer comes first varies, and so what is fetched in which request. Without
      // merging and reading ahead, what was fetched in the end doesn't.
      const options = { ...LIMITS, blockSize: 512, headBytes: 512, gap: 0, readAheadBytes: 0 };
      await using session = await Data.load(urlOf(context, SESSION), { ...options, onRequest: requests.onRequest });
      const loaded = requests.take().reduce((sum, [, , , received]) => sum + received!, 0);
      const { domain } = session;
      check(domain !== null, "The session has no domain");
      const window = session.slice(6, 7);
      const described = [window.describe("lfp.raw"), session.describe("spikes.timestamps"), String(window)];
      const sliced = requests.take();
      check(sliced.length === 0, `Slicing sent ${sliced.length} requests`);
      const units = await window.get("spikes.unit_index");
      const events = counted(requests.take());
      const raw = await (window.get("lfp") as RegularTimeSeries<LazyArray>).array("raw");
      const signal = counted(requests.take());
      const again = [await window.get("spikes.unit_index"), await window.get("lfp.raw")];
      check(requests.take().length === 0, "A second access sent requests");
      const image = await session.get("mean_image");
      return {
        loaded,
        domain: [...domain],
        described,
        units,
        events,
        raw: arrayOf(raw),
        signal,
        again: await Promise.all(again.map(contents)),
        image: await contents(image),
        rest: counted(requests.take()),
        all: await contents(await window.materialize()),
      };
    },
  },
  {
    name: "a session saved again, whole and a window of it, in chunks and compressed",
    run: async (context) => {
      const bytes = await bytesOf(context, SESSION);
      await using lazy = await Data.load(bytes);
      const out: unknown[] = [];
      for (const data of [lazy, lazy.slice(3, 9), await Data.load(bytes, { lazy: false })]) {
        const plain = await data.toBytes();
        const packed = await data.toBytes({
          storage: (_, { shape }) => shape[0]! > 100 ? { compression: "gzip" } : undefined,
        });
        out.push(plain, packed.length < plain.length, await contents(await Data.load(packed, { lazy: false })));
      }
      return out;
    },
  },
  {
    name: "a session made here: domains, gaps, a series that is made irregular, text, and its bytes",
    run: async () => {
      const rows = 12;
      const session = new Data({
        name: "λ",
        count: 3n,
        list: [1, 2.5],
        image: ndarray(Uint8Array.from({ length: 6 }, (_, i) => i), [2, 3]),
        events: new IrregularTimeSeries({
          timestamps: Float64Array.from({ length: rows }, (_, i) => (i * 7 % rows) / 4),
          late: Float64Array.from({ length: rows }, (_, i) => i),
          label: Array.from({ length: rows }, (_, i) => "abc".slice(0, i % 4)),
        }, { timekeys: ["late"] }),
        signal: new RegularTimeSeries({ raw: ndarray(new Float32Array(80).map((_, i) => i / 8), [40, 2]) }, {
          samplingRate: 4,
          domainStart: 0.3,
        }),
        trials: new Interval([0, 1, 2], [1, 2, 3], { hit: [true, false, true] }),
      }, { domain: "auto" });
      const signal = session.get("signal") as RegularTimeSeries;
      const picked = signal.selectByInterval(new Interval([0.5, 4], [2.1, 5]));
      session.set("picked", picked);
      const made = [String(session), await contents(session)];
      session.set("when", new Date(Date.UTC(2021, 0, 2, 3, 4, 5)));
      const bytes = await session.toBytes();
      return [bytes, made, await contents(await Data.load(bytes))];
    },
  },
  {
    name: "series with gaps, made irregular and joined, and spikes in bins",
    run: async (context) => {
      await using session = await Data.load(await bytesOf(context, SESSION));
      const timestamps = Float64Array.from({ length: 60 }, (_, i) => 1.5 + (i + Math.floor(i / 9)) / 20);
      const arrays = {
        raw: timestamps.map(Math.round),
        code: Int16Array.from(timestamps, (time) => time * 100),
        is_lit: Array.from(timestamps, (_, i) => i % 4 === 0),
      };
      const gappy = fromGappyTimeseries(arrays, {
        timestamps,
        samplingRate: 20,
        gapValue: { i: -9, f: -1.5, b: false },
      });
      const gaze = session.get("gaze") as RegularTimeSeries<LazyArray>;
      const spikes = session.get("spikes") as IrregularTimeSeries<LazyArray>;
      const later = gaze.slice(9, 15, { resetOrigin: false });
      const objects = [
        gappy,
        gappy.slice(2.2, 3.7),
        gaze.toIrregular(),
        gaze.slice(3, 13.1).selectByInterval(new Interval([1, 5], [3, 9])),
        await concat([later, gaze.slice(2, 7, { resetOrigin: false })]),
        await concat([spikes.slice(14, 16, { resetOrigin: false }), spikes.slice(1, 3, { resetOrigin: false })]),
      ];
      const out: unknown[] = [];
      for (const object of objects) out.push(await contents(object));
      const counts = await binSpikes(spikes, { units: 6, binSize: 0.1 });
      const late = await binSpikes(spikes.slice(14, 20), { units: 6, binSize: 0.07, maxSpikes: 2, right: false });
      return [out, arrayOf(counts), arrayOf(late)];
    },
  },
  {
    name: "what is wrong with sessions",
    run: async (context) => {
      const bytes = await bytesOf(context, SESSION);
      const session = await Data.load(bytes);
      const window = session.slice(2, 5);
      await session.close();
      const faults: (() => unknown)[] = [
        () => window.get("spikes.unit_index"),
        () => session.close({ strict: true }),
        async () => Data.load(await bytesOf(context, "data/signal.h5")),
        () => session.slice(3, 2),
        () => session.get("spikes.nothing"),
        () => new Data({ spikes: new IrregularTimeSeries({ timestamps: [1] }) }),
        () => new IrregularTimeSeries({ timestamps: [1, NaN] }),
        () => new Data({ table: new Interval([0], [1], { a: ["ü"] }) }, { domain: "auto" }).toBytes(),
      ];
      return await Promise.all(faults.map((fault) => errorOf(Promise.resolve().then(fault))));
    },
  },
];
