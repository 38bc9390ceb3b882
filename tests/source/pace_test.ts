import assert from "node:assert/strict";
import { Pace } from "../../src/source/pace.ts";

/** A pace whose turns come when the test says so. */
function paced(bounds = { calls: 4, bytes: 100 }) {
  const waiting: (() => void)[] = [];
  const pace = new Pace((then) => void waiting.push(then), bounds);
  const turn = async () => {
    for (const then of waiting.splice(0)) then();
    await Promise.resolve();
  };
  return { pace, turn, waiting };
}

Deno.test("work within the bounds starts at once, what is beyond them waits for a turn", async () => {
  const { pace, turn, waiting } = paced();
  for (let i = 0; i < 4; i++) assert.equal(pace.start(1, 10), undefined);
  const log: string[] = [];
  const fifth = pace.start(1, 10)!.then(() => log.push("fifth"));
  assert.equal(waiting.length, 1);
  await turn();
  await fifth;
  assert.deepEqual(log, ["fifth"]);
  assert.equal(pace.start(1, 90), undefined, "the turn has begun anew, with the fifth");
  assert.notEqual(pace.start(1, 1), undefined, "and its bytes are used up");
});

Deno.test("a piece that is larger than the bounds has a turn for itself", () => {
  const { pace } = paced();
  assert.equal(pace.start(1, 1000), undefined);
  assert.notEqual(pace.start(1, 0), undefined);
});

Deno.test("who waits is served in order, at most as much between two turns as the bounds say", async () => {
  const { pace, turn } = paced();
  const order: number[] = [];
  const all = Array.from({ length: 10 }, (_, i) => {
    const started = pace.start(1, 0);
    if (started === undefined) order.push(i);
    return (started ?? Promise.resolve()).then(() => started && order.push(i));
  });
  assert.deepEqual(order, [0, 1, 2, 3]);
  await turn();
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7]);
  await turn();
  await Promise.all(all);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("who is aborted while it waits is told at once, and the others go on", async () => {
  const { pace, turn } = paced();
  for (let i = 0; i < 4; i++) pace.start(1, 0);
  const controller = new AbortController();
  const aborted = pace.start(1, 0, controller.signal)!;
  const other = pace.start(1, 0)!;
  controller.abort(new Error("enough"));
  await assert.rejects(aborted, /enough/);
  await turn();
  await other;
});

Deno.test("a turn lets a timer that is due, and a message, have theirs", async () => {
  const pace = new Pace(undefined, { calls: 1, bytes: 1 });
  let timer = false;
  let message = false;
  setTimeout(() => timer = true, 0);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => message = true;
  port2.postMessage(null);
  let turns = 0;
  for (; !(timer && message) && turns < 1_000_000; turns++) await pace.start(1, 0);
  port1.close();
  assert.ok(timer && message, `neither came in ${turns} turns`);
});

Deno.test("in Workers each who waits has a turn of its own: what another request started may end with it", async () => {
  const turns: (() => void)[] = [];
  const apart = new Pace((then) => void turns.push(then), { calls: 2, bytes: 100 }, false);
  assert.equal(apart.start(2, 0), undefined);
  const [first, second] = [apart.start(2, 0)!, apart.start(2, 0)!];
  assert.equal(turns.length, 2);
  // The request of the first one has ended, and its timer never goes off.
  turns[1]!();
  await second;
  let waits = true;
  first.then(() => waits = false);
  await Promise.resolve();
  assert.ok(waits);
});
