import assert from "node:assert/strict";
import fc from "fast-check";
import { create } from "../../src/hdf5/write/create.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import {
  ClosedError,
  DTypeError,
  FileChangedError,
  FormatError,
  MicrotomeError,
  NotFoundError,
  WrongKindError,
} from "../../src/source/errors.ts";
import type { ByteSource } from "../../src/source/types.ts";
import { Data } from "../../src/temporal/data.ts";
import { RecordingDataset, type RecordingDatasetOptions } from "../../src/temporal/dataset/dataset.ts";
import type { RecordingSources } from "../../src/temporal/dataset/recording_sources.ts";
import { RandomFixedWindowSampler, SequentialFixedWindowSampler } from "../../src/temporal/sample/samplers.ts";
import { makeSession, type Session } from "./sessions.ts";

const SECONDS = { s0: 4, s1: 6, s2: 3 };

/** A directory of three sessions, and what doesn't belong to it. */
async function withDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    for (const [i, [id, seconds]] of Object.entries(SECONDS).entries()) {
      await makeSession(i, seconds).save(`${directory}/${id}.h5`);
    }
    await Deno.writeTextFile(`${directory}/notes.txt`, "not a recording");
    await Deno.writeTextFile(`${directory}/._s0.h5`, "what some systems leave behind");
    await Deno.mkdir(`${directory}/folder.h5`);
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The same sessions in memory. */
async function sources(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const all = Object.entries(SECONDS).map(async ([id, seconds], i) => [id, await makeSession(i, seconds).toBytes()]);
  return Object.fromEntries(await Promise.all(all));
}

const withSources = async (
  options: RecordingDatasetOptions,
  use: (dataset: RecordingDataset) => Promise<void>,
): Promise<void> => {
  await using dataset = await RecordingDataset.open(await sources(), options);
  await use(dataset);
};

const raw = async (data: Data) => [...await data.get<Float32Array>("lfp.raw")];

Deno.test("a directory of sessions is sampled: every window has its recording's values", async () => {
  await withDirectory(async (directory) => {
    await using dataset = await RecordingDataset.open(directory);
    assert.deepEqual(dataset.recordingIds, ["s0", "s1", "s2"]);
    assert.equal(String(dataset), "RecordingDataset(n_recordings=3)");
    const samplingIntervals = await dataset.getSamplingIntervals();
    assert.deepEqual(Object.entries(samplingIntervals).map(([id, domain]) => [id, ...domain]), [
      ["s0", [0, 4]],
      ["s1", [0, 6]],
      ["s2", [0, 3]],
    ]);
    const sequential = new SequentialFixedWindowSampler({ samplingIntervals, windowLength: 1 });
    assert.equal(sequential.length, 13);
    for (const index of sequential) {
      const sample = await dataset.get(index);
      const first = 1e6 * Number(index.recordingId.slice(1)) + 100 * index.start;
      assert.deepEqual(await raw(sample), Array.from({ length: 100 }, (_, i) => first + i));
      assert.equal(sample.absoluteStart, index.start);
    }
    const random = new RandomFixedWindowSampler({ samplingIntervals, windowLength: 0.5, seed: 3 });
    const samples = await Promise.all([...random].map((index) => dataset.get(index)));
    assert.equal(samples.length, 26);
    for (const sample of samples) {
      const whole = makeSession(Number(String(await sample.get("session.id")).slice(-1)), 6);
      const start = sample.absoluteStart!;
      assert.deepEqual(await raw(sample), await raw(whole.slice(start, start + 0.5)));
      assert.deepEqual(await sample.get("spikes.timestamps"), whole.slice(start, start + 0.5).get("spikes.timestamps"));
    }
  });
});

Deno.test("recordings can be chosen, also in directories within", async () => {
  await withDirectory(async (directory) => {
    await Deno.mkdir(`${directory}/more`);
    await makeSession(7, 1).save(`${directory}/more/s7.h5`);
    await using dataset = await RecordingDataset.open(new URL(`file://${directory}`), {
      recordingIds: ["s2", "more/s7", "s2"],
    });
    assert.deepEqual(dataset.recordingIds, ["more/s7", "s2"]);
    assert.equal(await (await dataset.getRecording("more/s7")).get("session.id"), "session_7");
    await assert.rejects(dataset.getRecording("s0"), { name: NotFoundError.name, message: /"s0".*none of that name/ });
  });
});

