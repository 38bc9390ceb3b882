/**
 * The Worker. Nothing may be compiled while it serves, so the modules come by static imports; the rest is in
 * `handler.ts`.
 *
 * @module
 */
// @ts-ignore: bundlers for Workers make a compiled module of this import.
import module from "../../wasm/dist/hdf5.wasm";
// @ts-ignore: the same; it decimates what is drawn.
import reader from "../../wasm/dist/reader.wasm";
import { init } from "../../mod.ts";
import { handle } from "./handler.ts";
import type { Environment } from "./settings.ts";

void init({ module: module as unknown as WebAssembly.Module, reader: reader as unknown as WebAssembly.Module });

export default {
  /** Answers one request. */
  fetch(request: Request, env: Environment): Promise<Response> {
    return handle(request, env);
  },
};
