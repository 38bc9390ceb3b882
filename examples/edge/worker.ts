/**
 * The Worker. Nothing may be compiled while it serves, so the module comes by a static import; the rest is in
 * `handler.ts`.
 *
 * @module
 */
// @ts-ignore: bundlers for Workers make a compiled module of this import.
import module from "../../wasm/dist/hdf5.wasm";
import { init } from "../../mod.ts";
import { handle } from "./handler.ts";
import type { Environment } from "./settings.ts";

void init({ module: module as unknown as WebAssembly.Module });

export default {
  /** Answers one request. */
  fetch(request: Request, env: Environment): Promise<Response> {
    return handle(request, env);
  },
};
