import assert from "node:assert/strict";
import { join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { open, slice } from "../../mod.ts";
import { toJsonValue } from "../../src/array/mod.ts";
import { bundle, readWasm, stopBundler } from "../support/bundle.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { runInChromium } from "../support/run_chromium.ts";
import { runCommand } from "../support/run_command.ts";
import { startWorker } from "../support/run_workerd.ts";
import { findBun, findChromium, findNode, type Found } from "../support/runtimes.ts";
import { type Installed, installPackage } from "./install.ts";
import { installTools, VARIABLE, wantsTools } from "./tools.ts";
import { typeErrors } from "./types.ts";

const bun = await findBun();
const node = await findNode();
const chromium = await findChromium();
for (const [name, found] of Object.entries({ Bun: bun, Node: node, Chromium: chromium })) {
  if ("missing" in found) console.log(`skipped: the npm package in ${name} (${found.missing})`);
}

let installed: Installed;
let files: RangeServer;
let expected: unknown;

Deno.test.beforeAll(async () => {
  installed = await installPackage();
  files = await startRangeServer(new URL("../data/", import.meta.url));
  await using file = await open(`${files.url}/signal.h5`);
  expected = toJsonValue(await (await file.dataset("/signal")).read([slice(100, 110), 3]));
});

Deno.test.afterAll(async () => {
  await installed?.[Symbol.asyncDispose]();
  await files?.close();
});

/** What a user writes, after whatever set-up the runtime needs; `url` stands for the file's address. */
function program(url: string): string {
  return `const file = await open(${JSON.stringify(url)});
const { data } = await (await file.dataset("/signal")).read([slice(100, 110), 3]);
await file.close();
const result = [...data];`;
}

const IMPORT = `import { init, open, slice } from "@microtome/microtome";\n`;

/** Writes a file beside the installed package and gives its path. */
async function write(name: string, text: string): Promise<string> {
  const path = join(installed.directory, name);
  await Deno.writeTextFile(path, text);
  return path;
}

/** Runs a program and gives what it printed as JSON. */
async function run(found: Found, args: string[], path: string): Promise<unknown> {
  assert.ok("path" in found);
  return JSON.parse(await runCommand(found.path, [...args, path], { cwd: installed.directory }));
}

function test(name: string, fn: () => Promise<void> | void, found: Found = { path: "" }): void {
  const ignore = "missing" in found;
  Deno.test({ name: ignore ? `${name} (skipped)` : name, ignore, sanitizeOps: false, sanitizeResources: false, fn });
}

test("the package holds JavaScript, types and the module, and depends on what reads YAML alone", () => {
  const { files, manifest } = installed;
  assert.ok(files.includes("wasm/dist/hdf5.wasm") && files.includes("wasm/dist/reader.wasm"));
  assert.ok(files.includes("LICENSE") && files.includes("NOTICES"));
  assert.deepEqual(files.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts")), []);
  for (const path of files.filter((path) => path.endsWith(".js"))) {
    if (!/^src\/std_(path|yaml)\.js$/.test(path)) {
      assert.ok(files.includes(path.replace(/\.js$/, ".d.ts")), `${path} has types`);
    }
  }
  // But for the modules as text, whose map would hold nothing.
  const unmapped = files.filter((path) => path.endsWith(".js") && !files.includes(`${path}.map`));
  assert.deepEqual(
    unmapped.filter((path) => !/^src\/(std_path|std_yaml|wasm\/load\/inline_modules|workerd\/\w+)\.js$/.test(path)),
    [],
  );
  assert.deepEqual(Object.keys(manifest.dependencies!), ["yaml"]);
  const [first, second] = Object.keys((manifest.exports as Record<string, object>)["."]!);
  assert.deepEqual([first, second], ["types", "workerd"]);
});

for (const [name, found, args] of [["Node", node, []], ["Bun", bun, []]] as const) {
  test(`the installed package slices a URL and a path in ${name} without set-up`, async () => {
    const path = new URL("../data/signal.h5", import.meta.url).pathname;
    for (const [i, source] of [`${files.url}/signal.h5`, decodeURIComponent(path)].entries()) {
      const main = await write(`${name}-${i}.mjs`, `${IMPORT}${program(source)}\nconsole.log(JSON.stringify(result));`);
      assert.deepEqual(await run(found, [...args], main), expected);
    }
  }, found);
}

test("the installed package slices a URL in Deno without set-up", async () => {
  const main = await write(
    "deno.mjs",
    `${IMPORT}${program(`${files.url}/signal.h5`)}\nconsole.log(JSON.stringify(result));`,
  );
  assert.deepEqual(await run({ path: Deno.execPath() }, ["run", "-A", "--node-modules-dir=manual"], main), expected);
});

test("the installed package brings the command line", async () => {
  const program = join(installed.directory, "node_modules/.bin/microtome");
  const listed = await runCommand(program, ["ls", `${files.url}/signal.h5`], { cwd: installed.directory });
  assert.match(listed, /signal/);
  assert.match(listed, /20000/);
  // What draws is a peer that only those install who draw.
  const args = ["plot", `${files.url}/signal.h5`, "/signal", "-o", join(installed.directory, "x.svg")];
  const drawn = await new Deno.Command(program, { args, cwd: installed.directory, stderr: "piped" }).output();
  assert.equal(drawn.code, 1);
  assert.match(
    new TextDecoder().decode(drawn.stderr),
    /Cannot draw without @observablehq\/plot and linkedom, which must be/,
  );
}, node);

test("the README's first example runs in Node 20 as it stands", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const example = /^```js\n([^]*?)^```$/m.exec(readme)?.[1] ?? "";
  const local = example.replace(/https:[^"]*/, `${files.url}/signal.h5`).replace(/\/acquisition[^"]*/, "/signal");
  assert.ok(local.includes(files.url) && local.includes('"/signal"'), example);
  const printed = await runCommand("node", [await write("readme.mjs", local)], { cwd: installed.directory });
  assert.match(printed, /^\[ 20000, 4 \] /);
  assert.match(printed, /requests/);
}, node);

test("every entry of deno.json is one of the package, with a form for Workers, but the program", async () => {
  const exported = installed.manifest.exports as Record<string, Record<string, string>>;
  const entries = Object.keys(config.exports).filter((name) => name !== "./cli");
  for (const name of entries) {
    assert.deepEqual(Object.keys(exported[name]!), ["types", "workerd", "default"], name);
    for (const path of Object.values(exported[name]!)) assert.ok(installed.files.includes(path.slice(2)), path);
  }
  const main = await write(
    "entries.mjs",
    `console.log(JSON.stringify([
  Object.keys(await import("@microtome/microtome")).join(),
  Object.keys(await import("@microtome/microtome/inline")).join(),
]));`,
  );
  const [plain, inline] = await run(node, [], main) as string[];
  assert.equal(inline, plain, "/inline has the same names");
}, node);

for (
  const [tool, args] of [
    // It is for ES modules alone, which `require` takes from Node 20.19 on.
    ["@arethetypeswrong/cli/dist/index.js", ["--profile=esm-only", "--no-emoji", "--no-color"]],
    ["publint/src/cli.js", ["--strict"]],
  ] as const
) {
  const name = `${tool.replace(/\/(dist|src)\/.*/, "")} has nothing to say against the package`;
  test(name, async () => {
    await runCommand("node", [`${await installTools()}/${tool}`, installed.archive, ...args]);
  }, wantsTools() ? node : { missing: `set ${VARIABLE}=1 to install it` });
}

test("init takes a module, a URL or bytes", async () => {
  const ways = {
    module: `{ module: await WebAssembly.compile(await readFile(wasm)) }`,
    url: `{ url: wasm }`,
    bytes: `{ bytes: await readFile(wasm) }`,
  };
  for (const [way, options] of Object.entries(ways)) {
    const main = await write(
      `init-${way}.mjs`,
      `${IMPORT}import { readFile } from "node:fs/promises";
// The module is taken away, so that nothing but init can have brought it.
const wasm = new URL("./moved-${way}.wasm", import.meta.url);
await init(${options});
${program(`${files.url}/signal.h5`)}
console.log(JSON.stringify(result));`,
    );
    await Deno.writeFile(join(installed.directory, `moved-${way}.wasm`), await readWasm());
    assert.deepEqual([way, await run(node, [], main)], [way, expected]);
  }
}, node);

test("where the module isn't found, the error says so", async () => {
  const main = await write(
    "lost.mjs",
    `${IMPORT}import { renameSync } from "node:fs";
const wasm = new URL("./node_modules/@microtome/microtome/wasm/dist/hdf5.wasm", import.meta.url);
renameSync(wasm, wasm.pathname + ".away");
try { await open(new Uint8Array(100)); } catch ({ name, code, message }) { console.log(JSON.stringify({ name, code, message })); }
renameSync(wasm.pathname + ".away", wasm);`,
  );
  const { name, code, message } = await run(node, [], main) as Record<string, string>;
  assert.deepEqual([name, code], ["WasmError", "wasm"]);
  assert.match(message ?? "", /hdf5\.wasm/);
}, node);

const WORKER = `${IMPORT}export default {
  async fetch(request) {
    try {
      const url = await request.text();
      ${program("URL").replace('"URL"', "url")}
      return Response.json(result);
    } catch (error) {
      return Response.json({ name: error.name, code: error.code, message: error.message }, { status: 500 });
    }
  },
};`;

async function askWorker(conditions: string[]): Promise<{ status: number; body: unknown }> {
  const entry = await write("worker.mjs", WORKER);
  const text = await bundle({ entry, directory: installed.directory, conditions, external: ["*.wasm"] });
  await stopBundler();
  await using worker = await startWorker([
    { name: "worker.js", contents: text.replace(/from "[^"]*\/(\w+\.wasm)"/g, 'from "./$1"') },
    { name: "hdf5.wasm", contents: await readWasm() },
    { name: "reader.wasm", contents: await readWasm("reader.wasm") },
  ]);
  const response = await fetch(worker.url, { method: "POST", body: `${files.url}/signal.h5` });
  return { status: response.status, body: await response.json() };
}

test("the installed package slices a URL in a Worker with the import that it has everywhere", async () => {
  assert.deepEqual(await askWorker(["workerd", "worker", "browser"]), { status: 200, body: expected });
});

test("a Worker that was bundled without its conditions is told to use init", async () => {
  const { status, body } = await askWorker(["browser"]);
  const { code, message } = body as Record<string, string>;
  assert.deepEqual([status, code], [500, "wasm"]);
  assert.match(message ?? "", /init\(\{ module \}\)/);
});

test("the installed package, built by Vite, slices a URL in a browser without set-up", async () => {
  const { build } = await import("../support/tools/vite.ts");
  await write("main.js", `${IMPORT}${program(`${files.url}/signal.h5`)}\nglobalThis.sliced(result);`);
  await write("index.html", `<!doctype html><script type="module" src="/main.js"></script>`);
  await build({ root: installed.directory, logLevel: "warn", build: { target: "es2022", minify: true } });
  const dist = join(installed.directory, "dist");
  const assets = [...Deno.readDirSync(join(dist, "assets"))].map((entry) => entry.name);
  assert.ok(assets.some((name) => name.endsWith(".wasm")), `Vite copied the module: ${assets}`);
  const main = assets.find((name) => name.startsWith("index") && name.endsWith(".js"));
  assert.ok("path" in chromium);
  const said = await runInChromium(chromium.path, {
    script: `globalThis.sliced = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
      await import("/assets/${main}");`,
    files: new Map(assets.map((name) => [`assets/${name}`, Deno.readFileSync(join(dist, "assets", name))])),
  });
  assert.deepEqual(JSON.parse(said), expected);
}, chromium);

test(
  "the installed package, bundled by esbuild, slices a URL in a browser once init has the module's address",
  async () => {
    const entry = await write(
      "page.mjs",
      `${IMPORT}await init({ url: new URL("/hdf5.wasm", location.href) });
${program(`${files.url}/signal.h5`)}
await fetch("/result", { method: "POST", body: JSON.stringify(result) });`,
    );
    const text = await bundle({ entry, directory: installed.directory });
    await stopBundler();
    assert.ok("path" in chromium);
    const said = await runInChromium(chromium.path, {
      script: `await import("/page.js");`,
      files: new Map([["page.js", new TextEncoder().encode(text)], ["hdf5.wasm", await readWasm()]]),
    });
    assert.deepEqual(JSON.parse(said), expected);
  },
  chromium,
);

test("a user's TypeScript finds the package's types, under both ways of resolving", async () => {
  const source = `import { type Dataset, MicrotomeError, type NDArray, open, slice } from "@microtome/microtome";
export async function first(url: string): Promise<number> {
  await using file = await open(url, { maxParallel: 2, signal: AbortSignal.timeout(1000) });
  const dataset: Dataset = await file.dataset("/signal");
  const array: NDArray = await dataset.read([slice(0, 10), null]);
  if (array.shape.length === 0) throw new MicrotomeError("none", { file: url });
  return array.shape[0] ?? 0;
}
`;
  const right = await write("user.ts", source);
  const wrong = await write("wrong.ts", source.replace('"/signal"', "42"));
  const errors = typeErrors([right, wrong]);
  assert.deepEqual(errors.filter((error) => !error.includes("wrong.ts")), []);
  assert.equal(errors.length, 2, "a wrong call is found under both");
});
