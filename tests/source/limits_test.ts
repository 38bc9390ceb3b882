import assert from "node:assert/strict";
import { defaultLimits, detectRuntime, resolveLimits } from "../../src/source/limits.ts";

Deno.test("detectRuntime() knows the runtimes by their globals, also those that imitate Node", () => {
  const node = { process: { versions: { node: "20.0.0" } } };
  assert.equal(detectRuntime({ navigator: { userAgent: "Cloudflare-Workers" }, ...node }), "workerd");
  assert.equal(detectRuntime({ WebSocketPair: {}, WorkerGlobalScope: {} }), "workerd");
  assert.equal(detectRuntime({ navigator: { userAgent: "Deno/2" }, Deno: {}, ...node }), "deno");
  assert.equal(detectRuntime({ Bun: {}, ...node }), "bun");
  assert.equal(detectRuntime(node), "node");
  assert.equal(detectRuntime({ navigator: { userAgent: "Mozilla/5.0" }, window: {} }), "browser");
  assert.equal(detectRuntime({ WorkerGlobalScope: {} }), "browser");
  assert.equal(detectRuntime({}), "unknown");
});

Deno.test("defaultLimits() leaves a Worker most of its 128 MB", () => {
  const { cacheBytes, maxBytesInFlight, wholeFileBytes, maxReadBytes, maxParallel } = defaultLimits("workerd");
  assert.ok(cacheBytes + maxBytesInFlight + wholeFileBytes + maxReadBytes <= 64 * 2 ** 20);
  assert.equal(maxParallel, 6);
});

Deno.test("resolveLimits() puts what is given over the defaults, and undefined is not given", () => {
  assert.deepEqual(resolveLimits({ gap: 5, cacheBytes: undefined }, "node"), { ...defaultLimits("node"), gap: 5 });
});

Deno.test("resolveLimits() refuses what is no limit", () => {
  assert.throws(() => resolveLimits({ maxParallel: 0 }), {
    name: "RangeError",
    message: /^Cannot use 0 as maxParallel/,
  });
  assert.throws(() => resolveLimits({ cacheBytes: -1 }), {
    name: "RangeError",
    message: /^Cannot use -1 as cacheBytes/,
  });
  assert.throws(() => resolveLimits({ gap: NaN }), RangeError);
  assert.equal(resolveLimits({ cacheBytes: 0, gap: 0 }).cacheBytes, 0);
});
