import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { bundle, readWasm, ROOT, stopBundler } from "../support/bundle.ts";
import { installPackages } from "../support/install_packages.ts";
import { runCommand } from "../support/run_command.ts";
import { findBun, findNode, type Found } from "../support/runtimes.ts";

const RULE = "=".repeat(20);

const RUNTIMES: Readonly<Record<string, Found>> = {
  Deno: { path: Deno.execPath() },
  Node: await findNode(),
  Bun: await findBun(),
};

/** What nobody asked to see. */
const INSIDE = /\[object |#\w|Engine|Fetcher|_?parts|Map\(|Symbol\(|undefined|\bprototype\b/;

let directory: string;

Deno.test.beforeAll(async () => {
  directory = await Deno.makeTempDir({ prefix: "microtome-prints-" });
  const packages = await installPackages(join(directory, "packages"), ["@noble/hashes", "zarrita"]);
  const program = await bundle({ entry: new URL("./program.ts", import.meta.url), packages: [packages] });
  await stopBundler();
  await Deno.mkdir(join(directory, "tests/prints"), { recursive: true });
  await Deno.mkdir(join(directory, "wasm/dist"), { recursive: true });
  await Deno.writeTextFile(join(directory, "tests/prints/program.js"), program);
  await Deno.writeTextFile(
    join(directory, "tests/prints/main.mjs"),
    'import process from "node:process";\nimport { main } from "./program.js";\nawait main(process.argv[2], process.argv[3]);\nprocess.exit(0);\n',
  );
  await Deno.mkdir(join(directory, "folder"));
  await Deno.copyFile(new URL("tests/data/arrays.npz", ROOT), join(directory, "folder/arrays.npz"));
  await Deno.writeTextFile(join(directory, "package.json"), '{ "type": "module" }');
  for (const name of ["hdf5.wasm", "reader.wasm"] as const) {
    await Deno.writeFile(join(directory, "wasm/dist", name), await readWasm(name));
  }
});

Deno.test.afterAll(async () => await Deno.remove(directory, { recursive: true }));

for (const [runtime, found] of Object.entries(RUNTIMES)) {
  const name = `console.log and String say of every public object what it is in ${runtime}`;
  Deno.test({
    name: "path" in found ? name : `${name} (skipped: ${found.missing})`,
    ignore: !("path" in found),
    fn: async () => {
      const { path } = found as { readonly path: string };
      const script = join(directory, "tests/prints/main.mjs");
      const flags = runtime === "Deno" ? ["run", "-A", "--no-config"] : [];
      const data = fromFileUrl(new URL("tests/data/", ROOT));
      const output = await runCommand(path, [...flags, script, data, join(directory, "folder")]);
      const parts = output.split(`${RULE}\n`).slice(1).map((part) => part.trimEnd());
      assert.equal(parts.pop(), "forgotten:", "a public class is printed by none of the test's objects");
      assert.ok(parts.length > 60);
      for (let i = 0; i < parts.length; i += 2) {
        assert.equal(parts[i], parts[i + 1]);
        assert.doesNotMatch(parts[i]!, INSIDE);
        assert.ok(parts[i]!.split("\n").length < 60, parts[i]);
      }
      for (const line of LINES) assert.ok(parts.includes(line), `${line}\n\n${parts.join("\n")}`);
    },
  });
}

/** Some of them, as they are to be. */
const LINES: readonly string[] = [
  'Dataset "/a/b" int16 (1000, 64) chunks (500, 8) gzip',
  'WritableDataset "/a/b" int16 (1000, 64) chunks (500, 8) gzip',
  'Group "/"',
  'WritableGroup "/a"',
  'AttributeSet "/a/b"',
  'Attribute "unit" string (utf-8, variable) ()',
  "ArrayView int16 (10, 64) chunks (10, 8)",
  "MicromedIO: not opened",
  'AnalogSignalProxy "Signals": 512 samples of 2 channels in uV at 256 Hz, 0 s to 2 s',
  'AnalogSignal "Signals": 512 samples of 2 channels in uV at 256 Hz, 0 s to 2 s',
  'Epoch "Event A": 1 from 0.0390625 s to 0.0390625 s',
  'SpikeTrain "unit 1": 2 from 0.5 s to 1.5 s',
];
