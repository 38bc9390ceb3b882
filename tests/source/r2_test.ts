import assert from "node:assert/strict";
import { type R2BucketLike, type R2GetOptions, type R2ObjectLike, r2Source } from "../../src/source/local/r2.ts";
import type { Attempt } from "../../src/source/types.ts";
import { errorOf, pattern, range } from "./support.ts";

const BYTES = pattern(300_000);

/** A bucket with one object that behaves as R2 does. */
class Bucket implements R2BucketLike {
  readonly gets: R2GetOptions[] = [];
  etag = "v1";
  bytes = BYTES;
  /** Errors that the next gets throw. */
  failures: Error[] = [];

  // deno-lint-ignore require-await
  async get(key: string, options: R2GetOptions = {}): Promise<R2ObjectLike | null> {
    this.gets.push(options);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    if (key !== "a.nwb") return null;
    const { range: { offset, length } = { offset: 0, length: this.bytes.length }, onlyIf } = options;
    if (offset >= this.bytes.length) throw new Error("get: The requested range is not satisfiable (10039)");
    const object = { size: this.bytes.length, etag: this.etag };
    if (onlyIf !== undefined && onlyIf.etagMatches !== this.etag) return object;
    return { ...object, arrayBuffer: () => Promise.resolve(this.bytes.slice(offset, offset + length).buffer) };
  }

  head(key: string): Promise<R2ObjectLike | null> {
    return Promise.resolve(key === "a.nwb" ? { size: this.bytes.length, etag: this.etag } : null);
  }
}

Deno.test("r2Source() learns the size from the first get, and pins the version", async () => {
  const bucket = new Bucket();
  const source = await r2Source(bucket, "a.nwb", { headBytes: 1000 });
  assert.deepEqual([source.name, source.byteLength, source.etag], ["r2:a.nwb", 300_000, "v1"]);
  assert.deepEqual(source.head, BYTES.subarray(0, 1000));
  assert.deepEqual(await source.read(range(10, 10)), BYTES.subarray(10, 20));
  assert.deepEqual(await source.read(range(999, 10)), BYTES.subarray(999, 1009));
  assert.deepEqual(bucket.gets, [
    { range: range(0, 1000) },
    { range: range(999, 10), onlyIf: { etagMatches: "v1" } },
  ]);
  assert.equal((await errorOf(source.read(range(299_999, 2)))).code, "truncated");
});

Deno.test("r2Source() opens an object shorter than the head, and an empty one", async () => {
  const bucket = new Bucket();
  bucket.bytes = BYTES.slice(0, 10);
  assert.deepEqual((await r2Source(bucket, "a.nwb")).head, BYTES.subarray(0, 10));
  bucket.bytes = new Uint8Array(0);
  assert.equal((await r2Source(bucket, "a.nwb")).byteLength, 0);
});

Deno.test("r2Source() says that there is no such object", async () => {
  const error = await errorOf(r2Source(new Bucket(), "b.nwb"));
  assert.deepEqual([error.code, error.message], ["not-found", "Cannot open r2:b.nwb: the bucket has no such object"]);
});

Deno.test("r2Source() refuses to mix versions of an object", async () => {
  const bucket = new Bucket();
  const source = await r2Source(bucket, "a.nwb");
  bucket.etag = "v2";
  assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "file-changed");
  bucket.get = () => Promise.resolve(null);
  const error = await errorOf(source.read(range(100_000, 10)));
  assert.match(error.message, /the object has changed since it was opened, it is gone$/);
});

Deno.test("r2Source() tries again what fails, counts each try, and gives up with a NetworkError", async () => {
  const bucket = new Bucket();
  const attempts: Attempt[] = [];
  const source = await r2Source(bucket, "a.nwb", { backoff: 1, attempts: 3 });
  bucket.failures = [new Error("internal error"), new Error("internal error")];
  await source.read(range(100_000, 10), { onAttempt: (attempt) => attempts.push(attempt) });
  assert.deepEqual(attempts.map(({ attempt, received }) => [attempt, received]), [[0, 0], [1, 0], [2, 10]]);
  bucket.failures = Array.from({ length: 3 }, () => new Error("internal error"));
  assert.equal((await errorOf(source.read(range(100_000, 10)))).code, "network");
});

Deno.test("r2Source() stops waiting when it is aborted", async () => {
  const bucket = new Bucket();
  const source = await r2Source(bucket, "a.nwb");
  bucket.get = () => new Promise(() => {});
  const controller = new AbortController();
  const reason = new Error("enough");
  const reading = errorOf(source.read(range(100_000, 10), { signal: controller.signal }));
  controller.abort(reason);
  assert.equal(await reading, reason);
});
