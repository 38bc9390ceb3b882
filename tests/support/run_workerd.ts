/**
 * Starts a Worker in workerd, Cloudflare's runtime, by miniflare.
 *
 * @module
 */
import { Miniflare } from "./tools/miniflare.ts";

/** Workers' date of behaviour that everything here is tested with. */
export const COMPATIBILITY_DATE = "2026-07-01";

/** One module of a Worker. */
export interface WorkerModule {
  /** Name that other modules import it by, relative to the first one. */
  readonly name: string;
  /** Text of an ES module, or bytes of a wasm module. */
  readonly contents: string | Uint8Array<ArrayBuffer>;
}

/** A Worker that runs. */
export interface RunningWorker extends AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly url: URL;
  /** Where its inspector listens, where one was asked for. */
  readonly inspector?: URL;
}

/**
 * Starts a Worker on 127.0.0.1.
 *
 * @param modules Its modules, the entry first; wasm modules are compiled, as `CompiledWasm` rules do.
 * @param options `bindings` become its environment; `port` is any free one by default; `inspect` starts an inspector.
 * @returns The running Worker; dispose of it.
 */
export async function startWorker(
  modules: readonly WorkerModule[],
  options: {
    readonly bindings?: Record<string, string>;
    readonly port?: number;
    readonly r2Buckets?: string[];
    readonly inspect?: boolean;
  } = {},
): Promise<RunningWorker> {
  const miniflare = new Miniflare({
    modules: modules.map(({ name, contents }) => ({
      type: typeof contents === "string" ? "ESModule" as const : "CompiledWasm" as const,
      path: name,
      contents,
    })),
    host: "127.0.0.1",
    port: options.port ?? 0,
    compatibilityDate: COMPATIBILITY_DATE,
    bindings: options.bindings ?? {},
    ...(options.r2Buckets === undefined ? {} : { r2Buckets: options.r2Buckets }),
    ...(options.inspect === true ? { inspectorPort: 0 } : {}),
  });
  return {
    url: await miniflare.ready,
    ...(options.inspect === true ? { inspector: await miniflare.getInspectorURL() } : {}),
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  };
}