Deno.test("a directory without recordings, without those asked for, or that is none, is refused", async () => {
  await withDirectory(async (directory) => {
    const empty = `${directory}/folder.h5`;
    await assert.rejects(RecordingDataset.open(empty), {
      name: NotFoundError.name,
      message: `No recordings found at ${empty}`,
    });
    await assert.rejects(RecordingDataset.open(directory, { recordingIds: ["s0", "s9", "s8"] }), {
      name: NotFoundError.name,
      message: new RegExp(`there are no files "${directory}/s8.h5", "${directory}/s9.h5"$`),
    });
    await assert.rejects(RecordingDataset.open(directory, { recordingIds: ["folder"] }), NotFoundError);
    await assert.rejects(RecordingDataset.open(`${directory}/nowhere`), NotFoundError);
    await assert.rejects(RecordingDataset.open(`${directory}/notes.txt`), WrongKindError);
  });
});

Deno.test("an id never leads out of the directory", async () => {
  await withDirectory(async (directory) => {
    for (const id of ["../s0", "more/../../s0", "/etc/s0", "..", "", "a//b", "..\\s0", "./s0", "s0\0"]) {
      await assert.rejects(RecordingDataset.open(`${directory}/folder.h5`, { recordingIds: [id] }), {
        name: "TypeError",
        message: /an id is the name of a file in it/,
      }, id);
    }
    const wrong = { recordingIds: [5] } as unknown as RecordingDatasetOptions;
    await assert.rejects(RecordingDataset.open(directory, wrong), TypeError);
    await assert.rejects(RecordingDataset.open(directory, { recordingIds: "s0" } as unknown as object), TypeError);
  });
});

Deno.test("recordings come from anything that can be opened, by id", async () => {
  await withDirectory(async (directory) => {
    const bytes = await sources();
    await using dataset = await RecordingDataset.open(
      new Map<string, string | Blob | Uint8Array<ArrayBuffer>>([
        ["z", new Blob([bytes["s0"]!])],
        ["a/b", bytes["s1"]!],
        ["../m", `${directory}/s2.h5`],
      ]),
    );
    assert.deepEqual(dataset.recordingIds, ["../m", "a/b", "z"]);
    assert.equal((await raw(await dataset.getRecording("../m")))[0], 2e6);
    assert.equal((await raw(await dataset.getRecording("a/b")))[0], 1e6);
    assert.equal((await raw(await dataset.getRecording("z")))[0], 0);
  });
});

Deno.test("sources that are none are refused", async () => {
  const refused = (given: unknown, name: string, message: RegExp, options: RecordingDatasetOptions = {}) =>
    assert.rejects(RecordingDataset.open(given as RecordingSources, options), { name, message });
  await refused({}, "NotFoundError", /No recordings found/);
  await refused(new Map(), "NotFoundError", /No recordings found/);
  await refused({ a: new Uint8Array(1) }, "NotFoundError", /no sources of "b", "c"/, { recordingIds: ["c", "a", "b"] });
  await refused(new Uint8Array(1), "TypeError", /expected a directory/);
  await refused(null, "TypeError", /expected a directory/);
  await refused("https://example.org/sessions/", "TypeError", /Cannot list the recordings of https/);
  for (const maxOpenFiles of [0, -1, 1.5, NaN]) {
    await refused({ a: new Uint8Array(1) }, "RangeError", /maxOpenFiles must be a whole number/, { maxOpenFiles });
  }
});

