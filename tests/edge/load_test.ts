import assert from "node:assert/strict";
import { serveEdge } from "../../examples/edge/serve.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import type { RunningWorker } from "../support/run_workerd.ts";
import { until } from "../support/until.ts";
import { askWorker } from "./ask.ts";
import { LOAD, measureLoad } from "./load.ts";

const isLinux = Deno.build.os === "linux";

Deno.test({
  name:
    "80 slices of 1.9 MB asked for at once: clients that come back when they are told have the right numbers, in bounded memory" +
    (isLinux ? "" : " (skipped: memory is read as Linux tells it)"),
  ignore: !isLinux,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const found = await measureLoad(LOAD);
    const [idle, most, isolate] = [found.idle, found.most, found.isolate].map((megabytes) => megabytes.toFixed(0));
    console.log(`The Worker: ${isolate} MB at most; workerd: ${idle} MB idle, ${most} MB at most; ${found.seconds} s`);
    assert.deepEqual([found.right, found.wrong, found.lost], [80, 0, 0]);
    assert.ok(Object.keys(found.statuses).every((status) => status === "200" || status === "503"));
    assert.ok(found.isolate > 20 && found.isolate < LIMIT, `the Worker had ${found.isolate} MB`);
    assert.ok(found.most - found.idle < MOST, `${found.most - found.idle} MB more than idle`);
  },
});

/** Memory that the Worker may take, in MB: its heap, its buffers, its instances; 56 were measured. Cloudflare allows 128. */
const LIMIT = 100;

/**
 * Memory that workerd may take beside that, in MB, more than when idle: 117 were measured, with code, what V8's compilers take while they
 * work, and the isolates of miniflare. It guards against what V8 doesn't count.
 */
const MOST = 150;

Deno.test({
  name: "8 slices are answered at a time" + (isLinux ? "" : " (skipped: memory is read as Linux tells it)"),
  ignore: !isLinux,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const found = await measureLoad({ ...LOAD, slices: 12, rows: 1000, latency: 0, gather: 8 });
    assert.deepEqual([found.right, found.wrong, found.lost, found.inFlight], [12, 0, 0, 8]);
  },
});

/** Starts a server of the fixtures, and a Worker that answers one request at a time. */
async function serve(deadline: number, run: (worker: RunningWorker, files: RangeServer) => Promise<void>) {
  const files = await startRangeServer(new URL("../data/", import.meta.url));
  const env = { ALLOWED_HOSTS: new URL(files.url).host, MAX_CONCURRENT: "1", MAX_WAITING: "1" };
  const worker = await serveEdge({ ...env, DEADLINE_MS: String(deadline) });
  try {
    await run(worker, files);
  } finally {
    await worker[Symbol.asyncDispose]();
    await files.close();
  }
}

const ask = (worker: RunningWorker, files: RangeServer, behaviour = "") =>
  askWorker(worker, "/slice", { url: `${files.url}/signal.h5${behaviour}`, path: "/signal", select: ":3" });

Deno.test({
  name: "a file's server that hangs, stalls or drips is a 504 when the request's time is up, and leaves its place",
  sanitizeOps: false,
  sanitizeResources: false,
  // Above the 2 s that a request waits for a place: a place that isn't left makes the next one a 503.
  fn: () =>
    serve(2500, async (worker, files) => {
      for (const kind of ["hang", "stall", "drip"]) {
        const response = await ask(worker, files, `?behave=${kind}`);
        const { error } = await response.json();
        assert.deepEqual([kind, response.status, error.code], [kind, 504, "deadline"]);
      }
    }),
});

/** So far away that no machine is too slow. */
const FAR = 600_000;

Deno.test({
  name: "a file's server that goes on answering 503 is a 502 after the tries, and leaves its place",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    serve(FAR, async (worker, files) => {
      for (let i = 0; i < 2; i++) {
        const response = await ask(worker, files, "?behave=status&status=503");
        assert.deepEqual([response.status, (await response.json()).error.code], [502, "http-status"]);
      }
      assert.equal(files.log.length, 8);
    }),
});

Deno.test({
  name: "one request is answered and one waits; the third is told when to come back, and then answered",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    serve(FAR, async (worker, files) => {
      const release = files.hold();
      const first = ask(worker, files);
      await until(() => files.log.length === 1);
      const told: (string | null)[] = [];
      const comeBack = async (): Promise<Response> => {
        for (;;) {
          const response = await ask(worker, files);
          if (response.status !== 503) return response;
          await response.text();
          told.push(response.headers.get("retry-after"));
        }
      };
      const others = [comeBack(), comeBack()];
      await until(() => told.length > 0);
      assert.equal(files.log.length, 1);
      release();
      for (const response of [await first, ...await Promise.all(others)]) {
        assert.equal(response.status, 200);
        assert.deepEqual((await response.json()).shape, [3, 8]);
      }
      assert.ok(told.every((seconds) => /^[1-3]$/.test(seconds ?? "")), told.join());
    }),
});
