/**
 * Starting the reader's module.
 *
 * @module
 */
import { WasmError } from "../../source/errors.ts";
import { readerModule } from "../module.ts";
import { ReaderInstance } from "./memory.ts";

let shared: Promise<ReaderInstance> | undefined;

/**
 * Gives the reader's instance. Its module is compiled on first use; all share one, since no kernel waits or keeps anything.
 *
 * @returns The instance, which kernels are called with.
 * @throws {WasmError} If the module can't be loaded.
 */
export async function loadReaderInstance(): Promise<ReaderInstance> {
  shared ??= start();
  try {
    return await shared;
  } catch (error) {
    shared = undefined;
    throw error;
  }
}

async function start(): Promise<ReaderInstance> {
  const module = await readerModule();
  try {
    return new ReaderInstance(module, await WebAssembly.instantiate(module, {}));
  } catch (cause) {
    throw new WasmError(`Cannot start the reader module: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
