/**
 * The entry for Cloudflare Workers, where nothing may be compiled while serving: the module comes by a static
 * import, which bundlers for Workers know. Only the npm package leads here (export condition `workerd`); JSR takes
 * no static import of this module, so there a Worker makes these two lines its own.
 *
 * @module
 */
// @ts-ignore: Deno types the import as the module's exports; bundlers for Workers give the compiled module.
import module from "../wasm/dist/hdf5.wasm";
import { init } from "./wasm/module.ts";

// Takes effect at once, before the first open(): a compiled module needs no waiting.
void init({ module: module as unknown as WebAssembly.Module });

export * from "../mod.ts";
