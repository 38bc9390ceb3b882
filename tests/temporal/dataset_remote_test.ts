import assert from "node:assert/strict";
import type { RequestEvent } from "../../src/source/types.ts";
import { RecordingDataset, type RecordingDatasetOptions } from "../../src/temporal/dataset/dataset.ts";
import { RandomFixedWindowSampler } from "../../src/temporal/sample/samplers.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { makeSession } from "./sessions.ts";

/** Three sessions of an hour, of 1.6 MB each, by URL. */
async function withServer(
  options: RecordingDatasetOptions,
  use: (dataset: RecordingDataset, server: RangeServer) => Promise<void>,
): Promise<void> {
  const ids = ["s0", "s1", "s2"];
  const files = await Promise.all(
    ids.map(async (id, i) => [`/${id}.h5`, await makeSession(i, 3600).toBytes()] as const),
  );
  const server = await startRangeServer(Object.fromEntries(files));
  try {
    const urls = Object.fromEntries(ids.map((id) => [id, `${server.url}/${id}.h5`]));
    await using dataset = await RecordingDataset.open(urls, options);
    await use(dataset, server);
  } finally {
    await server.close();
  }
}

/** The requests of what is run, by path. */
async function requestsOf(server: RangeServer, run: () => Promise<unknown>): Promise<Record<string, number>> {
  server.clear();
  await run();
  const counts: Record<string, number> = {};
  for (const { path } of server.log) counts[path] = (counts[path] ?? 0) + 1;
  return counts;
}

Deno.test("over HTTP, what is in a file is read once, a sample costs nothing, and an array of it one request", async () => {
  await withServer({}, async (dataset, server) => {
    assert.equal(server.log.length, 0);
    let samplingIntervals!: Awaited<ReturnType<RecordingDataset["getSamplingIntervals"]>>;
    const first = await requestsOf(server, async () => samplingIntervals = await dataset.getSamplingIntervals());
    assert.deepEqual(Object.keys(first).sort(), ["/s0.h5", "/s1.h5", "/s2.h5"]);
    assert.ok(Object.values(first).every((count) => count <= 4), JSON.stringify(first));
    assert.ok(server.log.every(({ bytes }) => bytes <= 65_536));
    const again = await requestsOf(server, async () => {
      await dataset.getSamplingIntervals();
      await Promise.all(dataset.recordingIds.map((id) => dataset.getRecording(id)));
    });
    assert.deepEqual(again, {});
    const sampler = new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1, seed: 0 });
    const [index] = sampler;
    let sample!: Awaited<ReturnType<typeof dataset.get>>;
    assert.deepEqual(await requestsOf(server, async () => sample = await dataset.get(index!)), {});
    const path = `/${index!.recordingId}.h5`;
    const read = await requestsOf(server, async () => {
      const values = await sample.get<Float32Array>("lfp.raw");
      const number = Number(index!.recordingId.slice(1));
      assert.equal(values[0], 1e6 * number + Math.ceil(index!.start * 100 - 1e-9));
    });
    assert.deepEqual(read, { [path]: 1 });
    assert.deepEqual(await requestsOf(server, () => sample.get("lfp.raw") as Promise<unknown>), {});
  });
});

Deno.test("requests of all files can be watched together", async () => {
  const events: RequestEvent[] = [];
  await withServer({ onRequest: (event) => events.push(event) }, async (dataset, server) => {
    await dataset.getSamplingIntervals();
    assert.equal(events.length, server.log.length);
  });
});

Deno.test("over HTTP with one open file at a time, samples of all recordings are right", async () => {
  await withServer({ maxOpenFiles: 1 }, async (dataset) => {
    const samples = await Promise.all(
      [...dataset.recordingIds, ...dataset.recordingIds].map((recordingId, i) =>
        dataset.get({ recordingId, start: 100 * i, end: 100 * i + 0.5 })
      ),
    );
    await Promise.all(samples.map(async (sample, i) => {
      const values = await sample.get<Float32Array>("lfp.raw");
      assert.equal(values.length, 50);
      assert.equal(values[0], 1e6 * (i % 3) + 10_000 * i);
      const spikes = await sample.get<Float64Array>("spikes.timestamps");
      assert.equal(spikes.length, 5);
    }));
    assert.equal(dataset.openFiles, 1);
  });
});

Deno.test("a recording that the server lacks, or refuses, spoils only itself", async () => {
  await withServer({}, async (dataset, server) => {
    server.behave("/s1.h5", { kind: "status", status: 404 });
    await assert.rejects(dataset.getRecording("s1"), { code: "http-status", status: 404 });
    await assert.rejects(dataset.getSamplingIntervals(), { code: "http-status" });
    assert.deepEqual([...(await dataset.getRecording("s0")).domain!], [[0, 3600]]);
  });
});
