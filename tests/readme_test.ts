import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, ndarray, writeNpz } from "../mod.ts";
import { startRangeServer } from "./support/range_server.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The README's TypeScript and JavaScript, but what needs a Worker or a page: those forms are run by the edge and the portable tests. */
const BLOCKS = [...README.matchAll(/^```[jt]s\n([^]*?)^```$/gm)].map(([, code]) => code!)
  .filter((code) => !/\bfetch\(\)|\bdocument\b/.test(code));

/** The files that the README speaks of. */
async function writeFiles(folder: string): Promise<void> {
  await using nwb = await create(join(folder, "recording.nwb"));
  const data = ndarray(Int16Array.from({ length: 40_000 * 8 }, (_, i) => i % 1000), [40_000, 8]);
  await nwb.createDataset("/acquisition/ElectricalSeries/data", { data, chunks: [10_000, 8], compression: "gzip" });
  const spikes = await nwb.createDataset("/units/spike_times", {
    data: Float64Array.from({ length: 2000 }, (_, i) => i),
  });
  await spikes.attributes.set("description", "times");
  await nwb.close();
  await writeNpz(join(folder, "session.npz"), { t: ndarray(new Float64Array(200)), d: ndarray(new Float32Array(200)) });
  copyFileSync(new URL("data/session.nwb", import.meta.url), join(folder, "session.nwb"));
  writeFileSync(join(folder, "recording.bin"), new Uint8Array(384 * 2 * 40_000));
}

Deno.test("every example of the README runs, and its types hold", async () => {
  const folder = mkdtempSync(join(tmpdir(), "microtome-readme-"));
  const server = await startRangeServer({ "/": folder });
  try {
    await writeFiles(folder);
    assert.ok(BLOCKS.length >= 4);
    const mod = JSON.stringify(new URL("../mod.ts", import.meta.url).href);
    BLOCKS.forEach((code, i) => {
      const local = code.replaceAll("https://example.org/", `${server.url}/`).replaceAll('"@microtome/microtome"', mod);
      writeFileSync(join(folder, `block${i}.ts`), local);
    });
    // One process, and one check of types, for all.
    const imports = BLOCKS.map((_, i) => `await import("./block${i}.ts");\nconsole.log("ran ${i}");\n`);
    writeFileSync(join(folder, "all.ts"), imports.join(""));
    const { code: status, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--check", "all.ts"],
      cwd: folder,
    }).output();
    assert.equal(status, 0, new TextDecoder().decode(stderr));
    assert.ok(new TextDecoder().decode(stdout).includes(`ran ${BLOCKS.length - 1}`));
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});
