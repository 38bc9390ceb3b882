import assert from "node:assert/strict";
import { encodeNpy, encodeNpz, type NDArray, open, slice } from "../../mod.ts";
import { toJsonValue } from "../../src/array/mod.ts";
import { serveEdge } from "../../examples/edge/serve.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import type { RunningWorker } from "../support/run_workerd.ts";
import { askWorker, assertRefused, type Fault, refusalOf } from "./ask.ts";

const DATA = new URL("../data/", import.meta.url);
const CORPUS = new URL("../../../shared/data/nwb/", import.meta.url);
const NWB = "NWBShowcase__FergusonEtAl2015_PYR5_rebound.nwb";
const hasCorpus = await Deno.stat(new URL(NWB, CORPUS)).then(() => true, () => false);
if (!hasCorpus) console.log("skipped: the edge example on a real NWB file (no corpus beside the repository)");

/** The files' server, one that isn't allowed, the Worker, and a Worker that may do very little. */
let files: RangeServer;
let other: RangeServer;
let worker: RunningWorker;
let small: RunningWorker;

Deno.test.beforeAll(async () => {
  files = await startRangeServer({ "/data/": DATA, ...(hasCorpus ? { "/nwb/": CORPUS } : {}) });
  files.put("/text.h5", new TextEncoder().encode("not an HDF5 file ".repeat(500)));
  files.put("/a.npy", encodeNpy(Int16Array.of(1, 2, 3, 4)));
  files.put("/a.npz", await encodeNpz({ x: Int16Array.of(1), y: Int16Array.of(5, 6) }));
  other = await startRangeServer({ "/data/": DATA });
  worker = await serveEdge({ ALLOWED_HOSTS: `nowhere.example, ${hostOf(files)}` });
  small = await serveEdge({
    ALLOWED_HOSTS: hostOf(files),
    MAX_SOURCE_BYTES: "150000",
    MAX_RESULT_BYTES: "4000",
    MAX_OBJECTS: "10",
  });
});

Deno.test.afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await small?.[Symbol.asyncDispose]();
  await files?.close();
  await other?.close();
});

function hostOf(server: RangeServer): string {
  return new URL(server.url).host;
}

function ask(route: string, parameters: Record<string, string>, to: RunningWorker = worker): Promise<Response> {
  return askWorker(to, route, parameters);
}

/** Asks for what must be refused; gives status and code. */
function refusal(
  route: string,
  parameters: Record<string, string>,
  to: RunningWorker = worker,
): ReturnType<typeof refusalOf> {
  return refusalOf(to, route, parameters);
}

/** The library's servers and Workers outlive single tests. */
function test(name: string, fn: () => Promise<void>, ignore = false): void {
  Deno.test({ name, ignore, sanitizeOps: false, sanitizeResources: false, fn });
}

interface Node {
  name: string;
  kind: string;
  shape?: number[];
  dtype?: string;
  members?: Node[];
}

/** Paths and nodes of all datasets of a tree. */
function datasetsOf(node: Node, path = ""): [string, Node][] {
  return (node.members ?? []).flatMap((member): [string, Node][] => {
    const own = `${path}/${member.name}`;
    return member.kind === "dataset" ? [[own, member]] : datasetsOf(member, own);
  });
}

test("the Worker slices a recording, as JSON, with what it cost", async () => {
  files.clear();
  const url = `${files.url}/data/signal.h5`;
  const response = await ask("/slice", { url, path: "/signal", select: "1000:1005,::4" });
  assert.equal(response.status, 200);
  await using file = await open(url);
  const expected = await (await file.dataset("/signal")).read([slice(1000, 1005), slice(null, null, 4)]);
  assert.deepEqual(await response.json(), {
    path: "/signal",
    shape: [5, 2],
    dtype: "<i2",
    data: toJsonValue(expected),
  });
  const cost = response.headers.get("x-microtome-cost") ?? "";
  assert.match(cost, /^requests=[1-9]\d*; bytes=\d+; round-trips=[1-9]\d*; file-bytes=219978$/);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
});

test("the Worker lists and slices NPY and NPZ too", async () => {
  const url = `${files.url}/a.npy`;
  const sliced = await (await ask("/slice", { url, path: "/", select: "1:3" })).json();
  assert.deepEqual(sliced, { path: "/", shape: [2], dtype: "<i2", data: [2, 3] });
  const { tree } = await (await ask("/ls", { url })).json();
  assert.deepEqual(tree.members, [{ name: "/", kind: "dataset", shape: [4], dtype: "<i2", chunks: null }]);
  const archive = `${files.url}/a.npz`;
  const { tree: members } = await (await ask("/ls", { url: archive })).json();
  assert.deepEqual(members.members.map(({ name }: Node) => name), ["x", "y"]);
  const { data } = await (await ask("/slice", { url: archive, path: "y" })).json();
  assert.deepEqual(data, [5, 6]);
});

