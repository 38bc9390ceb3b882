import assert from "node:assert/strict";
import { compiledModule, compileSource, setSource } from "../../src/wasm/load/load.ts";
import type { ModuleSlot } from "../../src/wasm/load/module_slot.ts";
import { INLINE_MODULES } from "../../src/wasm/load/inline_modules.ts";
import { modulesForWorker } from "../../src/wasm/module.ts";
import { unpackModule } from "../../src/wasm/load/unpack_module.ts";
import { locateInVite } from "../../src/wasm/load/vite_dev.ts";
import { bundle, readWasm, stopBundler } from "../support/bundle.ts";
import { runCommand } from "../support/run_command.ts";
import { startRangeServer } from "../support/range_server.ts";

const BYTES = await readWasm("reader.wasm");
const DIST = new URL("../../wasm/dist/", import.meta.url);

function slot(home: () => URL = () => new URL("reader.wasm", DIST)): ModuleSlot {
  return { name: "reader.wasm", option: "reader", home };
}

Deno.test("a module comes from its home, from bytes, an address, text of one, or compiled", async () => {
  const server = await startRangeServer(DIST);
  try {
    const sources = [
      BYTES,
      BYTES.buffer,
      new Uint8Array([0, ...BYTES]).subarray(1),
      new URL("reader.wasm", DIST),
      `${server.url}/reader.wasm`,
      new URL(`${server.url}/reader.wasm`),
      await WebAssembly.compile(BYTES),
    ];
    for (const source of sources) {
      const one = slot(() => new URL("nowhere.wasm", DIST));
      setSource(one, source);
      const module = await compiledModule(one);
      assert.ok(WebAssembly.Module.exports(module).some(({ name }) => name === "mr_copy"), String(source));
    }
    const own = slot();
    assert.equal(await compiledModule(own), await compiledModule(own));
  } finally {
    await server.close();
  }
});

Deno.test("two who need a module at once compile it once, and a source that is named meanwhile wins", async () => {
  const one = slot();
  const [a, b] = await Promise.all([compiledModule(one), compiledModule(one)]);
  assert.equal(a, b);
  const other = slot();
  const first = compiledModule(other);
  const named = await WebAssembly.compile(BYTES);
  setSource(other, named);
  assert.notEqual(await first, named);
  assert.equal(await compiledModule(other), named);
});

Deno.test("a module that can't be had is an error that says what to do, and may be had later", async () => {
  const one = slot(() => new URL("nowhere.wasm", DIST));
  await assert.rejects(compiledModule(one), {
    name: "WasmError",
    code: "wasm",
    message:
      /^Cannot load file:.*nowhere\.wasm: .*"@microtome\/microtome\/inline".* or pass it to init\(\{ reader \}\)$/,
  });
  setSource(one, new URL("elsewhere.wasm", DIST));
  await assert.rejects(compiledModule(one), {
    name: "WasmError",
    message: /^Cannot load file:.*elsewhere\.wasm: .*; init\(\{ reader \}\) takes it from elsewhere$/,
  });
  setSource(one, Uint8Array.of(1, 2, 3, 4));
  await assert.rejects(compiledModule(one), {
    name: "WasmError",
    message: /^Cannot compile reader\.wasm: /,
  });
  await assert.rejects(compileSource(one, "data:text/html,<!doctype html>"), {
    name: "WasmError",
    message: /^Cannot load data:.*: the answer is no wasm module but text\/html; init/,
  });
  setSource(one, () => Promise.resolve(BYTES));
  assert.ok(await compiledModule(one) instanceof WebAssembly.Module);
  const homeless = slot(() => new URL("../reader.wasm", undefined));
  await assert.rejects(compiledModule(homeless), {
    name: "WasmError",
    message: /no import\.meta\.url.*init\(\{ reader \}\)/,
  });
  setSource(homeless, BYTES);
  assert.ok(await compiledModule(homeless) instanceof WebAssembly.Module);
});

