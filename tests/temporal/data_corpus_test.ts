import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { LazyArray, NDArray } from "../../src/array/types.ts";
import { elements } from "../../src/array/ndarray.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { CORPUS } from "../corpus/find.ts";
import { startRangeServer } from "../support/range_server.ts";

const FOLDER = `${CORPUS}temporaldata`;
const FILES = CORPUS === null || !existsSync(FOLDER) ? [] : readdirSync(FOLDER).filter((name) => name.endsWith(".h5"));
const without = FILES.length === 0 ? " (skipped: no corpus)" : "";
const ignore = FILES.length === 0;

/** What temporaldata read in these files. */
interface Golden {
  readonly n_spikes: number;
  readonly first3: readonly number[];
  readonly unit_index_sum: number;
  readonly n_units: number;
  readonly n_trials: number;
  readonly shape: readonly number[];
  readonly fs: number;
  readonly first5_ch0: readonly number[];
  readonly sum: number;
}

function golden(name: string): Golden {
  const all = JSON.parse(readFileSync(`${CORPUS}EXPECTED/temporaldata_golden.json`, "utf8"));
  return all[name] as Golden;
}

/** Everything in memory, by path: what two recordings are compared by. */
async function contents(data: Data, at = ""): Promise<Record<string, unknown>> {
  const out: Record<string, unknown> = {
    [`${at}:`]: [data.domain === null ? null : [...data.domain], data.absoluteStart],
  };
  for (const [key, value] of data.entries()) {
    const path = `${at}/${key}`;
    if (value instanceof Data) Object.assign(out, await contents(value, path));
    else if (value instanceof ArrayDict) {
      out[path] = value.objectType;
      if (value instanceof IrregularTimeSeries || value instanceof RegularTimeSeries) {
        out[`${path}:`] = [...value.domain];
      }
      if (value instanceof RegularTimeSeries) out[`${path}@`] = value.samplingRate;
      for (const name of value.keys()) {
        const array = await value.array(name);
        out[`${path}/${name}`] = [array.shape, array.dtype.kind, [...elements(array)]];
      }
    } else out[path] = await data.get<unknown>(key);
  }
  return out;
}

for (const lazy of [true, false]) {
  const how = lazy ? "lazily" : "at once";
  Deno.test({
    name: `sessions of the corpus hold what temporaldata read in them, loaded ${how}${without}`,
    ignore,
    async fn() {
      const load = (part: string) => {
        const name = FILES.find((file) => file.includes(part))!;
        return { expected: golden(name), loading: Data.load(`${FOLDER}/${name}`, { lazy }) };
      };
      {
        const { expected, loading } = load("anm369963");
        await using data = await loading;
        const times = await data.get<Float64Array>("spikes.timestamps") as Float64Array;
        assert.deepEqual([times.length, [...times.slice(0, 3)]], [expected.n_spikes, expected.first3]);
        const units = await data.get<BigInt64Array>("spikes.unit_index") as BigInt64Array;
        assert.equal(Number(units.reduce((sum, unit) => sum + unit, 0n)), expected.unit_index_sum);
        assert.equal((data.get("units") as ArrayDict<LazyArray>).length, expected.n_units);
        assert.equal((data.get("trials") as ArrayDict<LazyArray>).length, expected.n_trials);
        assert.deepEqual(await data.get<string[]>("trials.response"), []);
        assert.equal(data.get("subject.species"), "UNKNOWN");
      }
      {
        const { expected, loading } = load("micromed");
        await using data = await loading;
        const signal = await data.get<NDArray>("eeg.signal");
        const values = signal.data as Float32Array;
        assert.deepEqual(signal.shape, expected.shape);
        assert.equal((data.get("eeg") as RegularTimeSeries<LazyArray>).samplingRate, expected.fs);
        assert.deepEqual([0, 1, 2, 3, 4].map((row) => values[row * 64]), expected.first5_ch0);
        assert.equal(values.reduce((sum, value) => sum + value, 0), expected.sum);
        assert.equal((await data.get<string[]>("channels.id") as string[]).length, 64);
      }
      {
        const { loading } = load("doc_example");
        await using data = await loading;
        const { shape, data: values } = await data.get<NDArray>("sensor.accelerometer");
        assert.deepEqual([shape, values], [[400, 3], Float64Array.from({ length: 1200 }, (_, i) => i)]);
        assert.deepEqual([data.get("user_id"), data.get("device")], ["user123", "laptop"]);
      }
    },
  });
}

Deno.test({
  name: `sessions of the corpus, saved again, are the same: whole, in slices, lazy, at once, over HTTP${without}`,
  ignore,
  async fn() {
    const server = await startRangeServer(FOLDER);
    try {
      for (const name of FILES) {
        const path = `${FOLDER}/${name}`;
        const eager = await Data.load(path, { lazy: false });
        await using lazy = await Data.load(path);
        await using remote = await Data.load(`${server.url}/${name}`, { smallFileBytes: 0 });
        const whole = await contents(eager);
        assert.ok(Object.keys(whole).length > 8);
        for (const one of [lazy, remote]) {
          await using saved = await Data.load(await one.toBytes());
          assert.deepEqual(await contents(saved), whole, name);
        }
        const [start, end] = [eager.start!, eager.end!];
        const at = (share: number) => start + share * (end - start);
        const chains: ((data: Data) => Data)[] = [
          (data) => data.slice(start, end, { resetOrigin: false }),
          (data) => data.slice(at(0.3), at(0.6)),
          (data) => data.slice(at(0.3), at(0.6)).slice(0, (end - start) / 10),
          (data) => data.slice(at(0.5), at(0.5)),
        ];
        for (const [i, chain] of chains.entries()) {
          const expected = await contents(chain(eager));
          assert.deepEqual(await contents(chain(await Data.load(path))), expected, `${name}, chain ${i}`);
          await using saved = await Data.load(await chain(remote).toBytes(), { lazy: i % 2 === 0 });
          assert.deepEqual(await contents(saved), expected, `${name}, chain ${i}, saved`);
        }
      }
    } finally {
      await server.close();
    }
  },
});
