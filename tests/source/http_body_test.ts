import assert from "node:assert/strict";
import { readBody } from "../../src/source/http/body.ts";

/** Runs something as if this were a Worker, where bodies are read straight to where they stay. */
async function asWorker(run: () => Promise<void>): Promise<void> {
  Object.assign(globalThis, { WebSocketPair: class {} });
  try {
    await run();
  } finally {
    Reflect.deleteProperty(globalThis, "WebSocketPair");
  }
}

/** An answer of several pieces, as a stream of bytes or of anything. */
function answer(pieces: readonly (readonly number[])[], type: "bytes" | undefined, end = true): Response {
  const left = pieces.map((piece) => Uint8Array.from(piece));
  const source = {
    pull(controller: ReadableByteStreamController | ReadableStreamDefaultController) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (end) {
        controller.close();
        if ("byobRequest" in controller) controller.byobRequest?.respond(0);
      }
    },
  };
  return new Response(
    type === undefined ? new ReadableStream<Uint8Array>(source) : new ReadableStream({ ...source, type }),
  );
}

const never = new AbortController().signal;

for (const worker of [false, true]) {
  for (const type of ["bytes", undefined] as const) {
    Deno.test(`a body of ${type ?? "pieces"} is read as it is, exact, short or long${worker ? ", in a Worker" : ""}`, async () => {
      const all = async () => {
        const cases = [
          { pieces: [[1, 2], [3], [4, 5]], bytes: [1, 2, 3, 4, 5], overflows: false, received: 5 },
          { pieces: [[1, 2], [3]], bytes: [1, 2, 3], overflows: false, received: 3 },
          { pieces: [], bytes: [], overflows: false, received: 0 },
        ];
        for (const { pieces, bytes, overflows, received } of cases) {
          let told = 0;
          const found = await readBody(answer(pieces, type), 5, never, (count) => told += count, 5);
          assert.deepEqual([[...found.bytes], found.overflows, told], [bytes, overflows, received]);
        }
        const long = await readBody(answer([[1, 2, 3], [4, 5], [6]], type), 5, never, () => {}, 5);
        assert.deepEqual([[...long.bytes], long.overflows], [[1, 2, 3, 4, 5], true]);
      };
      await (worker ? asWorker(all) : all());
    });
  }
}

Deno.test("in a Worker, reading a body ends with the signal", async () => {
  await asWorker(async () => {
    const controller = new AbortController();
    const reading = readBody(answer([[1, 2]], "bytes", false), 5, controller.signal, () => {}, 5);
    controller.abort(new Error("enough"));
    await assert.rejects(reading, /enough/);
  });
});
