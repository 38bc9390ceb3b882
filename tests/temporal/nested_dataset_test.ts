import assert from "node:assert/strict";
import { ClosedError, NotFoundError } from "../../src/source/errors.ts";
import { RecordingDataset, type Recordings } from "../../src/temporal/dataset/dataset.ts";
import { NestedRecordingDataset } from "../../src/temporal/dataset/nested_dataset.ts";
import { TrialSampler } from "../../src/temporal/sample/samplers.ts";
import { makeSession } from "./sessions.ts";

const NAMES = { namespaceAttributes: ["session.id", "units.id"] };

const bytesOf = (number: number, seconds: number) => makeSession(number, seconds).toBytes();

Deno.test("recordings of nested datasets are called by both names, and sampled by them", async () => {
  await using dataset = new NestedRecordingDataset({
    rats: await RecordingDataset.open({ b: await bytesOf(3, 2), a: await bytesOf(2, 1) }),
    mice: await RecordingDataset.open({ a: await bytesOf(1, 3) }),
  });
  assert.deepEqual(dataset.recordingIds, ["mice/a", "rats/a", "rats/b"]);
  assert.equal(String(dataset), "NestedRecordingDataset(n_recordings=3)");
  const samplingIntervals = await dataset.getSamplingIntervals();
  const trials = [...new TrialSampler({ samplingIntervals })];
  assert.deepEqual(trials.map(({ recordingId, end }) => [recordingId, end]), [["rats/a", 1], ["rats/b", 2], [
    "mice/a",
    3,
  ]]);
  for (const [i, trial] of trials.entries()) {
    const sample = await dataset.get(trial);
    assert.equal((await sample.get<Float32Array>("lfp.raw"))[0], 1e6 * [2, 3, 1][i]!);
  }
  const told: string[] = [];
  await dataset.getSamplingIntervals({
    intervals: (recording, id) => {
      told.push(id);
      return recording.domain!;
    },
  });
  assert.deepEqual(told.sort(), [...dataset.recordingIds]);
});

Deno.test("declared attributes get the dataset's name, through all levels", async () => {
  const open = async (number: number) => await RecordingDataset.open({ a: await bytesOf(number, 1) }, NAMES);
  const plain = await RecordingDataset.open({ a: await bytesOf(5, 1) });
  const inner = new NestedRecordingDataset({ mice: await open(1), plain });
  await using dataset = new NestedRecordingDataset(
    new Map<string, Recordings>([["lab", inner], ["other", await open(2)]]),
  );
  assert.deepEqual(dataset.recordingIds, ["lab/mice/a", "lab/plain/a", "other/a"]);
  const mouse = await dataset.getRecording("lab/mice/a");
  assert.equal(mouse.get("session.id"), "lab/mice/session_1");
  assert.deepEqual(await mouse.get("units.id"), ["lab/mice/left", "lab/mice/right"]);
  assert.equal((await dataset.getRecording("lab/plain/a")).get("session.id"), "session_5");
  const sample = await dataset.get({ recordingId: "other/a", start: 0, end: 1 });
  assert.equal(sample.get("session.id"), "other/session_2");
  assert.equal((await inner.getRecording("mice/a")).get("session.id"), "mice/session_1");
});

Deno.test("samples go through the inner transform, then through the outer", async () => {
  const inner = await RecordingDataset.open<number>({ a: await bytesOf(1, 2) }, {
    transform: async (sample) => (await sample.get<Float32Array>("lfp.raw")).length,
  });
  await using dataset = new NestedRecordingDataset({ mice: inner }, {
    transform: (length: number) => Promise.resolve(`${length} samples`),
  });
  assert.equal(await dataset.get({ recordingId: "mice/a", start: 0, end: 0.5 }), "50 samples");
});

Deno.test("ids and names that lead nowhere are refused", async () => {
  const inner = await RecordingDataset.open({ a: await bytesOf(1, 1) });
  await using dataset = new NestedRecordingDataset({ mice: inner });
  await assert.rejects(dataset.getRecording("a"), { name: "TypeError", message: /expected "dataset\/recording"/ });
  await assert.rejects(dataset.get({ recordingId: "a", start: 0, end: 1 }), TypeError);
  await assert.rejects(dataset.getRecording("rats/a"), { name: NotFoundError.name, message: /no dataset "rats"/ });
  await assert.rejects(dataset.getRecording("mice/b"), NotFoundError);
  assert.throws(() => new NestedRecordingDataset({ "a/b": inner }), TypeError);
  assert.throws(() => new NestedRecordingDataset({ "": inner }), TypeError);
  await dataset.close();
  await assert.rejects(inner.getRecording("a"), ClosedError);
});
