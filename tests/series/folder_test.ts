import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ndarray } from "../../src/array/ndarray.ts";
import { Npz } from "../../src/npy/npz.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { Folder } from "../../src/series/folder/folder.ts";
import { loadFolder } from "../../src/series/folder/load.ts";
import { fileLabel, formatPanel, formatTree, jsonText, printable, timeText } from "../../src/series/folder/text.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { encodeSeriesNpz, saveNpz } from "../../src/series/npz/write.ts";
import { Ts } from "../../src/series/ts.ts";
import { Tsd } from "../../src/series/tsd.ts";
import {
  CorruptFileError,
  LimitError,
  NotFoundError,
  UnsupportedError,
  WriteError,
  WrongKindError,
} from "../../src/source/errors.ts";

const TSD = new Tsd([0, 1, 2], [5, 6, 7]);
const BYTES = await encodeSeriesNpz(TSD);
const noLinks = Deno.build.os === "windows";

/** Runs in a folder of files; `outside` lies beside it. */
function inFolder(
  files: Readonly<Record<string, Uint8Array | string>>,
  run: (path: string, outside: string) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const base = mkdtempSync(join(tmpdir(), "microtome-folder-"));
    const path = join(base, "project");
    mkdirSync(path);
    mkdirSync(join(base, "outside"));
    for (const [name, data] of Object.entries(files)) {
      mkdirSync(join(path, name, ".."), { recursive: true });
      writeFileSync(join(path, name), data);
    }
    try {
      await run(path, join(base, "outside"));
    } finally {
      rmSync(base, { recursive: true });
    }
  };
}

const PROJECT = {
  "x.npz": BYTES,
  "sub-B/ses-1/my tsd.npz": BYTES,
  "sub-A/epochs.npz": await encodeSeriesNpz(new IntervalSet([0], [1])),
  "sub-A/other.npz": await encodeNpz({ a: ndarray(Int8Array.of(1)) }),
  "sub-A/rec.nwb": "not looked into",
  "sub-A/notes.txt": "",
  ".hidden/x.npz": BYTES,
  "._x.npz": "",
  "broken.npz": "PK",
};

Deno.test(
  "a folder is a dictionary of what is in it: NPZ files, NWB files, folders, without hidden ones and others",
  inFolder(PROJECT, async (path) => {
    await using folder = await loadFolder(path);
    assert.deepEqual([folder.name, folder.length, folder.keys()], ["project", 4, ["broken", "x", "sub-A", "sub-B"]]);
    assert.deepEqual(folder.keys().map((key) => folder.kindOf(key)), ["npz", "npz", "folder", "folder"]);
    assert.deepEqual([folder.has("x"), folder.has("x.npz"), folder.has(".hidden")], [true, false, false]);
    assert.deepEqual(folder.subfolder("sub-A").keys(), ["epochs", "other", "rec"]);
    assert.deepEqual(folder.subfolder("sub-B").subfolder("ses-1").keys(), ["mytsd"]);
    assert.throws(() => folder.subfolder("x"), WrongKindError);
    assert.throws(() => folder.kindOf("y"), {
      name: "NotFoundError",
      message: /the key "y" in the folder .*project: it has broken, x, sub-A, sub-B$/,
    });
    assert.deepEqual((await loadFolder(pathToFileURL(path))).keys(), folder.keys());
    await assert.rejects(loadFolder(join(path, "nothing")), NotFoundError);
    await assert.rejects(loadFolder(join(path, "x.npz")), WrongKindError);
  }),
);

Deno.test(
  "entries are opened when they are asked for, once, and again after a failure",
  inFolder(PROJECT, async (path) => {
    await using folder = await loadFolder(path);
    const [one, other] = await Promise.all([folder.get("x"), folder.get("x")]);
    assert.ok(one instanceof Tsd && one === other && !one.isLazy);
    const sub = await folder.get("sub-A");
    assert.ok(sub instanceof Folder);
    assert.ok(await sub.get("other") instanceof Npz);
    await assert.rejects(sub.get("rec"), UnsupportedError);
    await assert.rejects(folder.get("broken"), /Cannot/);
    writeFileSync(join(path, "broken.npz"), BYTES);
    assert.ok(await folder.get("broken") instanceof Tsd);

    const session = folder.subfolder("sub-B").subfolder("ses-1");
    await session.load();
    rmSync(join(path, "sub-B/ses-1/my tsd.npz"));
    assert.ok(await session.get("mytsd") instanceof Tsd);
    const all = new Map();
    for await (const [key, item] of folder) all.set(key, item);
    assert.deepEqual([...all.keys()], folder.keys());
  }),
);

