/** What can't be written to, what links lead to, and what is left when a process ends. */

import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { bundle, stopBundler } from "../support/bundle.ts";
import { create, ndarray, openRaw, writeNpy, writeNpz } from "../../mod.ts";
import { saveNpz, Ts } from "../../src/series/mod.ts";
import { WriteError } from "../../src/source/errors.ts";
import { createFile } from "../../src/source/sink/file_sink_node.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "microtome-target-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test.afterAll(stopBundler);

/** All that writes a file at a path. */
const WRITERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  create: async (path) => {
    const file = await create(path);
    await file.close();
  },
  writeNpy: (path) => writeNpy(path, ndarray(Int16Array.of(1, 2))),
  writeNpz: (path) => writeNpz(path, { a: ndarray(Int16Array.of(1, 2)) }),
  "openRaw w+": async (path) => {
    const array = await openRaw(path, { mode: "w+", dtype: "int16", shape: [2] });
    await array.close();
  },
  saveNpz: (path) => saveNpz(path, new Ts([1, 2])),
};

/** What can't be written to: makes it in a folder and gives its path. */
const IMPOSSIBLE: readonly [name: string, make: (folder: string) => string, message: RegExp][] = [
  ["a file in the place of a folder", (folder) => {
    writeFileSync(join(folder, "f"), "");
    return join(folder, "f", "a.bin");
  }, /a file stands where a folder should \(ENOTDIR\)$/],
  ["a folder that isn't there", (folder) => join(folder, "no", "a.bin"), /no such folder/],
  ["folders that aren't there", (folder) => join(folder, "no", "nor", "a.bin"), /no such folder/],
  ["a directory", (folder) => folder, /is a directory$/],
  ["a link to a directory", (folder) => {
    mkdirSync(join(folder, "d"));
    symlinkSync("d", join(folder, "l"));
    return join(folder, "l");
  }, /is a directory$/],
  ["a link to itself", (folder) => {
    symlinkSync("l", join(folder, "l"));
    return join(folder, "l");
  }, /circle/],
  ["two links to each other", (folder) => {
    symlinkSync("m", join(folder, "l"));
    symlinkSync("l", join(folder, "m"));
    return join(folder, "l");
  }, /circle/],
  ["a folder behind links in a circle", (folder) => {
    symlinkSync("l", join(folder, "l"));
    return join(folder, "l", "a.bin");
  }, /circle/],
  ["a link that leads into a folder that isn't there", (folder) => {
    symlinkSync("no/a.bin", join(folder, "l"));
    return join(folder, "l");
  }, /no such folder/],
  ["NUL in the name", (folder) => join(folder, "a\0.bin"), /NUL/],
  ["NUL at the end", (folder) => `${join(folder, "a.bin")}\0`, /NUL/],
  ["a name that is too long", (folder) => join(folder, "a".repeat(256)), /too long/],
  ["a name that is too long in bytes", (folder) => join(folder, "ä".repeat(128)), /too long/],
  ["a path that is too long", (folder) => join(folder, ..."a".repeat(3000)), /too long|no such folder/],
  ["a file whose name ends as a directory's", (folder) => `${folder}/a.bin/`, /directory|no such folder/],
  ["a device", () => "/dev/null", /no regular file$/],
];

for (const [name, make, message] of IMPOSSIBLE) {
  Deno.test(`${name} is a WriteError, whatever writes there, and nothing is left`, async () => {
    for (const [writer, write] of Object.entries(WRITERS)) {
      await inFolder(async (folder) => {
        const path = make(folder);
        const before = readdirSync(folder, { recursive: true }).length;
        const error = await write(path).then(() => undefined, (error) => error);
        assert.ok(error instanceof WriteError, `${writer}: ${error}`);
        assert.match(error.message, message, writer);
        assert.deepEqual([error.code, error.file], ["write", path]);
        assert.equal(readdirSync(folder, { recursive: true }).length, before);
      });
    }
  });
}

const isRoot = Deno.uid?.() === 0;
Deno.test({
  name: `a folder without permission is a WriteError${isRoot ? " (skipped: root may write anywhere)" : ""}`,
  ignore: isRoot,
  fn: () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, "d"));
      chmodSync(join(folder, "d"), 0o500);
      await assert.rejects(createFile(join(folder, "d", "a.bin")), WriteError);
      chmodSync(join(folder, "d"), 0o700);
    }),
});

Deno.test("names as long as the file system allows are written, of any characters", () =>
  inFolder(async (folder) => {
    for (const name of ["a".repeat(255), "ä".repeat(127), "😀".repeat(63), `${"b".repeat(240)}.h5`]) {
      await writeNpy(join(folder, name), ndarray(Int8Array.of(1)));
      assert.ok(readdirSync(folder).includes(name), name);
    }
    assert.equal(readdirSync(folder).length, 4);
  }));

