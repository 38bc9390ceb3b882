import assert from "node:assert/strict";
import { kindOf } from "../../src/source/signatures.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { fixture, run, serve } from "./support.ts";

const corpus = new URL("../../../shared/data/", import.meta.url);
const hasCorpus = await Deno.stat(corpus).then(() => true, () => false);

Deno.test("info says what an HDF5 file's header says", async () => {
  const versions: [string, number, number, number][] = [
    ["superblock0.h5", 0, 0, 0],
    ["superblock1.h5", 1, 0, 0],
    ["superblock2.h5", 2, 0, 0],
    ["superblock3.h5", 3, 0, 0],
  ];
  for (const [name, superblock, userblock, pageSize] of versions) {
    const said = JSON.parse((await run(["info", fixture(name), "--json"])).stdout);
    assert.equal(said.kind, "HDF5");
    assert.deepEqual([said.superblock, said.userblock, said.pageSize], [superblock, userblock, pageSize], name);
    assert.equal(said.byteLength, (await Deno.stat(fixture(name))).size);
    assert(Array.isArray(said.members));
  }
  const paged = JSON.parse((await run(["info", fixture("paged.h5"), "--json"])).stdout);
  assert(paged.pageSize > 0);
  const userblock = await run(["info", fixture("userblock0.h5")]);
  assert.match(userblock.stdout, /^user block +\d+ bytes$/m);
  assert.match(userblock.stderr, /round trips?\n$/);
});

Deno.test("info recognises files of other kinds by their first bytes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const npy = `${folder}/x.bin`;
    await Deno.writeFile(npy, encodeNpy(ndarray(Int16Array.of(1, 2))));
    const text = await run(["info", npy]);
    assert.equal(text.code, 0);
    assert.match(
      text.stdout,
      /^kind +NPY: NumPy array\nsize +132 B \(132 bytes\)\nversion +1\.0\ndtype +<i2: int16\nshape +\(2,\)\norder +C\n/m,
    );
    assert.deepEqual(JSON.parse((await run(["info", npy, "--json"])).stdout), {
      source: npy,
      kind: "NPY",
      description: "NumPy array",
      byteLength: 132,
      version: "1.0",
      dtype: "<i2",
      shape: [2],
      order: "C",
    });
    await using server = await serve(folder);
    const remote = await run(["info", `${server.url}/x.bin`]);
    assert.match(remote.stdout, /NPY/);
    assert.equal(parseInt(remote.stderr), server.log.length, "the cost of looking for HDF5 first is told too");
    for (
      const [name, bytes, message] of [["empty", "", /it is empty$/], [
        "unknown",
        "\x01hello",
        /begins with the bytes 01 68 65 6c 6c 6f$/,
      ]] as const
    ) {
      await Deno.writeTextFile(`${folder}/${name}`, bytes);
      const outcome = await run(["info", `${folder}/${name}`]);
      assert.equal(outcome.code, 1);
      assert.match(outcome.stderr.trimEnd(), message);
    }
    await Deno.writeTextFile(`${folder}/page`, "<!doctype html><title>404</title>");
    assert.match((await run(["info", `${folder}/page`])).stdout, /^kind +HTML: web page; the address may be that of/m);
    await Deno.writeFile(`${folder}/cut`, (await Deno.readFile(fixture("signal.h5"))).subarray(0, 60));
    const cut = await run(["info", `${folder}/cut`]);
    assert.equal(cut.code, 1);
    assert.doesNotMatch(cut.stderr, /what kind/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ls and show of a file that isn't HDF5 fail in one line", async () => {
  for (const command of [["ls"], ["show"]]) {
    const { code, stderr } = await run([...command, fixture("README.md"), ...(command[0] === "show" ? ["/x"] : [])]);
    assert.equal(code, 1);
    assert.match(stderr, /^microtome: .*README\.md.*(HDF5|signature not found).*\n$/);
  }
});

Deno.test({
  name: `info recognises the formats of the corpus${hasCorpus ? "" : " (skipped: no corpus)"}`,
  ignore: !hasCorpus,
  async fn() {
    const cases: [string, RegExp, string][] = [
      ["npz", /\.npy$/, "NPY"],
      ["npz", /\.npz$/, "NPZ"],
      ["edf", /\.edf$/i, "EDF"],
      ["edf", /\.bdf$/i, "BDF"],
      ["axon", /\.abf$/, "ABF"],
      ["blackrock", /\.(nev|ns\d)$/, "Blackrock"],
      ["neuralynx", /\.(ncs|nev|nse|ntt)$/, "Neuralynx"],
      ["plexon", /\.plx$/, "Plexon PLX"],
      ["intan", /\.rhd$/, "Intan RHD"],
      ["intan", /\.rhs$/, "Intan RHS"],
      ["brainvision", /\.vhdr$/, "BrainVision"],
      ["openephys", /\.continuous$/, "Open Ephys"],
      ["micromed", /\.TRC$/, "Micromed TRC"],
      ["zarr", /power.*\.zip$/, "Zarr ZIP"],
    ];
    let count = 0;
    for (const [folder, name, kind] of cases) {
      for await (const path of filesIn(new URL(`${folder}/`, corpus))) {
        if (!name.test(path.pathname.split("/").pop()!)) continue;
        const head = (await Deno.readFile(path)).subarray(0, 1024);
        if (head.length === 0) continue;
        assert.equal(kindOf(head)?.name, kind, path.pathname);
        count++;
      }
    }
    assert(count > 50, `${count} files`);
  },
});

async function* filesIn(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(encodeURIComponent(entry.name) + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory) yield* filesIn(url);
    else yield url;
  }
}