Deno.test(
  "NWB files are opened by the function given, and closed with the folder; lazy NPZ files too",
  inFolder({ ...PROJECT, "x.npz": await encodeSeriesNpz(TSD) }, async (path) => {
    const log: string[] = [];
    const folder = await loadFolder(path, {
      lazy: true,
      openNwb: (file) => {
        log.push(file.slice(-13));
        return Promise.resolve({ close: () => void log.push("closed") });
      },
    });
    const sub = folder.subfolder("sub-A");
    assert.equal(await sub.get("rec"), await sub.get("rec"));
    const tsd = await folder.get("x") as Tsd;
    assert.ok(tsd.isLazy);
    assert.deepEqual((await tsd.get(1, 2).read()).data, Float64Array.of(6, 7));
    await folder.close();
    assert.deepEqual(log, ["sub-A/rec.nwb", "closed"]);
    await assert.rejects(tsd.read(), { name: "ClosedError" });
  }),
);

Deno.test(
  "the tree shows folders first, and what files hold; nothing is opened to print it",
  inFolder(PROJECT, async (path) => {
    await using folder = await loadFolder(path);
    assert.equal(
      String(folder),
      ["📂 project", "├── 📂 sub-A", "├── 📂 sub-B", "├── broken.npz      |        npz", "└── x.npz   |        npz"]
        .join("\n"),
    );
    assert.equal(
      await folder.format(),
      [
        "📂 project",
        "├── 📂 sub-A",
        "├── 📂 sub-B",
        "├── broken.npz      |        unreadable",
        "└── x.npz   |        Tsd",
      ]
        .join("\n"),
    );
    assert.equal(
      await folder.expand(),
      [
        "📂 project",
        "├── 📂 sub-A",
        "│   ├── epochs.npz      |        IntervalSet",
        "│   ├── other.npz       |        npz",
        "│   └── rec.nwb         |        NWB file",
        "├── 📂 sub-B",
        "│   └── 📂 ses-1",
        "│       └── my tsd.npz      |        Tsd",
        "├── broken.npz      |        unreadable",
        "└── x.npz   |        Tsd",
      ].join("\n"),
    );
  }),
);

