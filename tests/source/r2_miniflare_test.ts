import assert from "node:assert/strict";
import { Miniflare } from "../support/tools/miniflare.ts";
import { type R2BucketLike, r2Source } from "../../src/source/local/r2.ts";
import { errorOf, pattern, range } from "./support.ts";

Deno.test({
  name: "r2Source() reads from a real bucket (miniflare): ranges, short, empty and missing objects, and a new version",
  // The proxy to workerd keeps connections of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const miniflare = new Miniflare({
      modules: true,
      script: "export default { fetch: () => new Response() }",
      r2Buckets: ["RECORDINGS"],
    });
    try {
      // miniflare's types stand on Cloudflare's, which Deno doesn't have.
      const bucket = await miniflare.getR2Bucket("RECORDINGS") as unknown as R2BucketLike & {
        put(key: string, value: Uint8Array): Promise<unknown>;
      };
      const bytes = pattern(300_000);
      await bucket.put("a.nwb", bytes);
      await bucket.put("short", bytes.subarray(0, 10));
      await bucket.put("empty", new Uint8Array(0));
      const source = await r2Source(bucket, "a.nwb");
      assert.deepEqual([source.byteLength, source.head.length], [300_000, 65_536]);
      assert.deepEqual(await source.read(range(299_000, 1000)), bytes.subarray(299_000));
      assert.deepEqual((await r2Source(bucket, "short")).head, bytes.subarray(0, 10));
      assert.equal((await r2Source(bucket, "empty")).byteLength, 0);
      assert.equal((await errorOf(r2Source(bucket, "none"))).code, "not-found");
      await bucket.put("a.nwb", bytes.map((byte) => byte ^ 1));
      assert.equal((await errorOf(source.read(range(299_000, 1000)))).code, "file-changed");
    } finally {
      await miniflare.dispose();
    }
  },
});
