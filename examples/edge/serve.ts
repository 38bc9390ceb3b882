/**
 * Starts the Worker under workerd on 127.0.0.1: `deno task edge [--port=8787] [--allow=host,host:port]`.
 *
 * @module
 */
import { bundle, readWasm, stopBundler } from "../../tests/support/bundle.ts";
import { installPackages } from "../../tests/support/install_packages.ts";
import { type RunningWorker, startWorker } from "../../tests/support/run_workerd.ts";
import type { Environment } from "./settings.ts";

/** Numbers of the environment that are passed on. */
const SETTINGS = [
  "MAX_SOURCE_BYTES",
  "MAX_RESULT_BYTES",
  "MAX_OBJECTS",
  "MAX_CONCURRENT",
  "MAX_WAITING",
  "DEADLINE_MS",
] as const;

/** The modules, which the bundle imports from this folder. */
const WASM = ["hdf5.wasm", "reader.wasm"] as const;
const DIST = "../../wasm/dist/";

/**
 * Bundles the Worker and starts it.
 *
 * @param env Its environment
 * @param port Where it listens; any free port by default
 * @param inspect Whether an inspector is started
 * @returns The running Worker; dispose of it
 */
export async function serveEdge(env: Environment, port = 0, inspect = false): Promise<RunningWorker> {
  const text = await bundleWorker();
  const bindings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) bindings[name] = value;
  const compiled = await Promise.all(WASM.map(async (name) => ({ name, contents: await readWasm(name) })));
  const modules = [{ name: "worker.js", contents: text.replaceAll(DIST, "./") }, ...compiled];
  return await startWorker(modules, { bindings, port, inspect });
}

/**
 * Bundles the Worker, with what it draws by.
 *
 * @returns The text of an ES module, which imports the modules from `../../wasm/dist/`
 */
export async function bundleWorker(): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: "microtome_edge_" });
  try {
    return await bundle({
      entry: new URL("./worker.ts", import.meta.url),
      conditions: ["workerd"],
      external: ["*.wasm"],
      packages: [await installPackages(directory, ["@observablehq/plot", "linkedom"])],
    });
  } finally {
    await stopBundler();
    await Deno.remove(directory, { recursive: true });
  }
}

if (import.meta.main) {
  const option = (name: string) => Deno.args.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
  const allowed = option("allow") ?? Deno.env.get("ALLOWED_HOSTS") ?? "";
  const env: Record<string, string> = { ALLOWED_HOSTS: allowed };
  for (const name of SETTINGS) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  const worker = await serveEdge(env, Number(option("port") ?? 8787), Deno.args.includes("--inspect"));
  console.log(
    `${worker.url.href} reads from ${allowed === "" ? "no host: start it with --allow=host" : allowed}${
      worker.inspector === undefined ? "" : `, inspected at ${worker.inspector}`
    }`,
  );
  console.log(`Try ${worker.url.href}ls?url=… and ${worker.url.href}slice?url=…&path=…&select=0:10&format=csv`);
  console.log(`Of NWB files: ${worker.url.href}nwb?url=… and ${worker.url.href}nwb/slice?url=…&key=…&format=svg`);
  // workerd is a process of its own; it ends with this one.
  await new Promise<void>((resolve) => Deno.addSignalListener("SIGINT", resolve));
  await worker[Symbol.asyncDispose]();
}
