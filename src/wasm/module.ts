/**
 * The two wasm modules, and how a program says where they come from.
 *
 * @module
 */
import { compiledModule, compileSource, setSource } from "./load/load.ts";
import type { ModuleGiver, ModuleSlot, ModuleSource } from "./load/module_slot.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";

/** How to come by the wasm modules where the default, the files shipped beside this package, doesn't do. */
export interface InitOptions {
  /** The HDF5 module, compiled: the only way in Cloudflare Workers (`import module from "…/hdf5.wasm"`). */
  readonly module?: WebAssembly.Module | undefined;
  /** Where to fetch `hdf5.wasm` from; `reader.wasm` is then looked for beside it. */
  readonly url?: string | URL | undefined;
  /** The bytes of `hdf5.wasm`. */
  readonly bytes?: BufferSource | undefined;
  /**
   * The small second module, `reader.wasm`, for arrays outside of HDF5 (NPY, NPZ, raw binary): compiled (the only way
   * in Cloudflare Workers), where to fetch it from, or its bytes. It is compiled when it is first needed.
   */
  readonly reader?: ModuleSource | undefined;
}

/** The state that all open files share. */
const HDF5: ModuleSlot = {
  name: "hdf5.wasm",
  option: "module",
  // Bundlers know this form and copy the file.
  home: () => new URL("../../wasm/dist/hdf5.wasm", import.meta.url),
};

/** The same for the reader. */
const READER: ModuleSlot = {
  name: "reader.wasm",
  option: "reader",
  home: () => new URL("../../wasm/dist/reader.wasm", import.meta.url),
};

/**
 * Says where the wasm modules come from, and compiles the HDF5 module. Needed only where the default doesn't work: in
 * Cloudflare Workers, or where the `.wasm` files were moved. Bundlers that leave the files behind (esbuild, `bun build`)
 * can import `@microtome/microtome/inline` instead, which holds the modules.
 *
 * @param options One of a compiled module, a URL or bytes; nothing for the file beside this package. `reader` beside
 * them, or alone: then nothing is compiled yet.
 * @returns When the HDF5 module is ready.
 * @throws {WasmError} If it can't be fetched or compiled.
 *
 * @example
 * ```ts
 * import { init, open } from "../../mod.ts";
 * await init({ bytes: await Deno.readFile(new URL("../../wasm/dist/hdf5.wasm", import.meta.url)) });
 * ```
 */
export async function init(options: InitOptions = {}): Promise<void> {
  checkOptions(options, INIT_OPTIONS, "start the modules");
  const { module, bytes, url, reader } = options;
  // What comes compiled takes effect at once: nothing may be awaited before.
  if (reader !== undefined) setSource(READER, reader);
  const source = bytes ?? url;
  if (module !== undefined) setSource(HDF5, module);
  else if (source !== undefined) setSource(HDF5, await compileSource(HDF5, source));
  else if (reader === undefined) await hdf5Module();
  if (url !== undefined && reader === undefined) setSource(READER, new URL("reader.wasm", url));
}

/**
 * Gives the compiled HDF5 module, compiling it on first use.
 *
 * @returns The module.
 * @throws {WasmError} If it can't be found, fetched or compiled.
 */
export function hdf5Module(): Promise<WebAssembly.Module> {
  return compiledModule(HDF5);
}

/**
 * Gives the compiled reader module, compiling it on first use.
 *
 * @returns The module.
 * @throws {WasmError} If it can't be found, fetched or compiled.
 */
export function readerModule(): Promise<WebAssembly.Module> {
  return compiledModule(READER);
}

/** Both modules, compiled: what {@linkcode init} takes. */
export interface CompiledModules {
  /** The HDF5 module. */
  readonly module: WebAssembly.Module;
  /** The reader. */
  readonly reader: WebAssembly.Module;
}

/**
 * Gives what a worker thread is to pass to {@linkcode init}: it then has the modules from here, however they came
 * here, and neither looks for them nor compiles them again. Compiled modules can be posted to workers in every runtime.
 *
 * @returns Both modules.
 * @throws {WasmError} If one can't be found, fetched or compiled.
 */
export async function modulesForWorker(): Promise<CompiledModules> {
  const [module, reader] = await Promise.all([hdf5Module(), readerModule()]);
  return { module, reader };
}

/**
 * Says what gives the modules' bytes once they are needed, if nothing else is said.
 *
 * @param hdf5 Gives those of `hdf5.wasm`.
 * @param reader Gives those of `reader.wasm`.
 */
export function setModuleGivers(hdf5: ModuleGiver, reader: ModuleGiver): void {
  setSource(HDF5, hdf5);
  setSource(READER, reader);
}

const INIT_OPTIONS: OptionNames<InitOptions> = { module: true, url: true, bytes: true, reader: true };
