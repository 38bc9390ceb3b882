/**
 * Loading and compiling one wasm module, once per process, in every runtime.
 *
 * @module
 */
import { WasmError } from "../source/errors.ts";

/** Where a module comes from: compiled already, an address to fetch it from, or its bytes. */
export type ModuleSource = WebAssembly.Module | URL | string | BufferSource;

/** One of the modules. Its compiled form is shared by all that use it and never changes. */
export interface ModuleSlot {
  /** The file's name. */
  readonly name: string;
  /** What of {@linkcode InitOptions} brings the module, for messages. */
  readonly option: string;
  /** Where it lies in this package. */
  readonly home: () => URL;
  /** Where it comes from instead. */
  source?: ModuleSource;
  /** Once it is compiled. */
  compiled?: WebAssembly.Module;
  /** The compilation under way, so that two who need it at once compile it once. */
  compiling?: Promise<WebAssembly.Module> | undefined;
}

/**
 * Gives a compiled module, compiling it on first use.
 *
 * @param slot Which.
 * @returns The module.
 * @throws {WasmError} If it can't be found, fetched or compiled.
 */
export async function compiledModule(slot: ModuleSlot): Promise<WebAssembly.Module> {
  if (slot.compiled !== undefined) return slot.compiled;
  slot.compiling ??= compileSource(slot).finally(() => slot.compiling = undefined);
  return await slot.compiling;
}

/**
 * Says where a module comes from. A compiled one takes effect at once; others are compiled when they are needed.
 *
 * @param slot Which.
 * @param source Where it comes from.
 */
export function setSource(slot: ModuleSlot, source: ModuleSource): void {
  delete slot.compiled;
  slot.compiling = undefined;
  if (isModule(source)) slot.compiled = source;
  else slot.source = source;
}

function isModule(source: ModuleSource): source is WebAssembly.Module {
  return !(typeof source === "string" || source instanceof URL || ArrayBuffer.isView(source) ||
    Object.prototype.toString.call(source).endsWith("Buffer]"));
}

async function compileSource(slot: ModuleSlot): Promise<WebAssembly.Module> {
  const source = slot.source ?? homeOf(slot);
  const bytes = typeof source === "string" || source instanceof URL ? await load(slot, new URL(source)) : source;
  try {
    const module = await WebAssembly.compile(bytes as BufferSource);
    // Unless another source was named meanwhile.
    if (slot.source === undefined || slot.source === source) slot.compiled ??= module;
    return module;
  } catch (cause) {
    throw new WasmError(
      `Cannot compile ${slot.name}: ${
        messageOf(cause)
      } (in Cloudflare Workers, import the .wasm file and pass it to init({ ${slot.option} }))`,
      { cause },
    );
  }
}

function homeOf({ name, option, home }: ModuleSlot): URL {
  try {
    return home();
  } catch (cause) {
    throw new WasmError(
      `Cannot find ${name}: this runtime gives no import.meta.url, so pass the module to init({ ${option} })`,
      { cause },
    );
  }
}

async function load({ option }: ModuleSlot, url: URL): Promise<BufferSource> {
  try {
    if (url.protocol === "file:") {
      const { readFileBytes } = await import("./read_file_node.ts");
      return await readFileBytes(url);
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.arrayBuffer();
  } catch (cause) {
    throw new WasmError(`Cannot load ${url.href}: ${messageOf(cause)}; init({ ${option} }) takes it from elsewhere`, {
      cause,
    });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