/** Runs a program with a library of its own, since the modules are shared by all of a process. */
async function runApart(program: string): Promise<Record<string, unknown>> {
  const directory = await Deno.makeTempDir({ prefix: "microtome-init-" });
  try {
    const entry = `${directory}/entry.ts`;
    const from = (path: string) =>
      JSON.stringify(decodeURIComponent(new URL(`../../src/${path}`, import.meta.url).pathname));
    await Deno.writeTextFile(
      entry,
      `export * from ${from("wasm/module.ts")};\nexport * from ${from("wasm/reader/reader.ts")};`,
    );
    await Deno.writeTextFile(`${directory}/library.js`, await bundle({ entry, directory }));
    await stopBundler();
    await Deno.mkdir(`${directory}/moved`);
    await Deno.writeFile(`${directory}/moved/reader.wasm`, BYTES);
    await Deno.writeFile(`${directory}/moved/hdf5.wasm`, await readWasm());
    await Deno.writeTextFile(
      `${directory}/main.mjs`,
      `import { init, loadReader } from "./library.js";
const tried = (run) => run().then(() => "ok", ({ name, message }) => name + ": " + message);
const sum = async () => (await loadReader()).crc32(new TextEncoder().encode("123456789"));
console.log(JSON.stringify(await (async () => { ${program} })()));`,
    );
    return JSON.parse(await runCommand(Deno.execPath(), ["run", "-A", "--no-config", `${directory}/main.mjs`]));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test({
  name: "init takes the reader alone, or finds it beside the HDF5 module",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const alone = await runApart(`
      const lost = await tried(sum);
      await init({ reader: new URL("./moved/reader.wasm", import.meta.url) });
      return { lost, sum: await sum() };`);
    assert.match(String(alone.lost), /^WasmError: Cannot load .*reader\.wasm: .*init\(\{ reader \}\)/);
    assert.equal(alone.sum, 0xcbf43926);
    const beside = await runApart(`
      const bad = await tried(() => init({ bytes: Uint8Array.of(1, 2, 3, 4) }));
      await init({ url: new URL("./moved/hdf5.wasm", import.meta.url) });
      return { bad, sum: await sum() };`);
    assert.match(String(beside.bad), /^WasmError: Cannot compile hdf5\.wasm/);
    assert.equal(beside.sum, 0xcbf43926);
  },
});

Deno.test("a worker that is handed the modules looks for none and compiles none", async () => {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  try {
    const answer = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.postMessage(await modulesForWorker());
    // CRC-32C of "123456789", by the reader that was handed over.
    assert.deepEqual(await answer, { compiled: 0, crc32: 0xcbf43926 });
  } finally {
    worker.terminate();
  }
});

Deno.test("Vite's dev server is asked where a module is, by code out of its folder of packages alone", async () => {
  const asked: string[] = [];
  let answer = `export default opts => initWasm(opts, "/base/@fs/repo/hdf5.wasm?init")`;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(request.url);
    return new Response(answer, { headers: { "content-type": "text/javascript" } });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  try {
    for (const folder of ["/base/node_modules/.vite", "/base/@fs/repo/node_modules/.vite"]) {
      const found = await locateInVite("hdf5.wasm", `${origin}${folder}/deps/chunk-A1.js?v=0a1b2c`);
      assert.equal(found?.href, `${origin}/base/@fs/repo/hdf5.wasm`);
    }
    assert.equal(asked[0], `${origin}/base/@id/@microtome/microtome/hdf5.wasm?import&init`);
    assert.equal(asked[1], asked[0]);
    answer = "<!doctype html>";
    assert.equal(await locateInVite("hdf5.wasm", `${origin}/.cache/deps/a.js?t=1&v=0a1b2c`), undefined);
    assert.equal(asked[2], `${origin}/@id/@microtome/microtome/hdf5.wasm?import&init`);
    for (const path of ["/assets/index-A1.js", "/deps/a.js", "/src/module.ts?v=1", "/node_modules/a/mod.js"]) {
      assert.equal(await locateInVite("hdf5.wasm", origin + path), undefined);
    }
    assert.equal(await locateInVite("hdf5.wasm", "file:///deps/a.js?v=1"), undefined);
    assert.equal(asked.length, 3);
  } finally {
    await server.shutdown();
  }
});

Deno.test("a module's text unpacks to its bytes", async () => {
  const packed = await new Response(new Blob([BYTES]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
  assert.deepEqual(new Uint8Array(await unpackModule(packed.toBase64())), BYTES);
  // The build of the npm package alone puts the modules there.
  assert.equal(INLINE_MODULES, undefined);
});
