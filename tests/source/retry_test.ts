import assert from "node:assert/strict";
import { parseRetryAfter, TransientFailure, withRetries } from "../../src/source/fetch/retry.ts";
import { errorOf } from "./support.ts";

Deno.test("withRetries() tries again what may pass, and numbers the tries", async () => {
  const numbers: number[] = [];
  const result = await withRetries((number) => {
    numbers.push(number);
    return number < 2 ? Promise.reject(new TransientFailure(new Error("busy"))) : Promise.resolve("done");
  }, { backoff: 1 });
  assert.equal(result, "done");
  assert.deepEqual(numbers, [0, 1, 2]);
});

Deno.test("withRetries() stops after so many tries and throws the last failure itself", async () => {
  let tries = 0;
  const failures: Error[] = [];
  const error = await errorOf(withRetries(() => {
    failures.push(new Error(`try ${++tries}`));
    return Promise.reject(new TransientFailure(failures.at(-1) as Error));
  }, { attempts: 3, backoff: 1 }));
  assert.equal(tries, 3);
  assert.equal(error, failures[2]);
});

Deno.test("withRetries() does not try again what is final", async () => {
  let tries = 0;
  const final = new Error("final");
  const error = await errorOf(withRetries(() => {
    tries++;
    return Promise.reject(final);
  }));
  assert.deepEqual([tries, error], [1, final]);
});

Deno.test("withRetries() waits a random part of a time that doubles, or what the server asks up to a limit", async () => {
  const waits: number[] = [];
  const { setTimeout: realTimeout } = globalThis;
  const { random } = Math;
  Math.random = () => 0.5;
  globalThis.setTimeout = ((run: () => void, wait: number) => {
    waits.push(wait);
    return realTimeout(run, 0);
  }) as typeof setTimeout;
  try {
    const fail = (retryAfter?: number) =>
      errorOf(withRetries(() => Promise.reject(new TransientFailure(new Error("busy"), retryAfter)), {
        attempts: 9,
        backoff: 100,
        maxRetryAfter: 2000,
      }));
    await fail();
    assert.deepEqual(waits, [50, 100, 200, 400, 800, 1600, 3200, 5000]);
    waits.length = 0;
    await fail(1234);
    assert.deepEqual(waits, Array(8).fill(1234));
    waits.length = 0;
    await fail(3_600_000);
    assert.deepEqual(waits, Array(8).fill(2000));
  } finally {
    globalThis.setTimeout = realTimeout;
    Math.random = random;
  }
});

Deno.test("withRetries() ends its waiting when it is aborted", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const failing = withRetries(
    () => {
      setTimeout(() => controller.abort(reason), 0);
      return Promise.reject(new TransientFailure(new Error("busy"), 60_000));
    },
    { maxRetryAfter: 60_000 },
    controller.signal,
  );
  assert.equal(await errorOf(failing), reason);
});

Deno.test("parseRetryAfter() reads seconds and dates, and nothing else", () => {
  const now = Date.parse("Wed, 21 Oct 2026 07:28:00 GMT");
  assert.equal(parseRetryAfter("120", now), 120_000);
  assert.equal(parseRetryAfter(" 0 ", now), 0);
  assert.equal(parseRetryAfter("Wed, 21 Oct 2026 07:28:05 GMT", now), 5000);
  assert.equal(parseRetryAfter("Wed, 21 Oct 2020 07:28:05 GMT", now), 0);
  assert.equal(parseRetryAfter("soon", now), undefined);
  assert.equal(parseRetryAfter(null, now), undefined);
});
