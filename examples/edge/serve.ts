/**
 * Starts the Worker under workerd on 127.0.0.1: `deno task edge [--port=8787] [--allow=host,host:port]`.
 *
 * @module
 */
import { bundle, readWasm, stopBundler } from "../../tests/support/bundle.ts";
import { type RunningWorker, startWorker } from "../../tests/support/run_workerd.ts";
import type { Environment } from "./settings.ts";

/** What the bundle imports the module as. */
const WASM = "../../wasm/dist/hdf5.wasm";

/**
 * Bundles the Worker and starts it.
 *
 * @param env Its environment
 * @param port Where it listens; any free port by default
 * @returns The running Worker; dispose of it
 */
export async function serveEdge(env: Environment, port = 0): Promise<RunningWorker> {
  const text = await bundle({
    entry: new URL("./worker.ts", import.meta.url),
    conditions: ["workerd"],
    external: ["*.wasm"],
  });
  await stopBundler();
  const bindings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) bindings[name] = value;
  const modules = [
    { name: "worker.js", contents: text.replaceAll(WASM, "./hdf5.wasm") },
    { name: "hdf5.wasm", contents: await readWasm() },
  ];
  return await startWorker(modules, { bindings, port });
}

if (import.meta.main) {
  const option = (name: string) => Deno.args.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
  const allowed = option("allow") ?? Deno.env.get("ALLOWED_HOSTS") ?? "";
  const env: Record<string, string> = { ALLOWED_HOSTS: allowed };
  for (const name of ["MAX_SOURCE_BYTES", "MAX_RESULT_BYTES", "MAX_OBJECTS"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  const worker = await serveEdge(env, Number(option("port") ?? 8787));
  console.log(`${worker.url.href} reads from ${allowed === "" ? "no host: start it with --allow=host" : allowed}`);
  console.log(`Try ${worker.url.href}ls?url=… and ${worker.url.href}slice?url=…&path=…&select=0:10&format=csv`);
  // workerd is a process of its own; it ends with this one.
  await new Promise<void>((resolve) => Deno.addSignalListener("SIGINT", resolve));
  await worker[Symbol.asyncDispose]();
}
