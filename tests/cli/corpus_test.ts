import assert from "node:assert/strict";
import { run, serve } from "./support.ts";

const corpus = new URL("../../../shared/data/nwb/", import.meta.url);
const names = await Array.fromAsync(Deno.readDir(corpus), (entry) => entry.name).catch(() => [] as string[]);
const files = names.filter((name) => name.endsWith(".nwb")).sort();

interface Node {
  path: string;
  kind: string;
  shape?: number[] | null;
  error?: string;
  members?: Node[];
}

function* nodes(node: Node): Generator<Node> {
  yield node;
  for (const member of node.members ?? []) yield* nodes(member);
}

Deno.test({
  name: `every NWB file of the corpus can be listed and shown by URL${files.length > 0 ? "" : " (skipped: no corpus)"}`,
  ignore: files.length === 0,
  async fn() {
    await using server = await serve(decodeURIComponent(corpus.pathname));
    let shown = 0;
    for (const name of files) {
      const url = `${server.url}/${encodeURIComponent(name)}`;
      const text = await run(["ls", url]);
      assert.equal(text.code, 0, `${name}: ${text.stderr}`);
      const root: Node = JSON.parse((await run(["ls", url, "--json"])).stdout);
      const all = [...nodes(root)];
      assert.deepEqual(all.filter(({ kind }) => kind === "error"), [], name);
      const info = JSON.parse((await run(["info", url, "--json"])).stdout);
      assert.match(info.writtenAs.join(), /^NWB /, name);
      const datasets = all.filter(({ kind, shape }) => kind === "dataset" && (shape?.length ?? 0) > 0).slice(0, 3);
      for (const { path } of datasets) {
        const values = await run(["show", url, path]);
        assert.equal(values.code, 0, `${name} ${path}: ${values.stderr}`);
        assert(values.stdout.startsWith(`${path}  `));
        shown++;
      }
    }
    assert(shown >= files.length);
  },
});
