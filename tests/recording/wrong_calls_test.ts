// Calls that can't be meant: each is refused in words, none is taken for another.
import assert from "node:assert/strict";
import { openRecording } from "../../src/recording/mod.ts";
import { exampleFormat } from "./make/example_format.ts";

async function example() {
  return await openRecording(new File([new Uint8Array(3)], "my_file.fake"), { formats: [exampleFormat().format] });
}

Deno.test("the raw layer takes a stretch's ends as loads do, and refuses what is no time", async () => {
  await using recording = await example();
  const place = { blockIndex: 1, segmentIndex: 1 };
  const counts = await Promise.all([
    recording.eventCount(1, { ...place, tStart: 21 }),
    recording.eventCount(1, { ...place, tStart: "21 s" }),
    recording.eventCount(1, { ...place, tStart: "21000 ms", tStop: "1 min" }),
    recording.spikeCount(0, { ...place, tStart: "20250 ms", tStop: "20.5 s" }),
  ]);
  assert.deepEqual(counts, [9, 9, 9, 6]);
  for (const wrong of [NaN, "later", "21", null, {}]) {
    for (const name of ["tStart", "tStop"]) {
      const options = { ...place, [name]: wrong };
      await assert.rejects(recording.getEvents(1, options), { name: "TypeError", message: /as a time/ });
      await assert.rejects(recording.getSpikes(0, options), { name: "TypeError", message: /as a time/ });
    }
  }
  await assert.rejects(recording.getEvents(1, { ...place, tStart: 5n as never }), /Cannot take 5 as a time/);
  await assert.rejects(recording.getEvents(1, { ...place, tStart: NaN }), /Cannot take NaN as a time/);
});
