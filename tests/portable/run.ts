/**
 * Runs the portable suite's one bundle in each runtime.
 *
 * @module
 */
import { join } from "@std/path";
import { bundle, readWasm } from "../support/bundle.ts";
import { installPackages } from "../support/install_packages.ts";
import { runInChromium } from "../support/run_chromium.ts";
import { runCommand } from "../support/run_command.ts";
import { startWorker } from "../support/run_workerd.ts";
import { findBun, findChromium, findNode, type Found } from "../support/runtimes.ts";
import type { Context, SuiteResult } from "./types.ts";

/** Names of the runtimes, Deno first: the others are compared with it. */
export const RUNTIMES = ["Deno", "Bun", "Node", "workerd", "Chromium"] as const;

/** One of the runtimes. */
export type Runtime = typeof RUNTIMES[number];

/** The suite, bundled, in a folder laid out so that the modules lie where the library looks for them. */
export interface Bundle extends AsyncDisposable {
  readonly directory: string;
  readonly suite: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly reader: Uint8Array<ArrayBuffer>;
}

/** Run by Deno, Bun and Node. */
const MAIN = `import { runSuite } from "./suite.js";
import process from "node:process";
const result = await runSuite(JSON.parse(process.argv[2]));
process.stdout.write("\\n" + JSON.stringify(result) + "\\n");
`;

/** Run by workerd: the same file, and the modules by static imports, since nothing may be compiled there. */
const WORKER = `import module from "./hdf5.wasm";
import reader from "./reader.wasm";
import { init, runSuite } from "./suite.js";
export default {
  async fetch(request) {
    await init({ module, reader });
    return Response.json(await runSuite(await request.json()));
  },
};
`;

/** Path of the bundle in a page or folder, as deep as the source that it is made from. */
const SUITE_PATH = "tests/portable/suite.js";

/**
 * Bundles the suite once for all runtimes.
 *
 * @returns The bundle; dispose of it.
 */
export async function makeBundle(): Promise<Bundle> {
  const directory = await Deno.makeTempDir({ prefix: "microtome-portable-" });
  const packages = await installPackages(join(directory, "packages"), ["@noble/hashes", "zarrita"]);
  const suite = await bundle({ entry: new URL("./suite.ts", import.meta.url), packages: [packages] });
  const wasm = await readWasm();
  const reader = await readWasm("reader.wasm");
  await Deno.mkdir(join(directory, "tests/portable"), { recursive: true });
  await Deno.mkdir(join(directory, "wasm/dist"), { recursive: true });
  await Deno.writeTextFile(join(directory, SUITE_PATH), suite);
  await Deno.writeTextFile(join(directory, "tests/portable/main.mjs"), MAIN);
  await Deno.writeTextFile(join(directory, "package.json"), '{ "type": "module" }');
  await Deno.writeFile(join(directory, "wasm/dist/hdf5.wasm"), wasm);
  await Deno.writeFile(join(directory, "wasm/dist/reader.wasm"), reader);
  return { directory, suite, wasm, reader, [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }) };
}

/**
 * Finds a runtime on this machine.
 *
 * @param runtime Which.
 * @returns Its program, or why there is none.
 */
export async function findRuntime(runtime: Runtime): Promise<Found> {
  if (runtime === "Deno") return { path: Deno.execPath() };
  if (runtime === "Bun") return await findBun();
  if (runtime === "Node") return await findNode();
  if (runtime === "Chromium") return await findChromium();
  return { path: "miniflare's" };
}

/**
 * Runs the suite in one runtime.
 *
 * @param runtime Which.
 * @param program Its program, as {@linkcode findRuntime} found it.
 * @param made The bundle.
 * @param context Where the files are; `directory` is passed on only to runtimes that have files.
 * @returns One result per case.
 */
export async function runIn(runtime: Runtime, program: string, made: Bundle, context: Context): Promise<SuiteResult> {
  const own: Context = { ...context, run: `${runtime.toLowerCase()}-${crypto.randomUUID()}` };
  const { directory: _, ...remote } = own;
  if (runtime === "workerd") return await runInWorkerd(made, remote);
  if (runtime === "Chromium") {
    const text = await runInChromium(program, {
      script: `const { runSuite } = await import("/${SUITE_PATH}");
        const result = await runSuite(${JSON.stringify(remote)});
        await fetch("/result", { method: "POST", body: JSON.stringify(result) });`,
      files: new Map([
        [SUITE_PATH, new TextEncoder().encode(made.suite)],
        ["wasm/dist/hdf5.wasm", made.wasm],
        ["wasm/dist/reader.wasm", made.reader],
      ]),
    });
    return JSON.parse(text);
  }
  const main = join(made.directory, "tests/portable/main.mjs");
  const args = runtime === "Deno" ? ["run", "-A", "--no-config", main] : [main];
  const text = await runCommand(program, [...args, JSON.stringify(own)], { cwd: made.directory });
  return JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
}

async function runInWorkerd(made: Bundle, context: Context): Promise<SuiteResult> {
  await using worker = await startWorker([
    { name: "worker.js", contents: WORKER },
    { name: "suite.js", contents: made.suite },
    { name: "hdf5.wasm", contents: made.wasm },
    { name: "reader.wasm", contents: made.reader },
  ]);
  const response = await fetch(worker.url, { method: "POST", body: JSON.stringify(context) });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot run the suite in workerd: ${response.status} ${text.slice(0, 2000)}`);
  return JSON.parse(text);
}