Deno.test("each recording is an object of its own: what is done to one changes no other", async () => {
  await withSources({}, async (dataset) => {
    const one = await dataset.getRecording("s0");
    const printed = String(one);
    assert.match(printed, /raw=<HDF5 dataset "raw": shape \(400,\), type "<f4">/);
    (await one.get<Float32Array>("lfp.raw"))[0] = -1;
    (await one.get<Float64Array>("spikes.timestamps"))[0] = -1;
    (await one.get<string[]>("units.id"))[0] = "changed";
    one.domain!.known!.start[0] = -1;
    (one.get("spikes") as Session["spikes"]).domain.end[0] = 99;
    (one.get("tags") as string[])[0] = "changed";
    one.set("session.id", "changed").set("added", 1);
    one.delete("train_domain");
    const other = await dataset.getRecording("s0");
    assert.equal(String(other), printed);
    assert.equal((await raw(other))[0], 0);
    assert.equal((await other.get<Float64Array>("spikes.timestamps"))[0], 0);
    assert.deepEqual(await other.get("units.id"), ["left", "right"]);
    assert.deepEqual([...other.domain!], [[0, 4]]);
    assert.deepEqual([...(other.get("spikes") as Session["spikes"]).domain], [[0, 4]]);
    assert.deepEqual(other.get("tags"), ["a", "b"]);
    assert.equal(other.get("session.id"), "session_0");
    assert.deepEqual([...(await dataset.getSamplingIntervals())["s0"]!], [[0, 4]]);
  });
});

Deno.test("never more files are open than allowed, however many are read at once, and all reads give what they should", async () => {
  for (const maxOpenFiles of [1, 2]) {
    await withSources({ maxOpenFiles }, async (dataset) => {
      let most = 0;
      const read = async (i: number) => {
        const id = `s${i % 3}`;
        const sample = await dataset.get({ recordingId: id, start: 1, end: 2 });
        const values = await raw(sample);
        most = Math.max(most, dataset.openFiles);
        assert.equal(values[0], 1e6 * (i % 3) + 100);
        return values.length;
      };
      const lengths = await Promise.all(Array.from({ length: 30 }, (_, i) => read(i)));
      assert.deepEqual(lengths, new Array(30).fill(100));
      assert.ok(most <= maxOpenFiles);
      assert.equal(dataset.openFiles, maxOpenFiles);
    });
  }
});

Deno.test("a sample can be read after its file was closed for another", async () => {
  await withSources({ maxOpenFiles: 1 }, async (dataset) => {
    const first = await dataset.get({ recordingId: "s0", start: 1, end: 2 });
    const second = await dataset.get({ recordingId: "s1", start: 1, end: 2 });
    assert.equal((await raw(second))[0], 1e6 + 100);
    assert.equal((await raw(first))[0], 100);
    assert.deepEqual(await second.get("spikes.unit_index"), Int32Array.from({ length: 10 }, (_, i) => i % 2));
    await Promise.all([first.materialize(), second.materialize()]);
  });
});

Deno.test("files that aren't kept are open only while they are read", async () => {
  await withSources({ keepFilesOpen: false }, async (dataset) => {
    const sample = await dataset.get({ recordingId: "s0", start: 0, end: 1 });
    assert.equal(dataset.openFiles, 0);
    const reading = Promise.all([sample.get("lfp.raw"), sample.get("spikes.timestamps")]);
    assert.equal(dataset.openFiles, 1);
    await reading;
    assert.equal(dataset.openFiles, 0);
  });
});

Deno.test("a source that is open already is read as often as need be, and closed with the dataset", async () => {
  const inner = memorySource((await sources())["s0"]!);
  let closed = 0;
  const source: ByteSource = { ...inner, read: (range) => inner.read(range), close: () => void closed++ };
  const dataset = await RecordingDataset.open({ s0: source }, { keepFilesOpen: false });
  assert.equal((await raw(await dataset.getRecording("s0"))).length, 400);
  assert.equal((await raw(await dataset.getRecording("s0"))).length, 400);
  assert.equal(closed, 0);
  await dataset.close();
  await dataset.close();
  assert.equal(closed, 1);
});

Deno.test("after closing, recordings keep what is in memory and can read nothing more", async () => {
  const dataset = await RecordingDataset.open(await sources());
  const recording = await dataset.getRecording("s0");
  await recording.get("lfp.raw");
  const under = recording.get("spikes.unit_index") as Promise<unknown>;
  const settled = assert.rejects(under, ClosedError);
  await dataset.close();
  await settled;
  assert.ok(dataset.closed);
  assert.equal((await raw(recording)).length, 400);
  await assert.rejects(recording.get("spikes.timestamps") as Promise<unknown>, ClosedError);
  await assert.rejects(dataset.getRecording("s0"), ClosedError);
  await assert.rejects(dataset.get({ recordingId: "s0", start: 0, end: 1 }), ClosedError);
  await assert.rejects(dataset.getSamplingIntervals(), ClosedError);
});

