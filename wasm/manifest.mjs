// Writes, verifies and compares wasm/dist/manifest.json. Called by build.sh; plain Node, no dependency.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const run = (command, ...args) => execFileSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });

/** What the compiled bytes depend on besides the sources. */
function tools() {
  return {
    emcc: run("emcc", "--version").split("\n")[0].replace(/.*\) /, "").replace(/ \(.*/, ""),
    clang: run("clang-14", "--version").split("\n")[0],
    "wasm-ld": run("wasm-ld-14", "--version").trim(),
    "wasm-opt": run("wasm-opt", "--version").trim(),
  };
}

/** The rows of sources.tsv. */
function sources(wasm) {
  return readFileSync(join(wasm, "sources.tsv"), "utf8").split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split("\t"))
    .map(([name, version, file, hash, licence, from]) => ({ name, version, file, sha256: hash, licence, from }));
}

/** The lines of the makefiles that set flags, as make sees them. */
function flags(wasm) {
  const makefiles = ["hdf5/config/hdf5.mk", "reader/reader.mk"]
    .map((name) => readFileSync(join(wasm, name), "utf8").replace(/\\\n\s*/g, "")).join("");
  return Object.fromEntries(
    [...makefiles.matchAll(/^(COMMON|SMALL|QUICK|LINK|ZSTD_FLAGS|STRICT|READER|READER_LINK) *:= *(.*)$/gm)].map((
      [, name, value],
    ) => [name.toLowerCase(), value]),
  );
}

/** The modules, smallest last. */
const MODULES = ["hdf5.wasm", "reader.wasm"];

/** All that a module may ask of its host: the functions of microtome.h, or nothing. A symbol that nothing defines would show here. */
const ALLOWED = {
  "hdf5.wasm": [
    "env.memory",
    "env.mt_host_open",
    "env.mt_host_read",
    "env.mt_host_size",
    "env.mt_host_truncate",
    "env.mt_host_write",
  ],
  "reader.wasm": [],
};

/** An instance whose host has nothing. */
async function start(module) {
  const env = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => -2]));
  if (env.memory !== undefined) env.memory = new WebAssembly.Memory({ initial: 32, maximum: 1024 });
  const { exports: wasm } = await WebAssembly.instantiate(module, { env });
  wasm._initialize?.();
  return { wasm, memory: env.memory ?? wasm.memory };
}

/** Exit 1 unless a call that takes more steps than it may is ended by the countdown, and one that takes less isn't. */
async function net(path) {
  const { wasm } = await start(await WebAssembly.compile(readFileSync(path)));
  wasm.mt_work_limit(3);
  let trapped = false;
  try {
    wasm.mt_start();
  } catch (error) {
    trapped = error instanceof WebAssembly.RuntimeError && wasm.mt_net.value < 0n;
  }
  if (!trapped) {
    console.error(`${path}: the countdown at libhdf5's loops is not in`);
    process.exit(1);
  }
}

/** Imports, exports and the registry of filters, asked of the module itself. */
async function inspect(name, bytes) {
  const module = await WebAssembly.compile(bytes);
  const imports = WebAssembly.Module.imports(module).map(({ module, name }) => `${module}.${name}`);
  const strange = imports.filter((one) => !ALLOWED[name].includes(one));
  if (strange.length > 0) throw new Error(`${name} imports what no host gives: ${strange.join(", ")}`);
  const exports = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "function").map(({ name }) => name)
    .sort();
  const { wasm, memory } = await start(module);
  let codecs = null;
  if (wasm.mt_filters && wasm.mt_start() === 0 && wasm.mt_filters() === 0) {
    const out = new Uint8Array(memory.buffer, wasm.mt_out_ptr(), wasm.mt_out_len());
    codecs = JSON.parse(new TextDecoder().decode(out));
  }
  return { imports, exports, ...(codecs === null ? {} : { codecs }), memoryAfterStart: memory.buffer.byteLength };
}

async function write(dist, wasm, inputs) {
  const modules = {};
  for (const name of MODULES) {
    const bytes = readFileSync(join(dist, name));
    const gzip = execFileSync("gzip", ["-9", "-n", "-c"], { input: bytes, maxBuffer: 1 << 26 }).length;
    modules[name] = { bytes: bytes.length, gzip, sha256: sha256(bytes), ...await inspect(name, bytes) };
    console.error(`${name}: ${bytes.length} bytes, ${gzip} gzipped (-9), sha256 ${sha256(bytes).slice(0, 16)}`);
  }
  const manifest = { inputs, modules, tools: tools(), flags: flags(wasm), sources: sources(wasm) };
  const path = join(dist, "manifest.json");
  writeFileSync(`${path}.new`, JSON.stringify(manifest, null, 2) + "\n");
  renameSync(`${path}.new`, path);
}

/** Exit 1 unless the modules in dist are those that its manifest describes. */
function verify(dist) {
  const { modules } = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
  const wrong = MODULES.filter((name) => modules[name]?.sha256 !== sha256(readFileSync(join(dist, name))));
  for (const name of wrong) console.error(`wasm/dist/${name} is not the module that its manifest describes`);
  if (wrong.length > 0) process.exit(1);
}

/** Exit 1 unless the rebuilt modules have the bytes of those in dist. */
function compare(dist, rebuilt) {
  verify(dist);
  const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
  let same = true;
  for (const name of MODULES) {
    const hash = sha256(readFileSync(join(rebuilt, name)));
    const recorded = manifest.modules[name].sha256;
    if (hash === recorded) console.error(`the rebuild of ${name} gives the same bytes: sha256 ${hash}`);
    else {
      console.error(`the rebuild of ${name} differs: sha256 ${hash}, wasm/dist has ${recorded}`);
      same = false;
    }
  }
  if (same) return;
  const [here, there] = [JSON.stringify(tools()), JSON.stringify(manifest.tools)];
  if (here !== there) console.error(`the tools differ: here ${here}, wasm/dist was built by ${there}`);
  process.exit(1);
}

const [command, ...args] = process.argv.slice(2);
await { write, verify, compare, net }[command](...args);