Deno.test("a symbolic link that leads nowhere stays a link, and the file that it names is made", () =>
  inFolder(async (folder) => {
    mkdirSync(join(folder, "d"));
    symlinkSync("d/a.bin", join(folder, "relative"));
    symlinkSync(join(folder, "b.bin"), join(folder, "absolute"));
    symlinkSync("second", join(folder, "first"));
    symlinkSync("c.bin", join(folder, "second"));
    for (const [link, file] of [["relative", "d/a.bin"], ["absolute", "b.bin"], ["first", "c.bin"]] as const) {
      const sink = await createFile(join(folder, link));
      sink.writeSync(0, new TextEncoder().encode("new"));
      await sink.commit();
      assert.ok(lstatSync(join(folder, link)).isSymbolicLink(), link);
      assert.ok(lstatSync(join(folder, file)).isFile(), file);
      assert.equal(readFileSync(join(folder, link), "utf8"), "new");
    }
    assert.deepEqual(readdirSync(join(folder, "d")), ["a.bin"]);
  }));

const SINK = new URL("../../src/source/sink/file_sink_node.ts", import.meta.url);

/** Starts a file in a process of its own that ends as told; gives the names left in the folder beside the program. */
async function leftBy(folder: string, runtime: "deno" | "node", ending: string, kill?: Deno.Signal): Promise<string[]> {
  const program = join(folder, "run.mjs");
  // Node takes no TypeScript everywhere: it gets the same module bundled.
  writeFileSync(join(folder, "sink.mjs"), runtime === "node" ? await bundle({ entry: SINK }) : "");
  writeFileSync(
    program,
    `import { createFile } from ${JSON.stringify(runtime === "node" ? "./sink.mjs" : SINK.href)};
     import process from "node:process";
     const sink = await createFile(${JSON.stringify(join(folder, "a.bin"))});
     sink.writeSync(0, new Uint8Array(10));
     const other = await createFile(${JSON.stringify(join(folder, "b.bin"))});
     console.log("ready");
     ${ending}`,
  );
  const { command, args } = runtime === "deno"
    ? { command: Deno.execPath(), args: ["run", "-A", "--no-check", program] }
    : { command: "node", args: [program] };
  const child = new Deno.Command(command, { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value).trim(), "ready");
  if (kill !== undefined) child.kill(kill);
  while (!(await reader.read()).done);
  await child.status;
  rmSync(program);
  rmSync(join(folder, "sink.mjs"));
  return readdirSync(folder).sort();
}

const node = await new Deno.Command("node", { args: ["-e", "process.getBuiltinModule('fs')"] }).output()
  .then(({ success }) => success, () => false);

/** How a process may end. */
const ENDINGS: readonly [name: string, code: string, kill?: Deno.Signal][] = [
  ["by itself", ""],
  ["by process.exit", "process.exit(3);"],
  ["by an error that nobody catches", "throw new Error('no');"],
  [
    "by a rejection that nobody catches",
    "Promise.reject(new Error('no')); await new Promise((done) => setTimeout(done, 9e4));",
  ],
  ["by SIGTERM", "setInterval(() => {}, 1000);", "SIGTERM"],
  ["by SIGINT", "setInterval(() => {}, 1000);", "SIGINT"],
  [
    "by SIGTERM that it listens to",
    "setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0));",
    "SIGTERM",
  ],
];
for (const runtime of ["deno", "node"] as const) {
  const missing = runtime === "node" && !node;
  const endings = runtime === "deno" ? [...ENDINGS, ["by Deno.exit", "Deno.exit(2);"] as const] : ENDINGS;
  for (const [name, code, kill] of endings) {
    Deno.test({
      name: `nothing is left of files that a process in ${runtime} hadn't finished when it ended ${name}${
        missing ? " (skipped: no Node of today)" : ""
      }`,
      ignore: missing,
      // The bundler outlives a test.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => inFolder(async (folder) => assert.deepEqual(await leftBy(folder, runtime, code, kill), [])),
    });
  }
}

Deno.test("what a killed process left goes with the next file that is made there, and nothing else does", () =>
  inFolder(async (folder) => {
    const left = await leftBy(folder, "deno", "setInterval(() => {}, 1000);", "SIGKILL");
    assert.equal(left.length, 2);
    assert.match(left[0]!, /^a\.bin\..+\.part$/);
    const host = hostname().replace(/[^\w]/g, "_").slice(0, 32);
    const kept = [
      // Of a process that lives, of another machine, of this process, and others' files.
      `a.bin.${host}-${process.ppid}-1abc2.part`,
      "a.bin.elsewhere-1-1abc2.part",
      `a.bin.${host}-${process.pid}-1abc2.part`,
      "a.bin.notes.part",
      "a.bin.part",
    ];
    for (const name of kept) writeFileSync(join(folder, name), "");
    // Older than this process, which has its number: as in a container that was started again.
    const old = `a.bin.${host}-${process.pid}-0old0.part`;
    writeFileSync(join(folder, old), "");
    utimesSync(join(folder, old), 1e9, 1e9);
    const [first, second] = [await createFile(join(folder, "a.bin")), await createFile(join(folder, "a.bin"))];
    await first.commit();
    await second.commit();
    assert.deepEqual(readdirSync(folder).sort(), ["a.bin", left[1]!, ...kept].sort());
  }));
