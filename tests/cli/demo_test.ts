import assert from "node:assert/strict";
import { demo } from "../../examples/demo.ts";
import { plotTraces } from "../../examples/demo_plot.ts";
import { makeRecording } from "../../examples/demo_signal.ts";

Deno.test("the demo prints the tree, a table and a plot, and ends with what it cost", async () => {
  const lines: string[] = [];
  await demo(3, (line) => lines.push(...line.split("\n")));
  const text = lines.join("\n");
  assert.match(text, /├── data {2}int16 \(90000, 32\) in chunks of \(2000, 32\)$/m);
  assert.match(text, /data\[30000:60000, /);
  assert.match(text, /[\u2801-\u28ff]{3}/);
  const last = /^(\d+) requests?, ([\d.]+) (K|M)B of ([\d.]+) MB, (\d+) round trips?$/.exec(lines.at(-1)!);
  assert(last !== null, lines.at(-1));
  const [, requests, bytes, unit, whole, roundTrips] = last;
  const paid = Number(bytes) * (unit === "K" ? 1e-3 : 1);
  assert(paid < Number(whole) * 0.7, lines.at(-1));
  assert(Number(requests) <= 10 && Number(roundTrips) <= 6, lines.at(-1));
});

Deno.test("the demo's recording is the same every time", () => {
  const options = { seconds: 0.2, rate: 30000, channels: 4, conversion: 1.95e-7 };
  const first = makeRecording(options);
  assert.deepEqual(makeRecording(options), first);
  assert.equal(first.data.length, 24000);
  assert(first.data.some((value) => value < -400), "it has spikes");
});

Deno.test("a plot has its size, and shows every extreme", () => {
  const values = new Float32Array(1000);
  values[503] = -5;
  const lines = plotTraces([{ label: "a", values }, { label: "bb", values: values.map((v) => -v) }], {
    columns: 20,
    lines: 2,
  });
  assert.equal(lines.length, 4);
  for (const line of lines) assert.equal(line.length, 2 + 1 + 20);
  assert(lines[0]!.startsWith(" a "));
  assert(lines[2]!.startsWith("bb "));
  // A flat line in the middle of the scale, and one full-height stroke where the extreme is.
  assert.match(lines[1]!, /[\u2801-\u28ff]/);
});
