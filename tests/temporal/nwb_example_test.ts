import assert from "node:assert/strict";
import { nwbToData } from "../../examples/nwb_to_data.ts";
import { Data } from "../../src/temporal/data.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import type { NDArray } from "../../src/array/types.ts";
import type { Interval } from "../../src/temporal/intervals/interval.ts";
import type { TsGroup } from "../../src/series/ts_group.ts";
import type { Tsd } from "../../src/series/tsd.ts";
import { makeNwb } from "../nwb/support.ts";

const SESSION = new URL("../data/session.nwb", import.meta.url);

Deno.test("an NWB file is a session: its spikes, positions and intervals, sliced, saved, with the values that NWB has", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const data = await nwbToData(nwb);
  assert.deepEqual(data.keys().sort(), [
    "epochs",
    "position_time_support",
    "rx",
    "ry",
    "rz",
    "session_id",
    "spikes",
    "units",
    "x",
    "y",
    "z",
  ]);
  assert.equal(data.describe("z.data").loaded, false);
  const z = await nwb.get<Tsd>("z");
  const times = z.times;
  const [start, end] = [times[100]!, times[200]!];
  const window = data.slice(start, end, { resetOrigin: false });
  const values = await window.get<Float64Array>("z.data");
  assert.deepEqual(values, (await z.read()).data.slice(100, 200));
  assert.deepEqual(await window.get<Float64Array>("z.timestamps"), times.slice(100, 200));
  const units = await nwb.get<TsGroup>("units");
  const spikes = await data.get<Float64Array>("spikes.timestamps") as Float64Array;
  const index = await data.get<BigInt64Array>("spikes.unit_index") as BigInt64Array;
  units.members().forEach(({ times }, row) => {
    assert.deepEqual(spikes.filter((_, i) => index[i] === BigInt(row)), times);
  });
  const location = await (await nwb.file.dataset("/units/location")).read();
  assert.deepEqual(await data.get<string[]>("units.location"), location.data);
  await using saved = await Data.load(await window.toBytes());
  assert.deepEqual(await saved.get<Float64Array>("z.data"), values);
  assert.deepEqual(
    await (saved.get("epochs") as Interval).array("start"),
    await (window.get("epochs") as Interval).array("start"),
  );
});

Deno.test("samples at a rate become a regular series from their starting time", async () => {
  await using nwb = await makeNwb(async (maker) => {
    const data = Array.from({ length: 50 }, (_, i) => [i, -i]);
    await maker.series("acquisition/lfp", data, { type: "ElectricalSeries", rate: 10, start: 2, dtype: "<i2" });
  });
  const data = await nwbToData(nwb);
  assert.deepEqual([data.start, data.end], [2, 7]);
  const part = await data.slice(3, 3.3).get<NDArray>("lfp.data");
  assert.deepEqual([part.shape, [...part.data as Int16Array]], [[3, 2], [10, -10, 11, -11, 12, -12]]);
});
