/**
 * Opens a page in headless Chromium and waits for what it has to say.
 *
 * @module
 */

/**
 * Serves files and a page on 127.0.0.1, opens the page in headless Chromium, and waits until the page has posted
 * its result to `/result`. The page's script finds what it needs by relative URL, as any page would.
 *
 * @param chromium Path of the program.
 * @param options What to serve: `script` is the page's module, `files` maps paths to bytes.
 * @returns What the page posted.
 * @throws {Error} If nothing came within the time.
 */
export async function runInChromium(
  chromium: string,
  options: { readonly script: string; readonly files: ReadonlyMap<string, Uint8Array>; readonly seconds?: number },
): Promise<string> {
  const result = Promise.withResolvers<string>();
  const page = `<!doctype html><meta charset="utf-8"><title>microtome</title><script type="module">
try { await (async () => {${options.script}
})(); } catch (error) { await fetch("/failed", { method: "POST", body: String(error?.stack ?? error) }); }
</script>`;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      const body = await request.text();
      if (pathname === "/result") result.resolve(body);
      else result.reject(new Error(`The page failed: ${body}`));
      return new Response(null, { status: 204 });
    }
    if (pathname === "/") return new Response(page, { headers: { "content-type": "text/html" } });
    const bytes = options.files.get(pathname.slice(1));
    if (bytes === undefined) return new Response("not here", { status: 404 });
    return new Response(bytes.slice(), { headers: { "content-type": contentType(pathname) } });
  });
  const profile = await Deno.makeTempDir({ prefix: "microtome-chromium-" });
  const browser = new Deno.Command(chromium, {
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-extensions",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      `http://127.0.0.1:${server.addr.port}/`,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const seconds = options.seconds ?? 240;
  const timer = setTimeout(() => result.reject(new Error(`Chromium said nothing within ${seconds} s`)), seconds * 1000);
  browser.status.then((status) => result.reject(new Error(`Chromium ended early with status ${status.code}`)));
  try {
    return await result.promise;
  } finally {
    clearTimeout(timer);
    try {
      browser.kill("SIGKILL");
    } catch { /* it has ended already */ }
    await browser.status;
    await server.shutdown();
    await removeSoon(profile);
  }
}

/** Chromium's helpers may still write for a moment after it was killed. */
async function removeSoon(path: string): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      await Deno.remove(path, { recursive: true });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function contentType(path: string): string {
  if (path.endsWith(".js") || path.endsWith(".mjs")) return "text/javascript";
  if (path.endsWith(".wasm")) return "application/wasm";
  return "application/octet-stream";
}
