import assert from "node:assert/strict";
import { withDeadline } from "../../examples/edge/deadline.ts";
import { Gate } from "../../examples/edge/gate.ts";
import { Refusal } from "../../examples/edge/refusal.ts";

const never = new AbortController().signal;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
  const error = await promise.then(() => undefined, (error) => error);
  assert.ok(error instanceof Refusal, String(error));
  return error;
}

Deno.test("so many pass at once, the next wait in their order, all others are told when to come back", async () => {
  const gate = new Gate({ places: 2, waiting: 2, patience: 5000, lease: 5000 });
  const [first, second] = [await gate.enter(never), await gate.enter(never)];
  const order: number[] = [];
  const waiting = [3, 4].map((number) => gate.enter(never).then((leave) => (order.push(number), leave)));
  const sent = await refusalOf(gate.enter(never));
  assert.deepEqual([sent.status, sent.code], [503, "busy"]);
  assert.ok(sent.retryAfter !== undefined && sent.retryAfter >= 1 && sent.retryAfter <= 3);
  assert.deepEqual([gate.busy, order], [2, []]);
  first();
  first();
  const third = await waiting[0]!;
  assert.deepEqual([gate.busy, order], [2, [3]]);
  second();
  third();
  (await waiting[1]!)();
  assert.deepEqual([gate.busy, order], [0, [3, 4]]);
});

Deno.test("who waits too long is told to come back, and who goes away waits no longer", async () => {
  const gate = new Gate({ places: 1, waiting: 1, patience: 60, lease: 5000 });
  const leave = await gate.enter(never);
  assert.equal((await refusalOf(gate.enter(never))).status, 503);
  const client = new AbortController();
  const gone = gate.enter(client.signal);
  client.abort(new Error("gone"));
  await assert.rejects(gone, /gone/);
  leave();
  (await gate.enter(never))();
});

Deno.test("a place that is never given back is free again when its lease runs out", async () => {
  const gate = new Gate({ places: 1, waiting: 1, patience: 2000, lease: 50 });
  await gate.enter(never);
  const leave = await gate.enter(never);
  assert.equal(gate.busy, 1);
  leave();
});

Deno.test("a request that takes too long is a 504, whether what it does listens or not", async () => {
  const deaf = await refusalOf(withDeadline(30, never, () => new Promise(() => {})));
  assert.deepEqual([deaf.status, deaf.code], [504, "deadline"]);
  let reason: unknown;
  const hearing = withDeadline(
    30,
    never,
    (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          reason = signal.reason;
          reject(signal.reason);
        })
      ),
  );
  assert.equal((await refusalOf(hearing)).status, 504);
  await pause(0);
  assert.ok(reason instanceof Refusal);
  assert.equal(await withDeadline(5000, never, () => Promise.resolve(7)), 7);
  const client = new AbortController();
  client.abort(new Error("gone"));
  await assert.rejects(
    withDeadline(5000, client.signal, (signal) => Promise.reject(signal.reason)),
    /gone/,
  );
});
