import assert from "node:assert/strict";
import { NotFoundError, WrongKindError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { RecordingDataset } from "../../src/temporal/dataset/dataset.ts";
import { averageFiringRates, unitIdsOf } from "../../src/temporal/dataset/dataset_units.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { NestedRecordingDataset } from "../../src/temporal/dataset/nested_dataset.ts";

const bytesOf = (
  id: readonly string[] | BigInt64Array,
  unit_index: Int32Array,
  domain: readonly (readonly [number, number])[],
) => {
  const timestamps = Float64Array.from(unit_index, (_, i) => i);
  const spikes = new IrregularTimeSeries({ timestamps, unit_index }, { domain: Interval.fromList(domain) });
  return new Data({ spikes, units: new ArrayDict({ id }) }, { domain: "auto" }).toBytes();
};

Deno.test("units of all recordings are listed, and their rates go by the length of the domain without its gaps", async () => {
  await using dataset = await RecordingDataset.open({
    b: await bytesOf(["u2", "u1"], Int32Array.of(1, 1, 0), [[0, 2], [8, 10]]),
    a: await bytesOf(["u3", "u1", "silent"], Int32Array.of(0, 0, 1), [[0, 8]]),
    numbered: await bytesOf(BigInt64Array.of(12n), new Int32Array(0), []),
  });
  assert.deepEqual(await unitIdsOf(dataset), ["12", "silent", "u1", "u1", "u2", "u3"]);
  const { unitIds, firingRates } = await averageFiringRates(dataset);
  assert.deepEqual(unitIds, ["u3", "u1", "silent", "u2", "u1", "12"]);
  assert.deepEqual(firingRates, Float64Array.of(0.25, 0.125, 0, 0.25, 0.5, NaN));
});

Deno.test("units of nested datasets have ids of their own where they are declared", async () => {
  const options = { namespaceAttributes: ["units.id"] };
  const bytes = await bytesOf(["u"], Int32Array.of(0), [[0, 1]]);
  await using dataset = new NestedRecordingDataset({
    x: await RecordingDataset.open({ a: bytes }, options),
    y: await RecordingDataset.open({ a: bytes }, options),
  });
  assert.deepEqual(await unitIdsOf(dataset), ["x/u", "y/u"]);
});

Deno.test("recordings without units, without spikes, or with spikes of other units, are refused", async () => {
  const open = async (data: Data) => await RecordingDataset.open({ a: await data.toBytes() });
  await using none = await open(new Data());
  await assert.rejects(unitIdsOf(none), NotFoundError);
  await using mute = await open(new Data({ units: new ArrayDict({ id: ["u"] }) }));
  await assert.rejects(averageFiringRates(mute), WrongKindError);
  await using wrong = await RecordingDataset.open({ a: await bytesOf(["u"], Int32Array.of(1), [[0, 1]]) });
  await assert.rejects(averageFiringRates(wrong), { name: "RangeError", message: /unit_index has 1, but there are 1/ });
});
