/**
 * The same as the main entry, with the wasm modules inside: for bundlers that don't copy the files that code names
 * (esbuild, `bun build`), and for programs that must be one file. It adds about 1 MB to a bundle. Beside another entry
 * it is imported for its effect alone: `import "@microtome/microtome/inline"`.
 *
 * From JSR it is the main entry and no more: Deno finds the modules by their addresses.
 *
 * @example
 * ```ts
 * import { open, slice } from "./inline.ts"; // @microtome/microtome/inline
 *
 * const file = await open("tests/data/signal.h5");
 * const signal = await file.dataset("/signal");
 * console.log((await signal.read([slice(0, 10), 2])).data);
 * await file.close();
 * ```
 *
 * @module
 */
import { INLINE_MODULES } from "./wasm/load/inline_modules.ts";
import { setModuleGivers } from "./wasm/module.ts";
import { unpackModule } from "./wasm/load/unpack_module.ts";

const modules = INLINE_MODULES;
if (modules !== undefined) {
  setModuleGivers(() => unpackModule(modules["hdf5.wasm"]), () => unpackModule(modules["reader.wasm"]));
}

export * from "../mod.ts";