Deno.test("transforms make of samples what they want; hooks see recordings before they are cut", async () => {
  const dataset = await RecordingDataset.open<{ mean: number; id: string }>(await sources(), {
    recordingHook: (recording, id) => void recording.set("recording_id", id),
    transform: async (sample) => {
      const values = await sample.get<Float32Array>("lfp.raw");
      return { mean: values.reduce((a, b) => a + b) / values.length, id: sample.get("recording_id") as string };
    },
  });
  await using _ = dataset;
  assert.deepEqual(await dataset.get({ recordingId: "s0", start: 1, end: 2 }), { mean: 149.5, id: "s0" });
  assert.equal((await dataset.getRecording("s1")).get("recording_id"), "s1");
});

Deno.test("what is sampled can be chosen of each recording", async () => {
  await withSources({}, async (dataset) => {
    const chosen = await dataset.getSamplingIntervals({
      intervals: (recording) => recording.get("train_domain") as Session["train_domain"],
    });
    assert.deepEqual(Object.values(chosen).map((interval) => [...interval]), [[[0, 2]], [[0, 3]], [[0, 1.5]]]);
  });
  const bytes = await new Data({ note: "no times" }).toBytes();
  await using dataset = await RecordingDataset.open({ timeless: bytes });
  await assert.rejects(dataset.getSamplingIntervals(), {
    name: MicrotomeError.name,
    message: 'Cannot sample recording "timeless": it has no domain',
  });
});

Deno.test("a namespace is put before texts and ids that are declared", async () => {
  await withSources({ namespaceAttributes: ["session.id", "units.id", "tags"] }, async (dataset) => {
    const recording = await dataset.getRecording("s1", { namespace: "mice" });
    assert.equal(recording.get("session.id"), "mice/session_1");
    assert.deepEqual(await recording.get("units.id"), ["mice/left", "mice/right"]);
    assert.deepEqual(recording.get("tags"), ["mice/a", "mice/b"]);
    assert.equal((await dataset.getRecording("s1")).get("session.id"), "session_1");
    const sample = await dataset.get({ recordingId: "s1", start: 0, end: 1 }, { namespace: "mice" });
    assert.equal(sample.get("session.id"), "mice/session_1");
  });
  await withSources({ namespaceAttributes: ["spikes.unit_index"] }, async (dataset) => {
    const sample = await dataset.get({ recordingId: "s0", start: 0, end: 0.2 }, { namespace: "n" });
    assert.deepEqual(await sample.get("spikes.unit_index"), ["n/0", "n/1"]);
  });
  for (const path of ["lfp.raw", "lfp"]) {
    await withSources({ namespaceAttributes: [path] }, async (dataset) => {
      await assert.rejects(dataset.getRecording("s0", { namespace: "n" }), DTypeError);
    });
  }
  await withSources({ namespaceAttributes: ["session.name"] }, async (dataset) => {
    await assert.rejects(dataset.getRecording("s0", { namespace: "n" }), NotFoundError);
  });
});

Deno.test("a file that isn't a recording spoils only itself, and is tried again", async () => {
  await using plain = await create();
  await plain.createDataset("x", { data: [1] });
  const bytes = await sources();
  await using dataset = await RecordingDataset.open({
    good: bytes["s0"]!,
    plain: await plain.bytes(),
    noise: new Uint8Array(99),
  });
  for (let i = 0; i < 2; i++) {
    await assert.rejects(dataset.getRecording("plain"), {
      name: FormatError.name,
      message: /^Cannot get recording "plain": .*no attribute "object"/,
    });
    await assert.rejects(dataset.getRecording("noise"), { code: "not-hdf5" });
  }
  assert.equal((await raw(await dataset.getRecording("good"))).length, 400);
  await assert.rejects(dataset.get({ recordingId: "good", start: 2, end: 1 }), RangeError);
});

Deno.test("a file that was replaced while it was closed is found out", async () => {
  await withDirectory(async (directory) => {
    await using dataset = await RecordingDataset.open(directory, { keepFilesOpen: false });
    const recording = await dataset.getRecording("s0");
    await makeSession(0, 9).save(`${directory}/s0.h5`);
    await assert.rejects(recording.get("lfp.raw") as Promise<unknown>, FileChangedError);
  });
});

