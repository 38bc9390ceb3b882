import assert from "node:assert/strict";
import { bundleWorker, serveEdge } from "../../examples/edge/serve.ts";
import type { IntervalSet, Tsd, TsdFrame, TsGroup } from "../../src/series/mod.ts";
import { NWBFile } from "../../mod.ts";
import { pathPoints } from "../cli/svg.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import type { RunningWorker } from "../support/run_workerd.ts";
import { askWorker, assertRefused, type Fault } from "./ask.ts";

const DATA = new URL("../data/", import.meta.url);
const CORPUS = new URL("../../../shared/data/nwb/", import.meta.url);
const REBOUND = "NWBShowcase__FergusonEtAl2015_PYR5_rebound.nwb";
const hasCorpus = await Deno.stat(new URL(REBOUND, CORPUS)).then(() => true, () => false);
if (!hasCorpus) console.log("skipped: the edge example on real NWB files (no corpus beside the repository)");

/** The files' server, the Worker, and a Worker that may do very little. */
let files: RangeServer;
let worker: RunningWorker;
let small: RunningWorker;

Deno.test.beforeAll(async () => {
  files = await startRangeServer({ "/data/": DATA, ...(hasCorpus ? { "/nwb/": CORPUS } : {}) });
  const ALLOWED_HOSTS = new URL(files.url).host;
  worker = await serveEdge({ ALLOWED_HOSTS });
  small = await serveEdge({ ALLOWED_HOSTS, MAX_SOURCE_BYTES: "250000", MAX_RESULT_BYTES: "4000", MAX_OBJECTS: "3" });
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
function test(name: string, fn: () => Promise<void>, ignore = false): void {
  Deno.test({
    name: name + (ignore ? " (skipped: no corpus)" : ""),
    ignore,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

const session = () => `${files.url}/data/session.nwb`;

test("the Worker lists the keys of an NWB file with their types, and says what it cost", async () => {
  files.clear();
  const response = await ask("/nwb", { url: session() });
  assert.equal(response.status, 200);
  await using nwb = await NWBFile.open(new URL("session.nwb", DATA));
  const { name, keys, truncated, warnings } = await response.json();
  assert.deepEqual([name, truncated, warnings], ["session", false, {}]);
  assert.deepEqual(
    keys,
    nwb.entries().map(([key, { kind, type, path, objectId }]) => ({
      key,
      type: kind,
      neurodataType: type,
      path,
      objectId,
    })),
  );
  const cost = response.headers.get("x-microtome-cost") ?? "";
  assert.equal(Number(/bytes=(\d+)/.exec(cost)?.[1]), files.log.reduce((sum, { bytes }) => sum + bytes, 0));
});

test("the Worker answers with a stretch of time of a series, of a group and of intervals", async () => {
  await using nwb = await NWBFile.open(new URL("session.nwb", DATA));
  const z = await (await nwb.get<Tsd>("z")).get(700, 710).load();
  const tsd = await (await ask("/nwb/slice", { url: session(), key: "z", from: "700", to: "710" })).json();
  assert.deepEqual(tsd, {
    key: "z",
    type: "Tsd",
    unit: "meters",
    shape: [z.length],
    dtype: "<f8",
    times: [...z.times],
    data: [...(await z.read()).data],
  });
  assert.ok(z.length > 5);
  const units = (await nwb.get<TsGroup>("units")).get(700, 720);
  const group = await (await ask("/nwb/slice", { url: session(), key: "units", from: "700", to: "720" })).json();
  assert.deepEqual(group.keys, units.keys());
  for (const [key, { times }] of units) assert.deepEqual(group.members[key], [...times]);
  const epochs = await nwb.get<IntervalSet>("epochs");
  const intervals = await (await ask("/nwb/slice", { url: session(), key: "epochs" })).json();
  assert.deepEqual([intervals.start, intervals.end], [[...epochs.start], [...epochs.end]]);
});

test("the Worker answers with CSV, a line per sample with its time first", async () => {
  await using nwb = await NWBFile.open(new URL("session.nwb", DATA));
  const z = await (await nwb.get<Tsd>("z")).get(700, 705).load();
  const response = await ask("/nwb/slice", { url: session(), key: "z", from: "700", to: "705", format: "csv" });
  assert.match(response.headers.get("content-type") ?? "", /^text\/csv/);
  const [header, ...lines] = (await response.text()).trimEnd().split("\n");
  assert.equal(header, "time,value");
  const { data } = await z.read();
  assert.deepEqual(lines.map((line) => line.split(",").map(Number)), [...z.times].map((time, i) => [time, data[i]]));
});

test("the Worker draws traces and rasters as SVG, in which nothing runs", async () => {
  await using nwb = await NWBFile.open(new URL("session.nwb", DATA));
  const z = (await nwb.get<Tsd>("z")).get(700, 800);
  const response = await ask("/nwb/slice", { url: session(), key: "z", from: "700", to: "800", format: "svg" });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "image/svg+xml");
  assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
  const svg = await response.text();
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assert.match(svg, />Time \(s\)<.*>meters<.*>z</s);
  assert.equal(pathPoints(svg).length, z.length);
  const raster = await (await ask("/nwb/slice", { url: session(), key: "units", format: "svg", width: "600" })).text();
  assert.match(raster, /^<svg [^>]*viewBox="0 0 600 /);
  assert.ok(pathPoints(raster).length > 1000);
});

test("a real NWB file over HTTP: keys, a window as numbers, and all of it drawn, its peaks too", async () => {
  const url = `${files.url}/nwb/${REBOUND}`;
  await using nwb = await NWBFile.open(new URL(REBOUND, CORPUS));
  const { keys } = await (await ask("/nwb", { url })).json();
  assert.deepEqual(
    keys.map(({ key, type }: Record<string, string>) => [key, type]),
    nwb.keys().map((key) => [key, nwb.typeOf(key)]),
  );
  const key = "CurrentClampSeries_01";
  const series = await (await nwb.get<Tsd>(key)).load();
  const part = series.get(1, 1.01);
  files.clear();
  const response = await ask("/nwb/slice", { url, key, from: "1", to: "1.01" });
  const cost = Number(/bytes=(\d+)/.exec(response.headers.get("x-microtome-cost") ?? "")?.[1]);
  const { data, times, unit } = await response.json();
  assert.deepEqual([data, times, unit], [[...(await part.read()).data], [...part.times], "volts"]);
  assert.equal(cost, files.log.reduce((sum, { bytes }) => sum + bytes, 0));
  assert.ok(cost < nwb.file.byteLength, `${cost} of ${nwb.file.byteLength} bytes`);
  const svg = await (await ask("/nwb/slice", { url, key, format: "svg" })).text();
  const ys = pathPoints(svg).map(([, y]) => y);
  assert.ok(ys.length < series.length / 4, "it is decimated");
  // The domain is from the least to the greatest value, so both touch its edges.
  const { data: values } = await series.read() as { data: Float64Array };
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  assert.ok(high > low);
  assert.deepEqual([Math.min(...ys), Math.max(...ys)], [2 * 14 + 12, 280]);
}, !hasCorpus);

test("frames of real files keep the names of their columns", async () => {
  const url = `${files.url}/nwb/ophys_testing_data__nwb_test.nwb`;
  await using nwb = await NWBFile.open(new URL("ophys_testing_data__nwb_test.nwb", CORPUS));
  const frame = await (await nwb.get<TsdFrame>("RoiResponseSeries")).get(0, 1).load();
  const said = await (await ask("/nwb/slice", { url, key: "RoiResponseSeries", to: "1" })).json();
  assert.deepEqual([said.columns, said.shape], [[...frame.columns], [...frame.shape]]);
  assert.deepEqual(said.data, [...(await frame.read()).data]);
}, !hasCorpus);

test("what can't be served is refused with a status and a code", async () => {
  const faults: Fault[] = [
    ["/nwb", { url: `${files.url}/data/signal.h5` }, 422, "format"],
    ["/nwb", { url: "http://127.0.0.1:9/x.nwb" }, 403, "host"],
    ["/nwb", {}, 400, "bad-request"],
    ["/nwb/slice", { url: session() }, 400, "bad-request"],
    ["/nwb/slice", { url: session(), key: "nothing" }, 404, "not-found"],
    ["/nwb/slice", { url: session(), key: "z", from: "soon" }, 400, "bad-request"],
    ["/nwb/slice", { url: session(), key: "z", from: "2", to: "1" }, 400, "bad-request"],
    ["/nwb/slice", { url: session(), key: "z", format: "png" }, 400, "bad-request"],
    ["/nwb/slice", { url: session(), key: "z", format: "constructor" }, 400, "bad-request"],
    ["/nwb/slice", { url: session(), key: "z", format: "svg", width: "1e9" }, 400, "bad-request"],
    ["/nwb/nothing", {}, 404, "no-route"],
    ["/constructor", {}, 404, "no-route"],
  ];
  await assertRefused(worker, faults);
});

test("source bytes, results and lists are bounded", async () => {
  const list = await (await ask("/nwb", { url: session() }, small)).json();
  assert.deepEqual([list.keys.length, list.truncated], [3, true]);
  const large = await ask("/nwb/slice", { url: session(), key: "z" }, small);
  assert.deepEqual([large.status, (await large.json()).error.code], [413, "result"]);
  // What is drawn may be larger, since it is decimated.
  const drawn = await ask("/nwb/slice", { url: session(), key: "z", format: "svg" }, small);
  assert.equal(drawn.status, 200);
  await drawn.body?.cancel();
});

test("a file that takes more bytes than the budget ends with 413", async () => {
  files.clear();
  const response = await ask("/nwb", { url: `${files.url}/nwb/${REBOUND}` }, small);
  assert.deepEqual([response.status, (await response.json()).error.code], [413, "budget"]);
  assert.ok(files.log.reduce((sum, { bytes }) => sum + bytes, 0) <= 250_000);
}, !hasCorpus);

test("the Worker with Plot, its DOM and all formats is below 1.4 MB of JavaScript once it is minified", async () => {
  const esbuild = await import("../support/tools/esbuild.ts");
  const { code } = await esbuild.transform(await bundleWorker(), { minify: true });
  await esbuild.stop();
  console.log(`the Worker: ${Math.round(code.length / 1000)} kB of JavaScript, minified`);
  assert.ok(code.length < 1_400_000, `${code.length} bytes`);
});
