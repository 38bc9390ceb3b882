import assert from "node:assert/strict";
import { serveEdge } from "../../examples/edge/serve.ts";
import { Data, type LazyArray, ndarray } from "../../mod.ts";
import { IrregularTimeSeries, RegularTimeSeries } from "../../src/temporal/mod.ts";
import { toJsonValue } from "../../src/array/mod.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import type { RunningWorker } from "../support/run_workerd.ts";
import { askWorker, assertRefused, type Fault } from "./ask.ts";

const DATA = new URL("../data/", import.meta.url);
const SECONDS = 100;
/** Bytes of a sample of the signal, and of a page of the cache. */
const [ROW, PAGE] = [16 * 4, 65_536];
const RAW = Float32Array.from({ length: SECONDS * 1000 * 16 }, (_, i) => i);
const TIMES = Float64Array.from({ length: 200_000 }, (_, i) => i * SECONDS / 200_000);

/** A session of 10 MB, the server, the Worker, and a Worker that may do very little. */
let bytes: Uint8Array<ArrayBuffer>;
let files: RangeServer;
let worker: RunningWorker;
let small: RunningWorker;

Deno.test.beforeAll(async () => {
  bytes = await new Data({
    spikes: new IrregularTimeSeries({ timestamps: TIMES, unit_index: new BigInt64Array(TIMES.length) }),
    lfp: new RegularTimeSeries({ raw: ndarray(RAW, [SECONDS * 1000, 16]) }, { samplingRate: 1000 }),
  }, { domain: "auto" }).toBytes();
  files = await startRangeServer({ "/data/": DATA, "/large.h5": bytes });
  files.put("/timeless.h5", await new Data({ x: [1, 2], image: ndarray(new Uint8Array(6), [2, 3]) }).toBytes());
  const ALLOWED_HOSTS = new URL(files.url).host;
  worker = await serveEdge({ ALLOWED_HOSTS });
  small = await serveEdge({ ALLOWED_HOSTS, MAX_RESULT_BYTES: "2000", MAX_OBJECTS: "6" });
});

Deno.test.afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await small?.[Symbol.asyncDispose]();
  await files?.close();
});

function ask(route: string, parameters: Record<string, string>, to: RunningWorker = worker): Promise<Response> {
  return askWorker(to, route, parameters);
}

/** The servers and Workers outlive single tests. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });
}

const session = () => `${files.url}/data/neural_session.h5`;

/** Requests for nothing but bytes of an array, which is found in the file by its own; metadata comes in pages. */
function requestsFor(array: Float32Array | Float64Array): { start: number; end: number }[] {
  const own = new Uint8Array(array.buffer);
  const at = bytes.findIndex((_, i) => own.subarray(0, 64).every((byte, j) => bytes[i + j] === byte));
  assert.ok(at > 0);
  return files.log.filter(({ offset, length }) => offset! >= at && offset! + length! <= at + own.length)
    .map(({ offset, length }) => ({ start: offset! - at, end: offset! + length! - at }));
}

test("the Worker tells what a session holds, and what that cost", async () => {
  files.clear();
  const response = await ask("/session", { url: session() });
  assert.equal(response.status, 200);
  const { session: { type, domain, absoluteStart, members }, truncated } = await response.json();
  assert.deepEqual([type, domain, absoluteStart, truncated], ["Data", [[0.5, 20]], 0, false]);
  await using data = await Data.load(new URL("neural_session.h5", DATA));
  assert.deepEqual(members.map(({ key }: { key: string }) => key), data.keys());
  assert.deepEqual(members.find(({ key }: { key: string }) => key === "lfp"), {
    key: "lfp",
    type: "RegularTimeSeries",
    length: 480,
    samplingRate: 25,
    domain: [[0.5, 19.7]],
    arrays: [{ key: "is_artifact", shape: [480], dtype: "bool" }, { key: "raw", shape: [480, 3], dtype: "<f4" }],
  });
  const cost = response.headers.get("x-microtome-cost") ?? "";
  assert.deepEqual(/requests=(\d+); bytes=(\d+)/.exec(cost)?.slice(1).map(Number), [
    files.log.length,
    files.log.reduce((sum, { bytes }) => sum + bytes, 0),
  ]);
});

