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

/** The lines of the makefile that set flags, as make sees them. */
function flags(wasm) {
  const makefile = readFileSync(join(wasm, "hdf5/config/hdf5.mk"), "utf8").replace(/\\\n\s*/g, "");
  return Object.fromEntries(
    [...makefile.matchAll(/^(COMMON|SMALL|QUICK|LINK|ZSTD_FLAGS|STRICT) *:= *(.*)$/gm)].map((
      [, name, value],
    ) => [name.toLowerCase(), value]),
  );
}

/** All that the module may ask of its host: the functions of microtome.h. A symbol that nothing defines would show here. */
const ALLOWED = ["env.mt_host_open", "env.mt_host_read", "env.mt_host_size", "env.mt_host_truncate", "env.mt_host_write"];

/** Imports, exports and the registry of filters, asked of the module itself. */
async function inspect(bytes) {
  const module = await WebAssembly.compile(bytes);
  const imports = WebAssembly.Module.imports(module).map(({ module, name }) => `${module}.${name}`);
  const strange = imports.filter((name) => !ALLOWED.includes(name));
  if (strange.length > 0) throw new Error(`hdf5.wasm imports what no host gives: ${strange.join(", ")}`);
  const exports = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "function").map(({ name }) => name)
    .sort();
  const env = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => -2]));
  const { exports: wasm } = await WebAssembly.instantiate(module, { env });
  wasm._initialize?.();
  let codecs = null;
  if (wasm.mt_filters && wasm.mt_start() === 0 && wasm.mt_filters() === 0) {
    const out = new Uint8Array(wasm.memory.buffer, wasm.mt_out_ptr(), wasm.mt_out_len());
    codecs = JSON.parse(new TextDecoder().decode(out));
  }
  return { imports, exports, codecs, memoryAfterStart: wasm.memory.buffer.byteLength };
}

async function write(dist, wasm, inputs) {
  const bytes = readFileSync(join(dist, "hdf5.wasm"));
  const gzip = execFileSync("gzip", ["-9", "-n", "-c"], { input: bytes, maxBuffer: 1 << 26 }).length;
  const manifest = {
    inputs,
    modules: { "hdf5.wasm": { bytes: bytes.length, gzip, sha256: sha256(bytes), ...await inspect(bytes) } },
    tools: tools(),
    flags: flags(wasm),
    sources: sources(wasm),
  };
  const path = join(dist, "manifest.json");
  writeFileSync(`${path}.new`, JSON.stringify(manifest, null, 2) + "\n");
  renameSync(`${path}.new`, path);
  console.error(`hdf5.wasm: ${bytes.length} bytes, ${gzip} gzipped (-9), sha256 ${sha256(bytes).slice(0, 16)}`);
}

/** Exit 1 unless the module in dist is the one that its manifest describes. */
function verify(dist) {
  const recorded = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8")).modules["hdf5.wasm"].sha256;
  if (recorded === sha256(readFileSync(join(dist, "hdf5.wasm")))) return;
  console.error("wasm/dist/hdf5.wasm is not the module that its manifest describes");
  process.exit(1);
}

/** Exit 1 unless the rebuilt module has the bytes of the one in dist. */
function compare(dist, rebuilt) {
  verify(dist);
  const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
  const hash = sha256(readFileSync(rebuilt));
  if (hash === manifest.modules["hdf5.wasm"].sha256) {
    console.error(`the rebuild gives the same bytes: sha256 ${hash}`);
    return;
  }
  console.error(`the rebuild differs: sha256 ${hash}, wasm/dist has ${manifest.modules["hdf5.wasm"].sha256}`);
  const [here, there] = [JSON.stringify(tools()), JSON.stringify(manifest.tools)];
  if (here !== there) console.error(`the tools differ: here ${here}, wasm/dist was built by ${there}`);
  process.exit(1);
}

const [command, ...args] = process.argv.slice(2);
await { write, verify, compare }[command](...args);
