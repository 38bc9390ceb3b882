/**
 * Finding and compiling the wasm module, once per process, in every runtime.
 *
 * @module
 */
import { WasmError } from "../source/errors.ts";

/** How to come by the HDF5 module where the default, the file shipped beside this package, doesn't do. */
export interface InitOptions {
  /** A compiled module: the only way in Cloudflare Workers (`import module from "…/hdf5.wasm"`). */
  readonly module?: WebAssembly.Module | undefined;
  /** Where to fetch `hdf5.wasm` from. */
  readonly url?: string | URL | undefined;
  /** The bytes of `hdf5.wasm`. */
  readonly bytes?: BufferSource | undefined;
}

/** The module once it is compiled: the one piece of state that all open files share. It never changes after that. */
let compiled: WebAssembly.Module | undefined;
/** The compilation under way, so that two files opened at once compile it once. */
let compiling: Promise<WebAssembly.Module> | undefined;

/**
 * Says where the HDF5 module comes from, and compiles it. Needed only where the default doesn't work: in Cloudflare
 * Workers, or where the `.wasm` file was moved.
 *
 * @param options One of a compiled module, a URL or bytes; nothing for the file beside this package.
 * @returns When the module is ready.
 * @throws {WasmError} If it can't be fetched or compiled.
 *
 * @example
 * ```ts
 * import { init, open } from "../../mod.ts";
 * await init({ bytes: await Deno.readFile(new URL("../../wasm/dist/hdf5.wasm", import.meta.url)) });
 * ```
 */
export async function init(options: InitOptions = {}): Promise<void> {
  if (options.module !== undefined) {
    compiled = options.module;
    return;
  }
  if (options.bytes !== undefined) {
    compiled = await compile(options.bytes);
    return;
  }
  compiled = await compileUrl(options.url === undefined ? defaultUrl() : new URL(options.url));
}

/**
 * Gives the compiled module, compiling it on first use.
 *
 * @returns The module.
 * @throws {WasmError} If it can't be found, fetched or compiled.
 */
export async function hdf5Module(): Promise<WebAssembly.Module> {
  if (compiled !== undefined) return compiled;
  compiling ??= compileUrl(defaultUrl()).finally(() => compiling = undefined);
  compiled = await compiling;
  return compiled;
}

/** The file shipped beside this one; bundlers know this form and copy the file. */
function defaultUrl(): URL {
  try {
    return new URL("../../wasm/dist/hdf5.wasm", import.meta.url);
  } catch (cause) {
    throw new WasmError(
      "Cannot find hdf5.wasm: this runtime gives no import.meta.url, so pass the module to init({ module })",
      { cause },
    );
  }
}

async function compileUrl(url: URL): Promise<WebAssembly.Module> {
  let bytes: BufferSource;
  try {
    if (url.protocol === "file:") {
      const { readFileBytes } = await import("./read_file_node.ts");
      bytes = await readFileBytes(url);
    } else {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`status ${response.status}`);
      bytes = await response.arrayBuffer();
    }
  } catch (cause) {
    throw new WasmError(`Cannot load ${url.href}: ${messageOf(cause)}`, { cause });
  }
  return await compile(bytes);
}

async function compile(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new WasmError(
      `Cannot compile hdf5.wasm: ${
        messageOf(cause)
      } (in Cloudflare Workers, import the .wasm file and pass it to init({ module }))`,
      { cause },
    );
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
