/**
 * Tools that serve while one develops: Vite, wrangler.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "@std/path";
import { runCommand } from "../../support/run_command.ts";
import { type Tool, versionOf } from "../tools.ts";
import { runPage, visitPage } from "./page.ts";
import { type App, assertRead, INLINE, MAIN, program, type Row, TELL_PAGE, writeFile } from "./row.ts";

const WRITE = `import … from "${MAIN}"`;

/** The rows. */
export const SERVERS: readonly Row[] = [
  ...(["vite", "vite7", "vite6", "vite5"] as const).flatMap((tool): Row[] => {
    const one = { tool: "Vite", version: versionOf(tool), write: WRITE, result: "works", needs: "chromium" } as const;
    const dev = { ...one, how: "dev, in Chromium", run: (app: App) => viteDev(app, tool) };
    // Builds have always copied the files; it is the dev server that differs by version.
    if (tool !== "vite" && tool !== "vite5") return [dev];
    return [dev, { ...one, how: "build, in Chromium", run: (app) => viteBuild(app, tool) }];
  }),
  {
    tool: "Vite",
    version: versionOf("vite6"),
    how: "dev, the package above the app (monorepo)",
    write: WRITE,
    result: "works",
    needs: "chromium",
    run: async (app) => {
      await writeFile(app, "package.json", JSON.stringify({ private: true, workspaces: ["packages/*"] }));
      const directory = join(app.directory, "packages/app");
      await Deno.mkdir(directory, { recursive: true });
      await Deno.writeTextFile(join(directory, "package.json"), JSON.stringify({ name: "app", type: "module" }));
      await viteDev({ ...app, directory }, "vite6");
    },
  },
  {
    tool: "wrangler",
    version: versionOf("wrangler"),
    how: "dev",
    write: WRITE,
    result: "works",
    run: wranglerDev,
  },
  {
    tool: "wrangler",
    version: versionOf("wrangler"),
    how: "deploy --dry-run",
    write: `import … from "${INLINE}"`,
    result: "imports both modules, as Workers need",
    run: async (app) => {
      await writeWorker(app, INLINE);
      const args = [join(app.tools, "wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir=dist"];
      await runCommand("node", args, { cwd: app.directory, env: WRANGLER_ENV });
      const names = [...Deno.readDirSync(join(app.directory, "dist"))].map(({ name }) => name);
      assert.equal(names.filter((name) => name.endsWith(".wasm")).length, 2, names.join());
      // As text, the modules would be in it twice.
      assert.ok(!(await Deno.readTextFile(join(app.directory, "dist/worker.js"))).includes("H4sI"));
    },
  },
];

async function writeSite(app: App): Promise<void> {
  await writeFile(app, "index.html", `<!doctype html><script type="module" src="/main.js"></script>`);
  await writeFile(app, "main.js", program(app.url, { tell: TELL_PAGE }));
}

async function viteDev(app: App, tool: Tool): Promise<void> {
  await writeSite(app);
  const port = freePort();
  const args = [join(app.tools, tool, "bin/vite.js"), "--host=127.0.0.1", `--port=${port}`, "--strictPort"];
  await using server = await startServer(app, args, `http://127.0.0.1:${port}/`);
  assertRead(await visitPage(app, server.url));
}

async function viteBuild(app: App, tool: Tool): Promise<void> {
  await writeSite(app);
  await runCommand("node", [join(app.tools, tool, "bin/vite.js"), "build", "--logLevel=error"], { cwd: app.directory });
  const assets = join(app.directory, "dist/assets");
  const names = [...Deno.readDirSync(assets)].map(({ name }) => name);
  const main = names.find((name) => /^index.*\.js$/.test(name));
  assertRead(
    await runPage(app, {
      script: `await import("/assets/${main}");`,
      files: new Map(names.map((name) => [`assets/${name}`, Deno.readFileSync(join(assets, name))])),
    }),
  );
}

/** Wrangler asks nobody, and tells nobody. */
const WRANGLER_ENV = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  // With the banner comes a look for newer releases.
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  CI: "true",
  NO_COLOR: "1",
};

async function writeWorker(app: App, from = MAIN): Promise<void> {
  const text = program(app.url, { from }).replace(/^main\(\)[^]*/m, "");
  await writeFile(
    app,
    "worker.mjs",
    `${text}export default {
  fetch: async () => Response.json(await main().catch(({ name, code, message }) => ({ name, code, message }))),
};`,
  );
  const configuration = { name: "app", main: "worker.mjs", compatibility_date: "2026-04-01", dev: { ip: "127.0.0.1" } };
  await writeFile(app, "wrangler.json", JSON.stringify(configuration));
}

async function wranglerDev(app: App): Promise<void> {
  await writeWorker(app);
  const port = freePort();
  const args = [join(app.tools, "wrangler/bin/wrangler.js"), "dev", "--local", `--port=${port}`, "--inspector-port=0"];
  await using server = await startServer(app, args, `http://127.0.0.1:${port}/`);
  assertRead(await (await fetch(server.url)).json());
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** Starts a server and waits until it answers. */
async function startServer(app: App, args: string[], url: string): Promise<AsyncDisposable & { url: string }> {
  const log = join(app.directory, "server.log");
  // Its output goes to a file: a pipe that nobody empties would stop it.
  const command = `exec node "$@" > "${log}" 2>&1`;
  const server = new Deno.Command("sh", {
    args: ["-c", command, "sh", ...args],
    cwd: app.directory,
    env: WRANGLER_ENV,
    stdin: "null",
  }).spawn();
  let ended = false;
  const status = server.status.then(() => ended = true);
  const stop = async () => {
    if (!ended) server.kill("SIGTERM");
    const timer = setTimeout(() => server.kill("SIGKILL"), 10_000);
    await status;
    clearTimeout(timer);
  };
  for (let i = 0; i < 600; i++) {
    try {
      await (await fetch(url)).body?.cancel();
      return { url, [Symbol.asyncDispose]: stop };
    } catch {
      if (ended) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await stop();
  throw new Error(`Cannot start ${args.join(" ")}: ${await Deno.readTextFile(log)}`);
}
