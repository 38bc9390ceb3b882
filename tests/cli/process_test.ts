import assert from "node:assert/strict";
import { printable, printableName } from "../../src/cli/io.ts";
import { writeWhole } from "../../src/cli/io_node.ts";
import { progressLine, withProgress } from "../../src/cli/progress.ts";
import { fixture, run } from "./support.ts";

const entry = decodeURIComponent(new URL("../../src/cli/cli.ts", import.meta.url).pathname);

async function start(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-A", entry, ...args], stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("the program prints to the right streams, writes files and exits by its codes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const output = `${folder}/x.csv`;
    const [good, no, wrong] = await Promise.all([
      start("show", fixture("signal.h5"), "/signal", "--select=0:2,0", "-o", output),
      start("show", fixture("signal.h5"), "/nothing"),
      start("frob"),
    ]);
    assert.equal(good.code, 0, good.stderr);
    assert.equal(good.stdout, "");
    assert.match(good.stderr, /^Wrote .*\n\d+ requests?, .* round trips?\n$/);
    assert.match(await Deno.readTextFile(output), /^-?\d+\n-?\d+\n$/);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), (entry) => entry.name), ["x.csv"]);
    assert.deepEqual([no.code, no.stdout], [1, ""]);
    assert.equal(no.stderr.split("\n").length, 2, no.stderr);
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a file that can't be written whole leaves what was there, and nothing beside it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/x.csv`;
    await Deno.writeTextFile(path, "before");
    const failing = (function* () {
      yield "half";
      throw new Error("no more");
    })();
    await assert.rejects(writeWhole(path, failing), /no more/);
    assert.equal(await Deno.readTextFile(path), "before");
    await writeWhole(path, ["after", new Uint8Array([33])]);
    assert.equal(await Deno.readTextFile(path), "after!");
    await assert.rejects(
      writeWhole(`${folder}/no/x.csv`, []),
      /^Error: Cannot write ".*x\.csv": there is no such folder$/,
    );
    await Deno.mkdir(`${folder}/dir.csv`);
    await assert.rejects(writeWhole(`${folder}/dir.csv`, [""]), /Cannot write/);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), (entry) => entry.name).sort(), ["dir.csv", "x.csv"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an interrupted call exits by 130 and writes nothing", async () => {
  const { code, stdout, files } = await run(
    ["show", fixture("signal.h5"), "/signal", "-o", "x.npy"],
    { signal: AbortSignal.abort(new Error("Interrupted")) },
  );
  assert.deepEqual([code, stdout, files.size], [130, "", 0]);
});

Deno.test("progress is drawn on a terminal after a second, and gone at the end", async () => {
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  let drawn = "";
  const io = {
    stdout: () => Promise.resolve(),
    stderr: (text: string) => void (drawn += text),
    isTerminal: true,
    columns: 80,
    writeFile: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  const progress = () => ({ fraction: 0.5, text: "1 MB" });
  assert.equal(await withProgress(io, progress, () => wait(300).then(() => 7)), 7);
  assert.equal(drawn, "");
  await assert.rejects(
    withProgress(io, progress, async () => {
      await wait(1300);
      throw new Error("failed");
    }),
    /failed/,
  );
  assert.match(drawn, /█/);
  assert(drawn.endsWith("\r\x1b[K"));
  drawn = "";
  await withProgress({ ...io, isTerminal: false }, progress, () => wait(1200));
  assert.equal(drawn, "");
});

Deno.test("a progress bar fits its terminal", () => {
  assert.equal(
    progressLine({ fraction: 0.5, text: "1 MB" }, 80, 1500).length,
    40 + 2 + " 50 %".length + 1 + "  1 MB, 1 s".length,
  );
  for (const columns of [10, 20, 30, 40, 200]) {
    for (const fraction of [null, -1, 0, 0.4321, 1, 7]) {
      assert(progressLine({ fraction, text: "12.3 MB" }, columns, 61000).length < columns);
    }
  }
  assert.match(progressLine({ fraction: 1.2, text: "" }, 80, 0), /█{40}▏ 100 %/);
});

Deno.test("what a file holds can't move the cursor or turn the text around", () => {
  assert.equal(printable("a\x1b[2Jb\x9bc\u202ed\n\te\x7f"), "a\\u001b[2Jb\\u009bc\\u202ed\n\te\\u007f");
  assert.equal(printableName("a\nb"), "a\\u000ab");
  assert.equal(printable("µV, 日本"), "µV, 日本");
});
