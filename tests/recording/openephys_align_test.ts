import assert from "node:assert/strict";
import { alignSections, type TimedStream } from "../../src/recording/formats/openephys/binary/align_sections.ts";
import { nearestSpan } from "../../src/recording/formats/openephys/nearest_span.ts";
import { lineEpochs } from "../../src/recording/formats/openephys/binary/ttl.ts";

let seed = 4711;
const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;

function randomStream(goesBack: boolean): TimedStream {
  const sampleRate = [10, 1000, 2500, 30000][random(4)]!;
  let row = 0;
  let time = random(100) / 10;
  const sections = Array.from({ length: random(5) }, () => {
    const start = row;
    row += 1 + random(sampleRate * 5);
    const tStart = time;
    time += (row - start) / sampleRate + (goesBack && random(3) === 0 ? -20 : 1 + random(2000)) / 1000;
    if (goesBack && random(4) === 0) time = random(10);
    return { start, stop: row, tStart };
  });
  return { sampleRate, sections };
}

for (const goesBack of [false, true]) {
  Deno.test(`every sample is in one segment, in order, whatever gaps streams have${goesBack ? ", also where clocks go back" : ""}`, () => {
    for (let round = 0; round < 2000; round++) {
      const streams = Array.from({ length: 1 + random(4) }, () => randomStream(goesBack));
      const cuts = alignSections(streams);
      streams.forEach(({ sections, sampleRate }, s) => {
        const parts = cuts.map((segment) => segment[s]!).filter((part) => part !== null);
        const ordered = [...parts].sort((a, b) => a.start - b.start);
        let row = 0;
        for (const part of ordered) {
          assert.equal(part.start, row, `round ${round}`);
          row = part.stop;
          const section = sections.find(({ start, stop }) => part.start >= start && part.stop <= stop);
          assert.ok(section !== undefined, `round ${round}: a part lies in two runs`);
          assert.ok(Math.abs(part.tStart - section.tStart - (part.start - section.start) / sampleRate) < 1e-9);
        }
        assert.equal(row, sections.at(-1)?.stop ?? 0, `round ${round}`);
        if (!goesBack) assert.deepEqual(parts, ordered);
      });
    }
  });
}

Deno.test("the nearest of many stretches is found as by looking at all", () => {
  for (let round = 0; round < 500; round++) {
    let time = 0;
    const spans = Array.from({ length: 1 + random(8) }, () => {
      if (random(5) === 0) return null;
      time += random(5);
      const tStart = time;
      time += random(5);
      return { tStart, tStop: time };
    });
    const find = nearestSpan(spans);
    for (let seconds = -2; seconds < time + 2; seconds += 0.5) {
      const away = spans.map((span) =>
        span === null ? Infinity : Math.max(0, span.tStart - seconds, seconds - span.tStop)
      );
      const least = Math.min(...away);
      if (least < Infinity) assert.equal(away[find(seconds)], least);
    }
  }
});

Deno.test("a rise whose fall was lost begins anew, and line 64 is a line", () => {
  const found = lineEpochs({
    times: [1, 5, 9, 12],
    states: [1, 1, -1, -64],
    initialState: 1n << 63n,
    begin: 0,
    end: 20,
  });
  assert.deepEqual([...found.starts], [0, 1, 5]);
  assert.deepEqual([...found.durations], [12, 4, 4]);
  assert.deepEqual(found.lines, [64, 1, 1]);
});
