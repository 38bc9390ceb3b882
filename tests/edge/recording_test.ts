import assert from "node:assert/strict";
import { toFileUrl } from "@std/path";
import { open, openNpy, slice } from "../../mod.ts";
import { bandpass } from "../../src/signal/mod.ts";
import { serveEdge } from "../../examples/edge/serve.ts";
import { openRecording } from "../../src/recording/mod.ts";
import { smallRecordings } from "../recording/make/small.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import type { RunningWorker } from "../support/run_workerd.ts";
import { askWorker, assertRefused } from "./ask.ts";

let folder: string;
let files: RangeServer;
let worker: RunningWorker;
let small: RunningWorker;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  for (const { format, files } of smallRecordings()) {
    for (const [name, bytes] of files) {
      const path = `${folder}/${format}/${name}`;
      await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(path, bytes);
    }
  }
  files = await startRangeServer({
    "/recordings/": toFileUrl(`${folder}/`),
    "/data/": new URL("../data/", import.meta.url),
  });
  const ALLOWED_HOSTS = new URL(files.url).host;
  worker = await serveEdge({ ALLOWED_HOSTS });
  small = await serveEdge({ ALLOWED_HOSTS, MAX_RESULT_BYTES: "1000" });
});

Deno.test.afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await small?.[Symbol.asyncDispose]();
  await files?.close();
  await Deno.remove(folder, { recursive: true });
});

/** The servers and Workers outlive single tests. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });
}

const at = (path: string) => `${files.url}/recordings/${path}`;
const ask = (route: string, parameters: Record<string, string>) => askWorker(worker, route, parameters);

test("the Worker gives a recording's tables, with the files beside it, and says what it cost", async () => {
  for (
    const [path, format] of [["micromed/small.TRC", "micromed"], ["brainvision/rec.vhdr", "brainvision"], [
      "spikeglx/run_g0_t0.imec0.ap.bin",
      "spikeglx",
    ]]
  ) {
    const response = await ask("/recording", { url: at(path!) });
    const said = await response.json();
    assert.equal(response.status, 200, JSON.stringify(said));
    await using recording = await openRecording(`${folder}/${path}`);
    assert.deepEqual([said.format, said.signalChannels], [format, recording.header.signalChannels]);
    assert.match(response.headers.get("x-microtome-cost") ?? "", /^requests=[1-9]/);
  }
});

test("a stretch of time of some channels comes as JSON, CSV, NPY and SVG, physical or raw", async () => {
  const url = at("micromed/small.TRC");
  await using recording = await openRecording(`${folder}/micromed/small.TRC`);
  const raw = await recording.getAnalogSignalChunk({ segmentIndex: 1, iStart: 64, iStop: 129, channelIndexes: [1] });
  const asked = { url, stream: "/0/1/Signals", channels: "Fp2", from: "4.25", to: "4.5" };
  const said = await (await ask("/recording/slice", asked)).json();
  const { gain, offset } = recording.channels()[1]!;
  assert.deepEqual([said.unit, said.shape, said.columns, said.times[0]], ["uV", [65, 1], ["Fp2"], 4.25]);
  assert.deepEqual(said.data, Array.from(raw.data as Uint16Array, (value) => Math.fround(value * gain + offset)));
  const npy = await ask("/recording/slice", { ...asked, format: "npy", raw: "true" });
  await using array = await openNpy(new Uint8Array(await npy.arrayBuffer()));
  assert.deepEqual((await array.read()).data, raw.data);
  const csv = await (await ask("/recording/slice", { ...asked, format: "csv" })).text();
  assert.match(csv, /^time,Fp2\n4\.25,/);
  const svg = await (await ask("/recording/slice", { ...asked, format: "svg" })).text();
  assert.match(svg, /class="scale-bar"/);
});

test("what can't be answered of a recording is refused by status and code", async () => {
  const url = at("micromed/small.TRC");
  await assertRefused(worker, [
    ["/recording", { url: `${files.url}/data/session.nwb` }, 422, "format"],
    ["/recording/slice", { url }, 400, "bad-request"],
    ["/recording/slice", { url, stream: "/0/9/Signals" }, 404, "not-found"],
    ["/recording/slice", { url, stream: "/0/0/Signals", channels: "Pz" }, 404, "not-found"],
    ["/recording/slice", { url, stream: "/0/0/Signals", format: "mat" }, 400, "bad-request"],
    ["/recording/slice", { url, stream: "/0/0/Signals", from: "2", to: "1" }, 400, "bad-request"],
    ["/recording/slice", { url, stream: "/0/0/events/Trigger" }, 400, "bad-request"],
    ["/recording", { url: "http://127.0.0.2/x.TRC" }, 403, "host"],
  ]);
  await assertRefused(small, [["/recording/slice", { url, stream: "/0/0/Signals" }, 413, "result"]]);
});

test("a file beside it is asked at its host alone", async () => {
  files.clear();
  await Deno.mkdir(`${folder}/away`, { recursive: true });
  const header = await Deno.readTextFile(`${folder}/brainvision/rec.vhdr`);
  for (const [name, data] of [["a", "http://127.0.0.2:1/rec.eeg"], ["b", "../../data/session.nwb"]]) {
    await Deno.writeTextFile(`${folder}/away/${name}.vhdr`, header.replace("DataFile=rec.eeg", `DataFile=${data}`));
    const response = await ask("/recording", { url: at(`away/${name}.vhdr`) });
    const { error } = await response.json();
    assert.equal(error.code, "not-found", error.message);
  }
  assert.ok(files.log.every((entry) => JSON.stringify(entry).includes("/recordings/away/")), JSON.stringify(files.log));
});

test("a stretch of a recording, or of an array whose rate is told, is band-passed as it is elsewhere", async () => {
  const url = `${files.url}/data/signal.h5`;
  await using file = await open(new URL("../data/signal.h5", import.meta.url));
  const array = await file.dataset("/signal");
  const expected = await bandpass(array, { samplingRate: 1000, low: 10, high: 100 })
    .read(array.shape.length === 2 ? [slice(5, 25), 0] : [slice(5, 25)]);
  const select = array.shape.length === 2 ? "5:25,0" : "5:25";
  const response = await ask("/slice", {
    url,
    path: "/signal",
    select,
    bandpass: "10,100",
    rate: "1000",
    format: "npy",
  });
  assert.equal(response.status, 200, await response.clone().text());
  await using answer = await openNpy(await response.arrayBuffer());
  assert.deepEqual((await answer.read()).data, expected.data);
  for (
    const wrong of [
      { bandpass: "100,10", rate: "1000" },
      { bandpass: "a", rate: "1000" },
      { bandpass: "10,100" },
      { bandpass: "10,900", rate: "1000" },
    ] as Record<string, string>[]
  ) {
    const { status } = await ask("/slice", { url, path: "/signal", select, ...wrong });
    assert.equal(status, 400, JSON.stringify(wrong));
  }
  const trc = { url: at("micromed/small.TRC"), stream: "/0/0/Signals" };
  const refused = await ask("/recording/slice", { ...trc, bandpass: "1,2", raw: "true" });
  assert.equal(refused.status, 400);
});
