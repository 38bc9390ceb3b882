/**
 * Loading and compiling one wasm module, once per process, in every runtime.
 *
 * @module
 */
import { WasmError } from "../source/errors.ts";

/** Where a module is loaded from: an address to fetch it from, or its bytes. */
export type ModuleBytes = URL | string | BufferSource;

/** Where a module comes from: compiled already, an address to fetch it from, or its bytes. */
export type ModuleSource = WebAssembly.Module | ModuleBytes;

/** One of the modules. Its compiled form is shared by all that use it and never changes. */
export interface ModuleSlot {
  /** The file's name. */
  readonly name: string;
  /** What of {@linkcode InitOptions} brings the module, for messages. */
  readonly option: string;
  /** Where it lies in this package. */
  readonly home: () => URL;
  /** Where it comes from instead. */
  source?: ModuleBytes | undefined;
  /** Once it is compiled. */
  compiled?: WebAssembly.Module | undefined;
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
  const compiling = slot.compiling ??= compileSource(slot, slot.source ?? homeOf(slot));
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
export function setSource(slot: ModuleSlot, source: ModuleSource): void {
  slot.compiling = undefined;
  slot.source = isBytes(source) ? source : undefined;
  slot.compiled = isBytes(source) ? undefined : source;
}

// To TypeScript any object is a module; so what it isn't is asked.
function isBytes(source: ModuleSource): source is ModuleBytes {
  return typeof source === "string" || source instanceof URL || ArrayBuffer.isView(source) ||
    Object.prototype.toString.call(source).endsWith("Buffer]");
}

/**
 * Loads and compiles a module.
 *
 * @param slot Which, for messages.
 * @param source Where it comes from.
 * @returns The module.
 * @throws {WasmError} If it can't be fetched or compiled.
 */
export async function compileSource(slot: ModuleSlot, source: ModuleBytes): Promise<WebAssembly.Module> {
  const bytes = typeof source === "string" || source instanceof URL ? await load(slot, new URL(source)) : source;
  try {
    return await WebAssembly.compile(bytes);
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