Deno.test("whoever gives up waiting harms no one else", async () => {
  await withSources({ maxOpenFiles: 1 }, async (dataset) => {
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(dataset.getRecording("s0", { signal }), /enough/);
    const controller = new AbortController();
    const reads = ["s0", "s1", "s2"].map((id) => dataset.getRecording(id, { signal: controller.signal }));
    const others = ["s0", "s1", "s2"].map((id) => dataset.getRecording(id));
    controller.abort(new Error("enough"));
    for (const read of reads) await assert.rejects(read, /enough/);
    for (const [i, other] of (await Promise.all(others)).entries()) assert.equal((await raw(other))[0], 1e6 * i);
    const sample = await dataset.get({ recordingId: "s0", start: 0, end: 1 });
    const late = new AbortController();
    const busy = (await dataset.getRecording("s1")).get("lfp.raw") as Promise<unknown>;
    const waiting = sample.materialize({ signal: late.signal });
    late.abort(new Error("late"));
    await assert.rejects(waiting, /late/);
    await busy;
    assert.equal((await raw(sample)).length, 100);
  });
  await assert.rejects(RecordingDataset.open(await sources(), { signal: AbortSignal.abort(new Error("no")) }), /no/);
});

Deno.test("whatever is read, given up and closed at once, samples have their values and files stay within the bound", async () => {
  const bytes = await sources();
  const step = fc.record({
    recording: fc.integer({ min: 0, max: 2 }),
    start: fc.integer({ min: 0, max: 2 }),
    path: fc.constantFrom("lfp.raw", "spikes.timestamps"),
    isGivenUp: fc.boolean(),
    pause: fc.integer({ min: 0, max: 3 }),
  });
  const options = fc.record({ maxOpenFiles: fc.integer({ min: 1, max: 3 }), keepFilesOpen: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), options, async (steps, options) => {
      await using dataset = await RecordingDataset.open(bytes, options);
      await Promise.all(steps.map(async ({ recording, start, path, isGivenUp, pause }) => {
        for (let i = 0; i < pause; i++) await new Promise((resolve) => setTimeout(resolve, 1));
        const controller = new AbortController();
        const index = { recordingId: `s${recording}`, start, end: start + 1 };
        const reading = dataset.get(index, { signal: controller.signal }).then((sample) =>
          sample.get<Float64Array>(path)
        );
        if (isGivenUp) controller.abort(new Error("given up"));
        const values = await reading.catch((error) => {
          assert.ok(isGivenUp && error.message === "given up", String(error));
          return null;
        });
        assert.ok(dataset.openFiles <= options.maxOpenFiles);
        if (values === null) return;
        assert.equal(values.length, path === "lfp.raw" ? 100 : 10);
        if (path === "lfp.raw") assert.equal(values[0], 1e6 * recording + 100 * start);
      }));
      // What was given up may still be read for others.
      await Promise.all(dataset.recordingIds.map((id) => dataset.getRecording(id)));
      if (!options.keepFilesOpen) assert.equal(dataset.openFiles, 0);
    }),
    { numRuns: 40 },
  );
});

const CORPUS = new URL("../../../shared/data/temporaldata/", import.meta.url);
const isThere = await Deno.stat(CORPUS).then(() => true, () => false);
if (!isThere) console.log("dataset of the corpus: skipped, the corpus isn't there");

Deno.test({
  name: `files that Python wrote are a dataset${isThere ? "" : " (skipped: no corpus)"}`,
  ignore: !isThere,
  async fn() {
    await using dataset = await RecordingDataset.open(CORPUS);
    assert.equal(dataset.recordingIds.length, 3);
    const samplingIntervals = await dataset.getSamplingIntervals();
    for (const index of new SequentialFixedWindowSampler({ samplingIntervals, windowLength: 0.1, dropShort: true })) {
      if (index.start > 1) continue;
      const sample = await dataset.get(index);
      const whole = await Data.load(new URL(`${index.recordingId}.h5`, CORPUS), { lazy: false });
      assert.deepEqual(await sample.toBytes(), await whole.slice(index.start, index.end).toBytes());
    }
  },
});
