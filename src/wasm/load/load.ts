/**
 * Loading and compiling one wasm module, once per process, in every runtime.
 *
 * @module
 */
import { WasmError } from "../../source/errors.ts";
import type { ModuleBytes, ModuleGiver, ModuleSlot, ModuleSource } from "./module_slot.ts";

/** `\0asm`, with which every module begins. */
const WASM_MAGIC = 0x0061736d;

/**
 * Gives a compiled module, compiling it on first use.
 *
 * @param slot Which.
 * @returns The module.
 * @throws {WasmError} If it can't be found, fetched or compiled.
 */
export async function compiledModule(slot: ModuleSlot): Promise<WebAssembly.Module> {
  if (slot.compiled !== undefined) return slot.compiled;
  const compiling = slot.compiling ??= slot.source === undefined ? compileHome(slot) : compileSource(slot, slot.source);
  try {
    const module = await compiling;
    // Unless another source was named meanwhile.
    if (slot.compiling === compiling) slot.compiled = module;
    return module;
  } finally {
    if (slot.compiling === compiling) slot.compiling = undefined;
  }
}

/**
 * Says where a module comes from. A compiled one takes effect at once; others are compiled when they are needed.
 *
 * @param slot Which.
 * @param source Where it comes from.
 */
export function setSource(slot: ModuleSlot, source: ModuleSource | ModuleGiver): void {
  slot.compiling = undefined;
  slot.source = isUncompiled(source) ? source : undefined;
  slot.compiled = isUncompiled(source) ? undefined : source;
}

// To TypeScript any object is a module; so what it isn't is asked.
function isUncompiled(source: ModuleSource | ModuleGiver): source is ModuleBytes | ModuleGiver {
  return typeof source === "string" || typeof source === "function" || source instanceof URL ||
    ArrayBuffer.isView(source) || Object.prototype.toString.call(source).endsWith("Buffer]");
}

/**
 * Loads and compiles a module.
 *
 * @param slot Which, for messages.
 * @param source Where it comes from.
 * @returns The module.
 * @throws {WasmError} If it can't be fetched or compiled.
 */
export async function compileSource(slot: ModuleSlot, source: ModuleBytes | ModuleGiver): Promise<WebAssembly.Module> {
  if (typeof source === "function") return compile(slot, await source());
  if (typeof source !== "string" && !(source instanceof URL)) return compile(slot, source);
  const url = new URL(source);
  let bytes: BufferSource;
  try {
    bytes = await load(url);
  } catch (cause) {
    const message = `Cannot load ${url.href}: ${messageOf(cause)}; init({ ${slot.option} }) takes it from elsewhere`;
    throw new WasmError(message, { cause });
  }
  return compile(slot, bytes);
}

/** From where this package keeps it; a bundler may have taken the code elsewhere, and left the module behind. */
async function compileHome(slot: ModuleSlot): Promise<WebAssembly.Module> {
  let home: URL | undefined;
  let bytes: BufferSource;
  try {
    home = slot.home();
    bytes = await load(home);
  } catch (cause) {
    const { findElsewhere } = await import("./missing.ts");
    const found = await findElsewhere(slot, home, cause, import.meta.url);
    if (typeof found === "string") throw new WasmError(found, { cause });
    return compileSource(slot, found);
  }
  return compile(slot, bytes);
}

async function load(url: URL): Promise<BufferSource> {
  if (url.protocol === "file:") {
    const { readFileBytes } = await import("./read_file_node.ts");
    return await readFileBytes(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  const bytes = await response.arrayBuffer();
  // Servers of pages with one address answer with the page for whatever they don't have.
  if (!isModule(bytes)) {
    throw new Error(`the answer is no wasm module but ${response.headers.get("content-type") ?? "something else"}`);
  }
  return bytes;
}

function isModule(bytes: ArrayBuffer): boolean {
  return bytes.byteLength >= 8 && new DataView(bytes).getUint32(0) === WASM_MAGIC;
}

async function compile(slot: ModuleSlot, bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    const message = messageOf(cause);
    const { workersHint } = await import("./missing.ts");
    throw new WasmError(`Cannot compile ${slot.name}: ${message}${workersHint(slot, message)}`, { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
