import assert from "node:assert/strict";
import { makeSessions, randomWindows } from "../../examples/random_windows.ts";

Deno.test("the example of random windows goes once through what is for training, and reads no more than there is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await makeSessions(folder, 3);
    const size = [...Deno.readDirSync(folder)].reduce(
      (sum, { name }) => sum + Deno.statSync(`${folder}/${name}`).size,
      0,
    );
    const lines: string[] = [];
    await randomWindows(folder, (line) => lines.push(line));
    assert.equal(lines[0], "RecordingDataset(n_recordings=3): session_0, session_1, session_2");
    // Twice 24 s of three sessions, in windows of 2 s.
    assert.match(lines[1]!, /^72 windows; until here \d+ requests, \d+(\.\d+)? KB$/);
    assert.deepEqual(lines.slice(2, -1), [
      "batch 1 of 3 recordings: counts [32, 100, 20], signal [32, 500, 16]",
      "batch 2 of 3 recordings: counts [32, 100, 20], signal [32, 500, 16]",
      "batch 3 of 3 recordings: counts [8, 100, 20], signal [8, 500, 16]",
    ]);
    const [, spikes, megabytes] = /^(\d+) spikes; in all \d+ requests, (\d+\.\d+) MB$/.exec(lines.at(-1)!)!;
    // 400 spikes a second, on average.
    assert.ok(Math.abs(Number(spikes) - 3 * 48 * 400) < 3 * 48 * 400 / 20, spikes);
    assert.ok(Number(megabytes) * 1e6 < size, `${megabytes} MB of ${size} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