Deno.test(
  "what is saved is in the folder at once, and there with its description when it is loaded again",
  inFolder(PROJECT, async (path) => {
    const folder = await loadFolder(path);
    const ts = new Ts([1, 2]);
    await folder.save("my spikes", ts, { description: "sorted\nby hand é" });
    await folder.save("x", ts);
    assert.equal(await folder.get("myspikes"), ts);
    assert.equal(await folder.get("x"), ts);
    assert.deepEqual(folder.keys(), ["broken", "myspikes", "x", "sub-A", "sub-B"]);
    assert.match(String(folder), /├── my spikes.npz {3}\| {8}Ts\n└── x.npz {3}\| {8}Ts$/);

    const again = await loadFolder(path);
    const loaded = await again.get("myspikes");
    assert.ok(loaded instanceof Ts);
    assert.deepEqual(loaded.times, ts.times);
    const { time, info } = (await again.describe("myspikes"))!;
    assert.equal(info, "sorted\nby hand é");
    assert.match(time!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    const panel = (await again.info("myspikes")).split("\n");
    assert.match(panel[0]!, /^╭─+ .*project\/my spikes.npz ─+╮$/);
    assert.deepEqual(panel.slice(1, 4).map((line) => line.replace(/ +│$/, "")), [
      `│ time : ${time}`,
      "│ info : sorted",
      "│ by hand é",
    ]);
    assert.equal(new Set(panel.map((line) => [...line].length)).size, 1);
    assert.equal(await again.doc("myspikes"), await again.metadata("myspikes"));
    assert.match(await again.info("sub-A"), /│ No metadata +│/);
    assert.equal(await again.describe("broken"), null);
    await assert.rejects(again.info("nothing"), NotFoundError);
    assert.deepEqual(readdirSync(path).filter((name) => name.includes(".part")), []);
  }),
);

Deno.test(
  "a failed save leaves the old file, and nothing else",
  inFolder({ "x.npz": BYTES }, async (path) => {
    const folder = await loadFolder(path);
    const wrong = new IntervalSet([0], [1], { metadata: { a: [{ b: 1 }] } });
    await assert.rejects(folder.save("x", wrong), UnsupportedError);
    await assert.rejects(folder.save("y", {} as Ts), TypeError);
    await assert.rejects(folder.save("x", TSD, { overwrite: false }), WriteError);
    assert.deepEqual(readdirSync(path), ["x.npz"]);
    assert.deepEqual(new Uint8Array(readFileSync(join(path, "x.npz"))), BYTES);
    assert.deepEqual(folder.keys(), ["x"]);
  }),
);

Deno.test(
  "names that lead elsewhere, or wouldn't be found again, are refused, and keys never become paths",
  inFolder({ "x.npz": BYTES, "sub/y.npz": BYTES }, async (path, outside) => {
    const folder = await loadFolder(path);
    const names = ["../x", "..", ".", "", "a/b", "/tmp/x", "a\\b", "C:x", "x\0", "x\n", ".x", "../outside/x", "\x7f"];
    for (const name of [...names, 1, null, undefined] as string[]) {
      await assert.rejects(folder.save(name, TSD), TypeError, name);
    }
    for (const key of ["../outside/x", "/etc/passwd", "sub/y", "./x", "x\0", "__proto__", "constructor", "toString"]) {
      await assert.rejects(folder.get(key), NotFoundError);
      await assert.rejects(folder.info(key), NotFoundError);
    }
    assert.deepEqual([readdirSync(outside), readdirSync(path)], [[], ["sub", "x.npz"]]);
    await folder.save("__proto__", TSD);
    assert.equal(await folder.get("__proto__"), TSD);
  }),
);

Deno.test({
  name: "symbolic links are followed in the folder, and left out where they lead out of it, or round",
  ignore: noLinks,
  fn: inFolder({ "x.npz": BYTES, "sub/y.npz": BYTES }, async (path, outside) => {
    writeFileSync(join(outside, "secret.npz"), BYTES);
    symlinkSync(join(outside, "secret.npz"), join(path, "stolen.npz"));
    symlinkSync(outside, join(path, "away"));
    symlinkSync("../..", join(path, "sub", "up"));
    symlinkSync("..", join(path, "sub", "round"));
    symlinkSync(".", join(path, "self"));
    symlinkSync("nowhere", join(path, "dangling.npz"));
    symlinkSync("x.npz", join(path, "same.npz"));
    symlinkSync("sub", join(path, "also"));
    symlinkSync("loop.npz", join(path, "loop.npz"));
    const folder = await loadFolder(path);
    assert.deepEqual(folder.keys(), ["same", "x", "also", "sub"]);
    assert.ok(await folder.get("same") instanceof Tsd);
    assert.deepEqual(folder.subfolder("also").keys(), ["y"]);
    assert.deepEqual(folder.subfolder("sub").keys(), ["y"]);
    assert.deepEqual(folder.warnings.length, 4);
    assert.ok(folder.warnings.some((text) => /^"stolen.npz" is left out: .*leads out of the folder$/.test(text)));
    assert.ok(folder.subfolder("sub").warnings.some((text) => text.startsWith('"up" is left out')));
  }),
});

Deno.test({
  name: "links that come later lead nobody out either: not to read, not to write, not a folder, not a sidecar",
  ignore: noLinks,
  fn: inFolder({ "x.npz": BYTES, "y.npz": BYTES, "sub/y.npz": BYTES, "z.npz": BYTES }, async (path, outside) => {
    const secret = join(outside, "secret.npz");
    writeFileSync(secret, BYTES);
    writeFileSync(join(outside, "y.npz"), BYTES);
    writeFileSync(join(outside, "secret.json"), `{"info": "secret"}`);
    const folder = await loadFolder(path);
    rmSync(join(path, "x.npz"));
    symlinkSync(secret, join(path, "x.npz"));
    await assert.rejects(folder.get("x"), WrongKindError);
    assert.match(await folder.expand(), /x\.npz {3}\| {8}unreadable/);
    await assert.rejects(folder.save("x", TSD), WriteError);

    renameSync(join(path, "sub"), join(path, "old"));
    symlinkSync(outside, join(path, "sub"));
    await assert.rejects(folder.subfolder("sub").get("y"), WrongKindError);
    await assert.rejects(folder.subfolder("sub").save("y", TSD), WrongKindError);

    symlinkSync(join(outside, "secret.json"), join(path, "y.json"));
    await assert.rejects(folder.info("y"), WrongKindError);
    await assert.rejects(folder.save("y", TSD), WriteError);
    symlinkSync(join(outside, "new.json"), join(path, "z.json"));
    await assert.rejects(folder.save("z", TSD), WriteError);
    assert.deepEqual(new Uint8Array(readFileSync(join(path, "z.npz"))), BYTES);
    assert.equal(existsSync(join(outside, "new.json")), false);
    assert.deepEqual(new Uint8Array(readFileSync(secret)), BYTES);
    assert.deepEqual(readFileSync(join(outside, "secret.json"), "utf8"), `{"info": "secret"}`);
    assert.deepEqual(readdirSync(outside).sort(), ["secret.json", "secret.npz", "y.npz"]);
  }),
});

Deno.test(
  "where two have the same key all can be reached: that of a folder counts first, as in pynapple",
  inFolder({ "a.npz": BYTES, "a.nwb": "", "a/x.npz": BYTES, "b c.npz": BYTES, "bc.npz": BYTES }, async (path) => {
    const folder = await loadFolder(path, { openNwb: (file) => Promise.resolve(file) });
    assert.deepEqual(folder.keys(), ["a.npz", "bc", "bc.npz", "a.nwb", "a"]);
    assert.ok(await folder.get("a") instanceof Folder);
    assert.ok(await folder.get("a.npz") instanceof Tsd);
    await folder.save("a", new Ts([1]));
    assert.ok(await folder.get("a.npz") instanceof Ts);
  }),
);

Deno.test(
  "sidecars that are no JSON, too long or hostile do no harm",
  inFolder(
    {
      "a.npz": BYTES,
      "a.json": "{",
      "b.npz": BYTES,
      "b.json": "[1]",
      "c.npz": BYTES,
      "c.json": `{"info": "${"x".repeat(2 ** 20)}"}`,
      "d.npz": BYTES,
      "d.json": `{"__proto__": "p", "n": 5, "info": "a\\u001b[31mred\\u0007\\r\\nb\\u202e", "list": [1]}`,
      "e.npz": BYTES,
      "e.json": Uint8Array.of(0xff, 0xfe),
      "f\x1b[2J.npz": BYTES,
    },
    async (path) => {
      const folder = await loadFolder(path);
      await assert.rejects(folder.info("a"), CorruptFileError);
      await assert.rejects(folder.info("b"), CorruptFileError);
      await assert.rejects(folder.info("c"), LimitError);
      await assert.rejects(folder.info("e"), CorruptFileError);
      const lines = (await folder.info("d")).split("\n").slice(1, -1).map((line) => line.replace(/ +│$/, ""));
      assert.deepEqual(lines, [
        "│ __proto__ : p",
        "│ n : 5",
        "│ info : a\ufffd[31mred\ufffd",
        "│ b\ufffd",
        "│ list : [1]",
      ]);
      // deno-lint-ignore no-control-regex -- these are what is looked for
      assert.doesNotMatch(String(folder) + await folder.expand() + folder.warnings.join(), /[\0-\x09\x0b-\x1f\x7f]/);
    },
  ),
);

Deno.test(
  "more folders in folders than anyone has are refused",
  inFolder({ [`${"d/".repeat(150)}x.npz`]: BYTES }, async (path) => {
    await assert.rejects(loadFolder(path), LimitError);
  }),
);

Deno.test("texts: tabs to every eighth column, frames, times and JSON as Python writes them", () => {
  assert.equal(fileLabel("abc.npz", "Ts"), "abc.npz         |        Ts");
  assert.equal(fileLabel("abcdef.npz", "Ts"), "abcdef.npz      |        Ts");
  assert.equal(
    formatTree({ label: "a", children: [{ label: "b", children: [{ label: "c\nd" }] }, { label: "e" }] }),
    "a\n├── b\n│   └── c\n│       d\n└── e",
  );
  assert.equal(
    formatPanel("t", ["long line", ""]),
    "╭──── t ────╮\n│ long line │\n│           │\n╰───────────╯",
  );
  assert.equal(timeText(new Date(2026, 0, 2, 3, 4, 5, 6)), "2026-01-02 03:04:05.006000");
  assert.equal(jsonText({ a: "é\u{1f600}\x7f" }), '{\n  "a": "\\u00e9\\ud83d\\ude00\\u007f"\n}');
  assert.equal(printable("a\tb\u2028"), "a\ufffdb\ufffd");
});

Deno.test(
  "an object that was saved is written as pynapple has it, whatever the folder's name",
  inFolder({ "with space/x.npz": BYTES }, async (path) => {
    const folder = await loadFolder(path);
    assert.deepEqual(folder.keys(), ["with space"]);
    await folder.subfolder("with space").save("y", TSD);
    await saveNpz(join(path, "same.npz"), TSD);
    assert.deepEqual(readFileSync(join(path, "with space/y.npz")), readFileSync(join(path, "same.npz")));
  }),
);
