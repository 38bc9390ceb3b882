import assert from "node:assert/strict";
import { overHttp, savingAndLoading } from "../../examples/torch_brain_lazy_loading.ts";

/** What the seed prints, line by line, without its indents; of arrays of random numbers an N for each. */
const SEED = `\
array([1.2, 2.3, 3.1])
100
Data(
behavior=RegularTimeSeries(
eye_pos=[200, 2],
hand_vel=[200, 2],
pupil_size=[200]
),
spikes=IrregularTimeSeries(
timestamps=[2],
unit_id=[2]
),
)
Data(
behavior=LazyRegularTimeSeries(
eye_pos=<HDF5 dataset "eye_pos": shape (400, 2), type "<f8">,
hand_vel=<HDF5 dataset "hand_vel": shape (400, 2), type "<f8">,
pupil_size=<HDF5 dataset "pupil_size": shape (400,), type "<f8">
),
spikes=LazyIrregularTimeSeries(
timestamps=<HDF5 dataset "timestamps": shape (3,), type "<f8">,
unit_id=<HDF5 dataset "unit_id": shape (3,), type "<i8">
),
)
array([[N, N],
[N, N],
...,
[N, N],
[N, N]])
Data(
behavior=LazyRegularTimeSeries(
eye_pos=[400, 2],
hand_vel=<HDF5 dataset "hand_vel": shape (400, 2), type "<f8">,
pupil_size=<HDF5 dataset "pupil_size": shape (400,), type "<f8">
),
spikes=LazyIrregularTimeSeries(
timestamps=<HDF5 dataset "timestamps": shape (3,), type "<f8">,
unit_id=<HDF5 dataset "unit_id": shape (3,), type "<i8">
),
)
array([[N, N],
[N, N],
...,
[N, N],
[N, N]])
array([N, N, N, ..., N, N, N])
Data(
behavior=RegularTimeSeries(
eye_pos=[400, 2],
hand_vel=[400, 2],
pupil_size=[400]
),
spikes=LazyIrregularTimeSeries(
timestamps=<HDF5 dataset "timestamps": shape (3,), type "<f8">,
unit_id=<HDF5 dataset "unit_id": shape (3,), type "<i8">
),
)
Data(
behavior=RegularTimeSeries(
eye_pos=[200, 2],
hand_vel=[200, 2],
pupil_size=[200]
),
spikes=LazyIrregularTimeSeries(
timestamps=<HDF5 dataset "timestamps": shape (3,), type "<f8">,
unit_id=<HDF5 dataset "unit_id": shape (3,), type "<i8">
),
)
array([0.3, 1.1])`;

Deno.test("the tutorial on saving and loading prints what torch_brain prints, line by line", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines: string[] = [];
    await savingAndLoading(folder, (line) => lines.push(line));
    assert.deepEqual(lines.join("\n").split("\n").map(withoutNumbers), SEED.split("\n"));
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["neural_data.h5"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("over HTTP the tutorial's slice costs nothing, and an array of it its own bytes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines: string[] = [];
    await overHttp(folder, (line) => lines.push(line));
    const [loading, slicing, units, velocity] = lines;
    assert.match(loading!, /^Loading: \d requests, \d+ KB of 10\.3 MB, \d round trips$/);
    assert.equal(slicing, "Slicing: 0 requests, 0 B of 10.3 MB, 0 round trips");
    // The timestamps that the index of seconds leads to, then the rows: no byte beside them.
    assert.match(units!, /^unit_id of 56 spikes: 2 requests, \d{3} B of 10\.3 MB, 2 round trips$/);
    assert.match(velocity!, /^hand_vel \[200, 2\]: 1 request, 3\.2 KB of 10\.3 MB, 1 round trip$/);
    assert.equal(lines.length, 4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function withoutNumbers(line: string): string {
  const text = line.trim();
  if (!/^(array\(\[)?\[|, \.\.\.,/.test(text)) return text;
  return text.replace(/-?\d+(\.\d+)?(e-\d+)?/g, "N").replace(/(?<=[[,]) +N/g, "N").replaceAll(",N", ", N");
}
