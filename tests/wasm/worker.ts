/**
 * A worker that is handed the modules and says what it had to compile.
 *
 * @module
 */
import { type CompiledModules, init } from "../../src/wasm/module.ts";
import { loadReader } from "../../src/wasm/reader/reader.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<CompiledModules>) => void;
  postMessage(message: unknown): void;
};
scope.onmessage = async ({ data }) => {
  let compiled = 0;
  const { compile } = WebAssembly;
  WebAssembly.compile = (bytes) => (compiled++, compile(bytes));
  await init(data);
  await init({}); // would compile the HDF5 module, were it not there
  const crc32 = (await loadReader()).crc32(new TextEncoder().encode("123456789"));
  scope.postMessage({ compiled, crc32 });
};