test("the Worker answers with NPY, which holds the same bytes", async () => {
  const url = `${files.url}/data/signal.h5`;
  const response = await ask("/slice", { url, path: "/recording/time", select: "5:9", format: "npy" });
  assert.equal(response.status, 200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(new TextDecoder("latin1").decode(bytes.slice(1, 6)), "NUMPY");
  const start = 10 + new DataView(bytes.buffer).getUint16(8, true);
  const header = new TextDecoder().decode(bytes.slice(10, start));
  assert.match(header, /'descr': '<f8', 'fortran_order': False, 'shape': \(4,\)/);
  await using file = await open(url);
  const { data } = await (await file.dataset("/recording/time")).read([slice(5, 9)]);
  assert.deepEqual(new Float64Array(bytes.slice(start).buffer), data);
});

test("the Worker answers with CSV, a line per row", async () => {
  const url = `${files.url}/data/signal.h5`;
  const response = await ask("/slice", { url, path: "/signal", select: ":3,:2", format: "csv" });
  assert.match(response.headers.get("content-type") ?? "", /^text\/csv/);
  await using file = await open(url);
  const { data } = await (await file.dataset("/signal")).read([slice(0, 3), slice(0, 2)]) as NDArray<Int16Array>;
  assert.equal(await response.text(), `${data[0]},${data[1]}\n${data[2]},${data[3]}\n${data[4]},${data[5]}\n`);
});

test("the Worker lists a file's tree, and a group's", async () => {
  const url = `${files.url}/data/signal.h5`;
  const whole = await (await ask("/ls", { url })).json();
  assert.equal(whole.truncated, false);
  assert.deepEqual(whole.tree.members.map((node: Node) => node.name), ["recording", "signal"]);
  const part = await (await ask("/ls", { url, path: "/recording" })).json();
  assert.equal(part.path, "/recording");
  assert.ok(datasetsOf(part.tree).some(([path, node]) => path === "/time" && node.dtype === "<f8"));
});

test(
  `the Worker lists and slices a real NWB file over HTTP${hasCorpus ? "" : " (skipped: no corpus)"}`,
  async () => {
    const url = `${files.url}/nwb/${NWB}`;
    const { tree, truncated } = await (await ask("/ls", { url })).json();
    assert.equal(truncated, false);
    const found = datasetsOf(tree).filter(([, { shape, dtype }]) =>
      (shape?.[0] ?? 0) > 1000 && /^<f/.test(dtype ?? "")
    );
    assert.ok(found.length > 0, "the file has recordings");
    files.clear();
    const [path, node] = found[0]!;
    const response = await ask("/slice", { url, path, select: "500:1000" });
    assert.equal(response.status, 200);
    const { shape, data } = await response.json();
    const cost = Number(/bytes=(\d+)/.exec(response.headers.get("x-microtome-cost") ?? "")?.[1]);
    const sent = files.log.reduce((sum, entry) => sum + entry.bytes, 0);
    await using file = await open(new URL(NWB, CORPUS));
    const expected = await (await file.dataset(path)).read([slice(500, 1000)]);
    assert.deepEqual(shape, [500, ...node.shape!.slice(1)]);
    assert.deepEqual(data, toJsonValue(expected));
    assert.equal(cost, sent, "the cost that is told is what the server sent");
    assert.ok(cost < file.byteLength / 2, `a slice of 500 samples cost ${cost} of ${file.byteLength} bytes`);
  },
  !hasCorpus,
);

test("hosts that aren't allowed are refused, and never asked", async () => {
  const path = "/signal";
  other.clear();
  for (
    const url of [
      `${other.url}/data/signal.h5`,
      `${files.url.replace("127.0.0.1", "localhost")}/data/signal.h5`,
      "http://127.0.0.1/data/signal.h5",
      "http://169.254.169.254/latest/meta-data",
      `http://${hostOf(files)}.example/data/signal.h5`,
      `http://${hostOf(files)}@${hostOf(other)}/data/signal.h5`.replace("@", "%40"),
    ]
  ) {
    const { status } = await refusal("/slice", { url, path });
    assert.ok(status === 403 || status === 400, `${url}: ${status}`);
  }
  assert.deepEqual(await refusal("/slice", { url: `${other.url}/data/signal.h5`, path }), {
    status: 403,
    code: "host",
    message: `Cannot read from ${hostOf(other)}: only hosts in ALLOWED_HOSTS are read`,
  });
  assert.equal(other.log.length, 0);
});

test("a redirect to a host that isn't allowed is refused, and that host never asked", async () => {
  other.clear();
  const to = encodeURIComponent(`${other.url}/data/signal.h5`);
  const { status, code } = await refusal("/slice", {
    url: `${files.url}/data/signal.h5?behave=redirect&to=${to}`,
    path: "/signal",
  });
  assert.deepEqual([status, code, other.log.length], [403, "host", 0]);
});

test("a redirect within the allowed hosts is followed, and one without end is not", async () => {
  const to = encodeURIComponent(`${files.url}/data/signal.h5`);
  const url = `${files.url}/data/types.h5?behave=redirect&to=${to}`;
  assert.equal((await ask("/slice", { url, path: "/signal", select: "0" })).status, 200);
  files.behave("/data/strings.h5", { kind: "redirect", to: "/data/strings.h5" });
  const { status, code } = await refusal("/ls", { url: `${files.url}/data/strings.h5` });
  files.behave("/data/strings.h5", undefined);
  assert.deepEqual([status, code], [502, "redirect"]);
});

test("addresses that aren't http or https, or hold credentials, are refused", async () => {
  const path = "/signal";
  for (
    const url of ["", "signal.h5", "file:///etc/passwd", "ftp://x/a.h5", "data:,a", `http://a:b@${hostOf(files)}/a`]
  ) {
    const { status, code } = await refusal("/slice", { url, path });
    assert.deepEqual([url, status, code], [url, 400, "bad-request"]);
  }
});

test("without ALLOWED_HOSTS nothing is read", async () => {
  await using none = await serveEdge({});
  assert.equal((await refusal("/ls", { url: `${files.url}/data/signal.h5` }, none)).status, 403);
});

test("a request that would fetch more than its budget ends with 413", async () => {
  files.clear();
  const url = `${files.url}/data/signal.h5`;
  const { status, code } = await refusal("/slice", { url, path: "/signal", select: "::200,0" }, small);
  assert.deepEqual([status, code], [413, "budget"]);
  const sent = files.log.reduce((sum, entry) => sum + entry.bytes, 0);
  assert.ok(sent <= 150_000, `the server sent ${sent} bytes`);
});

test("a server that sends more than was asked for is cut off at the budget", async () => {
  const url = `${files.url}/data/signal.h5?behave=lie-length`;
  const { status } = await refusal("/ls", { url }, small);
  assert.equal(status, 413);
});

test("an answer that would be too large ends with 413, and a tree that would be is cut off", async () => {
  const url = `${files.url}/data/layouts.h5`;
  const { status, code } = await refusal("/slice", {
    url,
    path: "/extensible_array_long",
    select: "[" + "0,".repeat(2001) + "0]",
  }, small);
  assert.deepEqual([status, code], [413, "result"]);
  const tree = await (await ask("/ls", { url }, small)).json();
  assert.deepEqual([tree.truncated, tree.tree.members], [true, []]);
});

test("each kind of fault has its status and code", async () => {
  const data = `${files.url}/data`;
  const signal = `${data}/signal.h5`;
  const faults: Fault[] = [
    ["/slice", { url: signal, path: "/signal", select: "0:10:0" }, 400, "selection"],
    ["/slice", { url: signal, path: "/signal", select: "nonsense" }, 400, "selection"],
    ["/slice", { url: signal, path: "/signal", select: "99999" }, 400, "selection"],
    ["/slice", { url: signal, path: "/signal", select: "0,0,0" }, 400, "selection"],
    ["/slice", { url: signal, path: "/recording" }, 400, "wrong-kind"],
    ["/ls", { url: signal, path: "/signal" }, 400, "wrong-kind"],
    ["/slice", { url: signal }, 400, "bad-request"],
    ["/slice", { path: "/signal" }, 400, "bad-request"],
    ["/slice", { url: signal, path: "/signal", select: "0", format: "xml" }, 400, "bad-request"],
    ["/slice", { url: signal, path: "/signal", select: "0", format: "constructor" }, 400, "bad-request"],
    ["/slice", { url: signal, path: "/nothing" }, 404, "not-found"],
    ["/slice", { url: `${data}/absent.h5`, path: "/signal" }, 404, "http-status"],
    ["/slice", { url: `${data}/filters_odd.h5`, path: "/unknown_filter" }, 415, "unsupported-filter"],
    ["/slice", { url: `${data}/records.h5`, path: "/vlen_chunked", format: "npy" }, 415, "unsupported"],
    ["/ls", { url: `${files.url}/text.h5` }, 422, "unknown-format"],
    ["/nwb", { url: `${files.url}/a.npy` }, 422, "format"],
    ["/slice", { url: `${data}/filters_odd.h5`, path: "/damaged_gzip" }, 422, "corrupt"],
    ["/slice", { url: `${data}/links.h5`, path: "/external" }, 422, "external-file"],
    ["/ls", { url: `${signal}?behave=status&status=418` }, 502, "http-status"],
    ["/ls", { url: `${signal}?behave=wrong-range` }, 502, "protocol"],
    ["/nothing", {}, 404, "no-route"],
  ];
  await assertRefused(worker, faults);
});

test("only GET is served", async () => {
  const response = await fetch(new URL("/slice", worker.url), { method: "POST", body: "x" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET");
  await response.body?.cancel();
});
