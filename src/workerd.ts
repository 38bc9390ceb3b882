/**
 * The entry for Cloudflare Workers, where nothing may be compiled while serving: the modules come by static
 * imports, which bundlers for Workers know. Only the npm package leads here (export condition `workerd`); JSR takes
 * no static import of a module, so there a Worker makes these lines its own.
 *
 * @module
 */
// @ts-ignore: Deno types the import as the module's exports; bundlers for Workers give the compiled module.
import module from "../wasm/dist/hdf5.wasm";
// @ts-ignore: the same.
import reader from "../wasm/dist/reader.wasm";
import { init } from "./wasm/module.ts";

// Takes effect at once, before the first open(): a compiled module needs no waiting.
void init({ module: module as unknown as WebAssembly.Module, reader: reader as unknown as WebAssembly.Module });

export * from "../mod.ts";
