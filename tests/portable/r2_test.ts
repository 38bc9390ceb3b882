import assert from "node:assert/strict";
import { open, slice, toNested } from "../../mod.ts";
import { bundle, readWasm, stopBundler } from "../support/bundle.ts";
import { startWorker } from "../support/run_workerd.ts";

const FILE = new URL("../data/signal.h5", import.meta.url);

const WORKER = `import module from "./hdf5.wasm";
import { init, open, slice, toNested } from "./microtome.js";
await init({ module });
export default {
  async fetch(request, { BUCKET }) {
    if (request.method === "PUT") {
      await BUCKET.put("signal.h5", await request.arrayBuffer());
      return new Response();
    }
    try {
      const file = await open({ bucket: BUCKET, key: new URL(request.url).pathname.slice(1) }, { smallFileBytes: 0 });
      const array = await (await file.dataset("/signal")).read([slice(5000, 5010)]);
      const { cost, byteLength } = file;
      await file.close();
      return Response.json({ data: toNested(array), cost, byteLength });
    } catch ({ name, code, message }) {
      return Response.json({ name, code, message });
    }
  },
};`;

Deno.test({
  name: "a Worker slices an object of an R2 bucket through its binding",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const microtome = await bundle({ entry: new URL("../../mod.ts", import.meta.url) });
    await stopBundler();
    await using worker = await startWorker([
      { name: "worker.js", contents: WORKER },
      { name: "microtome.js", contents: microtome },
      { name: "hdf5.wasm", contents: await readWasm() },
    ], { r2Buckets: ["BUCKET"] });
    const put = await fetch(worker.url, { method: "PUT", body: await Deno.readFile(FILE) });
    assert.equal(put.status, 200, await put.text());

    const { data, cost, byteLength } = await (await fetch(new URL("signal.h5", worker.url))).json();
    await using file = await open(FILE);
    assert.deepEqual(data, toNested(await (await file.dataset("/signal")).read([slice(5000, 5010)])));
    assert.equal(byteLength, file.byteLength);
    assert.ok(cost.requests > 0 && cost.bytes < byteLength, JSON.stringify(cost));

    const absent = await (await fetch(new URL("absent.h5", worker.url))).json();
    assert.deepEqual([absent.name, absent.code], ["NotFoundError", "not-found"]);
  },
});
