import assert from "node:assert/strict";
import { type Progress, progressLine, ProgressMeter, timeText } from "../../src/batch/progress/progress.ts";
import { progressBar } from "../../src/batch/progress/progress_bar.ts";
import { standardError } from "../../src/batch/progress/terminal_node.ts";

const HALF: Progress = {
  done: 2,
  total: 4,
  bytes: 200e6,
  totalBytes: 400e6,
  elapsed: 2.5,
  rate: 80e6,
  remaining: 2.5,
};

Deno.test("a line of progress shows a bar, steps, bytes, rate and time left", () => {
  assert.equal(
    progressLine(HALF, 80),
    "▕████████████            ▏  50 %  2 of 4, 200 MB of 400 MB, 80 MB/s, 2.5 s left",
  );
  assert.equal(
    progressLine({ ...HALF, done: 4, bytes: 400e6, remaining: 0 }, 80, "Copy"),
    "Copy ▕████████████████████████▏ 100 %  4 of 4, 400 MB of 400 MB, 80 MB/s, 2.5 s",
  );
});

Deno.test("a line of progress keeps to the width of the terminal, and does without what isn't known", () => {
  const unknown = { ...HALF, total: null, totalBytes: null, remaining: null };
  assert.equal(progressLine(unknown, 80), "2, 200 MB, 80 MB/s, 2.5 s");
  assert.equal(progressLine({ ...unknown, rate: 0, elapsed: 0 }, 80, "Copy"), "Copy 2, 200 MB, 0 s");
  for (let columns = 1; columns < 200; columns++) {
    for (const progress of [HALF, unknown]) assert.ok(progressLine(progress, columns, "Copy").length < columns + 0.5);
  }
  assert.equal(progressLine(HALF, 30), "50 %  2 of 4, 200 MB of 400 M");
});

Deno.test("an empty piece of work is done", () => {
  assert.match(progressLine({ ...HALF, done: 0, total: 0, bytes: 0, totalBytes: 0, remaining: null }, 80), / 100 % /);
});

Deno.test("times are short texts", () => {
  const texts: [number, string][] = [
    [0, "0 s"],
    [0.04, "0 s"],
    [0.25, "0.3 s"],
    [9.9, "9.9 s"],
    [9.96, "10 s"],
    [59.4, "59 s"],
    [59.6, "1:00"],
    [185, "3:05"],
    [3723, "1:02:03"],
    [86_400, "24:00:00"],
  ];
  for (const [seconds, text] of texts) assert.equal(timeText(seconds), text);
});

Deno.test("a meter without totals can't say what remains; with steps alone it goes by these", () => {
  const open = new ProgressMeter(null, null);
  open.advance(10);
  assert.deepEqual([open.progress.done, open.progress.bytes, open.progress.remaining], [1, 10, null]);
  const steps = new ProgressMeter(2, null);
  assert.equal(steps.progress.remaining, null);
  steps.advance(0);
  const { elapsed, remaining } = steps.progress;
  assert.equal(remaining, elapsed);
});

Deno.test("a bar draws at most once per interval, and always at the end", () => {
  const drawn: string[] = [];
  const bar = progressBar({ write: (text) => drawn.push(text), interval: 60_000, columns: 50 })!;
  for (let i = 0; i < 5; i++) bar.update(HALF);
  assert.equal(drawn.length, 1);
  bar.end(HALF);
  assert.equal(drawn.length, 2);
  assert.ok(drawn[1]!.startsWith("\r\x1b[K") && drawn[1]!.endsWith("\n"));
});

Deno.test("the terminal is standard error, if that is one; without one there is no bar", () => {
  const { process } = globalThis as unknown as { process: unknown };
  const withProcess = (fake: unknown, run: () => void) => {
    Object.defineProperty(globalThis, "process", { value: fake, configurable: true, writable: true });
    try {
      run();
    } finally {
      Object.defineProperty(globalThis, "process", { value: process, configurable: true, writable: true });
    }
  };
  let written = "";
  const stderr = { isTTY: true, columns: 40, write: (text: string) => written += text };
  withProcess({ stderr }, () => {
    assert.equal(standardError()?.columns, 40);
    progressBar()!.update(HALF);
    assert.ok(written.length > 10 && written.length < 50);
  });
  withProcess({ stderr: { ...stderr, isTTY: false } }, () => assert.equal(progressBar(), null));
  withProcess(undefined, () => assert.equal(standardError(), null));
});
