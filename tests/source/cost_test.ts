import assert from "node:assert/strict";
import { CostMeter, formatBytes, formatCost, subtractCost } from "../../src/source/cost.ts";
import type { Attempt, Cost, RequestEvent } from "../../src/source/types.ts";

const cost: Cost = { requests: 3, bytes: 412_345, roundTrips: 2, cacheHits: 0, cacheMisses: 0, retries: 0 };
const attempt: Attempt = { offset: 0, length: 100, received: 100, milliseconds: 1, attempt: 0 };

Deno.test("formatCost() says requests, bytes of the whole and round trips, in the form of the command line", () => {
  assert.equal(formatCost(cost, 42_212_345), "3 requests, 412 KB of 42.2 MB, 2 round trips");
});

Deno.test("formatCost() uses the singular for one", () => {
  assert.equal(
    formatCost({ ...cost, requests: 1, roundTrips: 1 }, 42_212_345),
    "1 request, 412 KB of 42.2 MB, 1 round trip",
  );
  assert.equal(
    formatCost({ ...cost, requests: 0, bytes: 0, roundTrips: 0 }, 96),
    "0 requests, 0 B of 96 B, 0 round trips",
  );
});

Deno.test("formatBytes() gives three digits that count, in decimal units", () => {
  const expected: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 KB"],
    [1536, "1.54 KB"],
    [65_536, "65.5 KB"],
    [999_400, "999 KB"],
    [999_500, "1 MB"],
    [64_000_000, "64 MB"],
    [1_234_567_890, "1.23 GB"],
    [2.5e12, "2.5 TB"],
  ];
  for (const [bytes, text] of expected) assert.equal(formatBytes(bytes), text);
});

Deno.test("CostMeter adds up, and a reading of it does not change", () => {
  const meter = new CostMeter();
  const before = meter.cost;
  meter.record("a", attempt, 1);
  meter.record("a", { ...attempt, attempt: 1, received: 7 }, 2);
  meter.countPages(3, 1);
  assert.deepEqual(before, { requests: 0, bytes: 0, roundTrips: 0, cacheHits: 0, cacheMisses: 0, retries: 0 });
  assert.deepEqual(meter.cost, { requests: 2, bytes: 107, roundTrips: 2, cacheHits: 3, cacheMisses: 1, retries: 1 });
  assert.deepEqual(subtractCost(meter.cost, { ...cost, requests: 1, bytes: 100, roundTrips: 1 }), {
    requests: 1,
    bytes: 7,
    roundTrips: 1,
    cacheHits: 3,
    cacheMisses: 1,
    retries: 1,
  });
});

Deno.test("CostMeter tells onRequest of each request, and survives what it throws", () => {
  const events: RequestEvent[] = [];
  const meter = new CostMeter({
    onRequest(event) {
      events.push(event);
      throw new Error("a broken hook");
    },
  });
  meter.record("a", attempt, 4);
  assert.deepEqual(events, [{ source: "a", roundTrip: 4, ...attempt }]);
  assert.equal(meter.cost.requests, 1);
});