test("the Worker answers with arrays in a window of a session, of every class", async () => {
  await using data = await Data.load(new URL("neural_session.h5", DATA));
  const [start, end] = [5, 8.5];
  const moved = data.slice(start, end);
  const kept = data.slice(start, end, { resetOrigin: false });
  for (
    const path of [
      "spikes.timestamps",
      "spikes.quality",
      "lfp.raw",
      "trials.go_cue",
      "trials.is_rewarded",
      "gaze.pupil",
    ]
  ) {
    const [owner, name] = path.split(".") as [string, string];
    for (const [window, more] of [[moved, {}], [kept, { origin: "keep" }]] as const) {
      const array = await (window.get(owner) as IrregularTimeSeries<LazyArray>).array(name);
      const parameters = { url: session(), path, start: String(start), end: String(end), ...more };
      const answer = await (await ask("/session/slice", parameters)).json();
      assert.deepEqual([answer.path, answer.shape, answer.data], [path, array.shape, toJsonValue(array)]);
      assert.ok(answer.data.length > 1, path);
    }
  }
  const computed = await (await ask("/session/slice", { url: session(), path: "lfp.timestamps", start: "19" })).json();
  assert.deepEqual(computed.data, [...(data.slice(19, 21).get("lfp") as RegularTimeSeries<LazyArray>).timestamps]);
  for (const [path, shape] of [["mean_image", [6, 8]], ["units.id", [6]], ["splits.counts", [2]]] as const) {
    assert.deepEqual((await (await ask("/session/slice", { url: session(), path })).json()).shape, shape);
  }
  const csv = await ask("/session/slice", { url: session(), path: "splits.test_domain.end", format: "csv" });
  assert.equal(await csv.text(), "12.25\n20\n");
});

test("a window of a large session costs the pages that hold it: one request for a signal, one for timestamps", async () => {
  const url = `${files.url}/large.h5`;
  files.clear();
  const signal = await ask("/session/slice", { url, path: "lfp.raw", start: "60", end: "60.5", format: "npy" });
  assert.equal((await signal.arrayBuffer()).byteLength, 128 + 500 * 16 * 4);
  const [read, ...others] = requestsFor(RAW);
  // Its rows, filled up to whole pages, which windows beside this one would need too.
  assert.ok(read!.start <= 60_000 * ROW && read!.end >= 60_500 * ROW, JSON.stringify(read));
  assert.ok(read!.end - read!.start <= 500 * ROW + 2 * PAGE, JSON.stringify(read));
  assert.deepEqual(others, []);
  assert.deepEqual(requestsFor(TIMES), []);
  const total = files.log.reduce((sum, entry) => sum + entry.bytes, 0);
  assert.ok(total < bytes.length / 20, `${total} of ${bytes.length} bytes`);

  files.clear();
  const units = await (await ask("/session/slice", { url, path: "spikes.unit_index", start: "60", end: "60.5" }))
    .json();
  assert.deepEqual(units.shape, [1000]);
  assert.deepEqual(requestsFor(RAW), []);
  const looks = requestsFor(TIMES);
  assert.equal(looks.length, 1);
  assert.ok(looks[0]!.end - looks[0]!.start <= 2 * PAGE, JSON.stringify(looks));
});

test("answers of sessions are bounded, and so are lists", async () => {
  const url = session();
  const { session: { members }, truncated } = await (await ask("/session", { url }, small)).json();
  assert.deepEqual([members.length, truncated], [2, true]);
  for (const path of ["lfp.raw", "spikes.timestamps", "lfp.timestamps"]) {
    const response = await ask("/session/slice", { url, path }, small);
    assert.deepEqual([path, response.status, (await response.json()).error.code], [path, 413, "result"]);
  }
  const part = await ask("/session/slice", { url, path: "lfp.raw", start: "3", end: "5" }, small);
  assert.deepEqual((await part.json()).shape, [50, 3]);
});

test("each fault of a session has its status and code", async () => {
  const url = session();
  const timeless = `${files.url}/timeless.h5`;
  const faults: Fault[] = [
    ["/session", { url: `${files.url}/data/signal.h5` }, 422, "format"],
    ["/session", {}, 400, "bad-request"],
    ["/session/slice", { url }, 400, "bad-request"],
    ["/session/slice", { url, path: "spikes.timestamps", start: "x" }, 400, "bad-request"],
    ["/session/slice", { url, path: "spikes.timestamps", start: "5", end: "4" }, 400, "bad-request"],
    ["/session/slice", { url, path: "spikes.timestamps", format: "svg" }, 400, "bad-request"],
    ["/session/slice", { url, path: "spikes" }, 400, "wrong-kind"],
    ["/session/slice", { url, path: "session_id" }, 400, "wrong-kind"],
    ["/session/slice", { url, path: "spikes.nothing" }, 404, "not-found"],
    ["/session/slice", { url, path: "nothing.timestamps" }, 404, "not-found"],
    ["/session/slice", { url, path: "mean_image.shape" }, 404, "not-found"],
    ["/session/slice", { url, path: "session_id.length" }, 404, "not-found"],
    ["/session/slice", { url: timeless, path: "image", start: "0" }, 400, "bad-request"],
    ["/session/nothing", {}, 404, "no-route"],
  ];
  await assertRefused(worker, faults);
  assert.equal((await ask("/session/slice", { url: timeless, path: "image" })).status, 200);
});
