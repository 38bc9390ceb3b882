import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { runCommand } from "./support/run_command.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** Runs `deno publish`; gives all that it printed. */
async function publish(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--allow-dirty", ...args],
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, said);
  return said;
}

/** Takes what is published in place of JSR, and gives it. */
async function capturePublished(): Promise<Uint8Array<ArrayBuffer>> {
  let archive: Uint8Array<ArrayBuffer> | undefined;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      archive = new Uint8Array(await request.arrayBuffer());
      return Response.json({ id: "1", status: "success", error: null });
    }
    if (pathname.includes("/versions/")) {
      return Response.json({ code: "notFound", message: "not published yet" }, { status: 404 });
    }
    return Response.json({ scope: "microtome", name: "microtome", githubRepository: null });
  });
  try {
    await publish(["--token=none", "--no-provenance"], { JSR_URL: `http://127.0.0.1:${server.addr.port}/` });
  } finally {
    await server.shutdown();
  }
  assert.ok(archive !== undefined, "nothing was published");
  return archive;
}

Deno.test("deno publish --dry-run has nothing to say against the package: no slow types, no warnings", async () => {
  const said = await publish(["--dry-run"]);
  assert.match(said, /Simulating publish of @microtome\/microtome/);
  assert.doesNotMatch(said, /warning|slow type.*found|error\[/i);
});

Deno.test("what is published holds the module and its notices, and asks for the real @std/path", async () => {
  const directory = await Deno.makeTempDir({ prefix: "microtome-publish-" });
  try {
    await Deno.writeFile(join(directory, "package.tgz"), await capturePublished());
    const listed = await runCommand("tar", ["xvzf", "package.tgz"], { cwd: directory });
    const files = new Set(listed.trim().split(/\r?\n/).map((path) => path.replace(/^\.?\//, "")));
    for (
      const file of [
        "mod.ts",
        "README.md",
        "LICENSE",
        "NOTICES",
        "CHANGELOG.md",
        "wasm/dist/hdf5.wasm",
        "wasm/dist/reader.wasm",
      ]
    ) {
      assert.ok(files.has(file), `${file} is published: ${listed}`);
    }
    for (const target of Object.values(config.exports)) assert.ok(files.has(target.slice(2)));
    assert.ok(!files.has("src/workerd.ts"), "JSR takes no static import of the module");
    const text = [...files].filter((file) => file.startsWith("src/") && file.endsWith(".ts"))
      .map((file) => Deno.readTextFileSync(join(directory, file))).join("");
    const specifiers = new Set([...text.matchAll(/from "([^"]*@std\/[^"]*)"/g)].map((match) => match[1]));
    assert.deepEqual([...specifiers], ["jsr:@std/path@^1"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
