import assert from "node:assert/strict";
import { join } from "node:path";
import { open } from "../../mod.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { DType, NDArray } from "../../src/array/types.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { writeNpy } from "../../src/npy/write.ts";
import { writeNpz } from "../../src/npy/write_npz.ts";
import { openZarr } from "../../src/zarr/mod.ts";
import { fixture, type Outcome, run, serve } from "./support.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "microtome-convert-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `convert`, which must succeed. */
async function convert(...args: string[]): Promise<Outcome> {
  const outcome = await run(["convert", ...args]);
  assert.equal(outcome.code, 0, `${args.join(" ")}: ${outcome.stderr}`);
  return outcome;
}

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

/** What `show --json` says of an array, without its path. */
async function shown(...args: string[]): Promise<{ shape: number[]; dtype: string; data: unknown[] }> {
  const { code, stdout, stderr } = await run(["show", ...args, "--json"]);
  assert.equal(code, 0, stderr);
  const { shape, dtype, data } = JSON.parse(stdout);
  return { shape, dtype, data };
}

const bool: DType = { kind: "bool", itemsize: 1, byteOrder: "|" };
const complex: DType = { kind: "complex", itemsize: 8, byteOrder: "<" };
const half: DType = { kind: "float", itemsize: 2, byteOrder: "<" };
const arrays: Record<string, NDArray> = {
  i2: ndarray(Int16Array.from({ length: 60 }, (_, i) => i * 7 - 200), [3, 4, 5]),
  u8: ndarray(BigUint64Array.of(0n, 2n ** 64n - 1n, 2n ** 53n + 1n)),
  f4: ndarray(Float32Array.of(NaN, -Infinity, 1.5, -0), [2, 2]),
  f8: ndarray(Float64Array.from({ length: 33 }, (_, i) => Math.sin(i)), [11, 3]),
  f2: ndarray(Float32Array.of(0.5, 65504, -2), [3], half),
  b: ndarray(Uint8Array.of(0, 1, 1, 0), [4], bool),
  c: ndarray(Float32Array.of(1, 2, 3, -4), [2], complex),
  empty: ndarray(new Int32Array(0), [0, 4]),
  scalar: ndarray(Float64Array.of(42.5), []),
};

Deno.test("an array goes through every kind of file to every other, and stays what it is", async () => {
  await inFolder(async (folder) => {
    const kinds = ["npy", "npz", "h5", "zarr", "bin"];
    for (const [name, array] of Object.entries(arrays)) {
      const first = join(folder, `${name}.npy`);
      await writeNpy(first, array);
      const expected = await shown(first);
      for (const kind of kinds) {
        const between = join(folder, `${name}-1.${kind}`);
        await convert(first, between);
        for (const last of kinds) {
          const end = join(folder, `${name}-${kind}-2.${last}`);
          await convert(between, end);
          const path = last === "npz" || last === "h5" ? ["data"] : [];
          assert.deepEqual(await shown(end, ...path), expected, `${name}: ${kind} to ${last}`);
        }
      }
    }
    assert(!names(folder).some((name) => /part|tmp/.test(name)), String(names(folder)));
  });
});

Deno.test("text goes from HDF5 to Zarr of both versions, NPY and CSV and back", async () => {
  await inFolder(async (folder) => {
    const source = fixture("strings.h5");
    const expected = (await shown(source, "/variable_utf8")).data;
    for (const format of ["2", "3"]) {
      const target = join(folder, `v${format}.zarr`);
      await convert(source, "/variable_utf8", target, "--zarr-format", format, "--chunks", "2");
      const read = await shown(target);
      assert.deepEqual([read.dtype, read.data], ["str", expected]);
      const back = join(folder, `v${format}.h5`);
      await convert(target, back);
      assert.deepEqual((await shown(back, "data")).data, expected);
    }
    const npy = join(folder, "text.npy");
    await convert(source, "/variable_utf8", npy);
    assert.deepEqual((await shown(npy)).data, expected);
    const csv = join(folder, "text.csv");
    await convert(npy, csv);
    assert.equal((await Deno.readTextFile(csv)).split("\n")[0], String(expected[0]));
    const raw = await run(["convert", source, "/variable_utf8", join(folder, "text.bin")]);
    assert.equal(raw.code, 1);
    assert.deepEqual(names(folder), ["text.csv", "text.npy", "v2.h5", "v2.zarr", "v3.h5", "v3.zarr"]);
  });
});

Deno.test("records go to HDF5, NPY, raw and Zarr version 2, and to CSV with the fields as header", async () => {
  await inFolder(async (folder) => {
    const source = fixture("types.h5");
    const expected = (await shown(source, "/points")).data;
    for (const kind of ["npy", "h5", "bin", "zarr"]) {
      const target = join(folder, `points.${kind}`);
      await convert(source, "/points", target, ...(kind === "zarr" ? ["--zarr-format", "2"] : []));
      assert.deepEqual((await shown(target, ...(kind === "h5" ? ["/points"] : []))).data, expected, kind);
    }
    await convert(source, "/points", join(folder, "points.csv"));
    assert.match(await Deno.readTextFile(join(folder, "points.csv")), /^x,y\n/);
    const refused = await run(["convert", source, "/points", join(folder, "3.zarr")]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /version 2 has records/);
    assert(!names(folder).some((name) => name.startsWith("3.zarr")));
  });
});

Deno.test("a whole file, or a group of it, goes with its paths", async () => {
  await inFolder(async (folder) => {
    const npz = join(folder, "all.npz");
    await writeNpz(npz, arrays);
    const h5 = join(folder, "all.h5");
    assert.match((await convert(npz, h5)).stderr, /^Wrote .*all\.h5: 9 arrays\n\d+ requests?, /);
    const zarr = join(folder, "all.zarr");
    await convert(h5, zarr);
    const said = JSON.parse((await run(["convert", zarr, join(folder, "again.npz"), "--json"])).stdout);
    assert.deepEqual(
      said.arrays.map(({ path }: { path: string }) => path).sort(),
      Object.keys(arrays).sort().map((n) => `/${n}`),
    );
    await using again = await openNpz(join(folder, "again.npz"));
    for (const [name, array] of Object.entries(arrays)) {
      const read = await (await again.get(name)).read();
      assert.deepEqual([read.shape, read.data], [array.shape, array.data], name);
    }
    const group = join(folder, "group.npz");
    await convert(fixture("signal.h5"), "/recording", group).catch(() => {});
    const one = await run(["convert", npz, join(folder, "x.npy")]);
    assert.equal(one.code, 1);
    assert.match(one.stderr, /Cannot convert 9 arrays to .*x\.npy: give one of i2, u8, .*, … as PATH/);
    await convert(npz, "f8", join(folder, "f8.npy"));
    await convert(npz, "f8", join(folder, "named.h5"), "--name", "a/b");
    await using file = await open(join(folder, "named.h5"));
    assert.deepEqual((await (await file.dataset("/a/b")).read()).data, arrays.f8!.data);
  });
});

Deno.test("only what is selected is converted, as NumPy selects it", async () => {
  await inFolder(async (folder) => {
    const source = fixture("signal.h5");
    for (const target of ["x.npy", "x.npz", "x.zarr", "x.bin", "x.h5"]) {
      await convert(source, "/signal", join(folder, target), "--select", "::-100,[5,0]");
      const path = target === "x.npz" || target === "x.h5" ? ["/signal"] : [];
      const expected = await shown(source, "/signal", "--select", "::-100,[5,0]");
      assert.deepEqual(await shown(join(folder, target), ...path), expected, target);
    }
    await convert(source, "/signal", join(folder, "x.csv"), "--select", "0:3,:2");
    const rows = (await Deno.readTextFile(join(folder, "x.csv"))).trim().split("\n");
    assert.deepEqual(
      rows.flatMap((row) => row.split(",").map(Number)),
      (await shown(source, "/signal", "--select", "0:3,:2")).data,
    );
  });
});

Deno.test("chunks and compression are those that were asked for", async () => {
  await inFolder(async (folder) => {
    const source = fixture("signal.h5");
    const h5 = join(folder, "x.h5");
    await convert(source, "/signal", h5, "--chunks", "500,4", "--compression", "gzip:7", "--shuffle", "--name", "s");
    await using file = await open(h5);
    const dataset = await file.dataset("/s");
    assert.deepEqual(dataset.chunkShape, [500, 4]);
    assert.deepEqual(dataset.filters.map(({ name, values }) => [name, values[0]]), [["shuffle", 2], ["deflate", 7]]);
    for (const [compression, format] of [["gzip:1", "2"], ["zstd", "3"], ["gzip", "3"], ["zstd:9", "2"]] as const) {
      const path = join(folder, `x-${compression.replace(":", "-")}-${format}.zarr`);
      const shuffle = format === "2" ? ["--shuffle"] : [];
      await convert(
        source,
        "/signal",
        path,
        "--chunks",
        "1000,auto",
        "--compression",
        compression,
        "--zarr-format",
        format,
        ...shuffle,
      );
      await using array = await openZarr(path);
      assert(array.kind === "array");
      assert.deepEqual([array.chunkShape, array.zarrFormat], [[1000, 8], Number(format)]);
      assert.deepEqual(array.codecs.map((name) => name.replace("numcodecs.", "")), [
        ...(shuffle.length > 0 ? ["shuffle"] : []),
        compression.split(":")[0],
      ]);
      assert.deepEqual(await shown(path), await shown(source, "/signal"));
    }
    await convert(source, "/signal", join(folder, "x.npz"), "--compression", "gzip");
    await using npz = await openNpz(join(folder, "x.npz"));
    assert.equal((await npz.get("signal")).storage, "deflated");
  });
});

Deno.test("a flat file is read by its layout, and written with a sidecar that says it", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rec.dat");
    await Deno.writeFile(path, Uint8Array.of(9, 9, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6));
    const layout = ["--dtype", ">i2", "--shape", "-1,3", "--offset", "2"];
    assert.deepEqual((await shown(path, ...layout)).data, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual((await shown(path, ...layout, "--order", "F")).data, [1, 3, 5, 2, 4, 6]);
    await convert(path, join(folder, "rec.npy"), ...layout);
    await using npy = await openNpy(join(folder, "rec.npy"));
    assert.deepEqual((await npy.read()).data, Int16Array.of(1, 2, 3, 4, 5, 6));
    await convert(join(folder, "rec.npy"), join(folder, "out.raw"));
    assert.equal(JSON.parse(await Deno.readTextFile(join(folder, "out.raw.json"))).dtype, "<i2");
    assert.deepEqual((await shown(join(folder, "out.raw"))).shape, [2, 3]);
    const unknown = await run(["ls", path]);
    assert.equal(unknown.code, 1);
    const kind = await run(["info", path, ...layout]);
    assert.match(kind.stdout, /^kind +raw: flat binary file$/m);
  });
});

Deno.test("a target that is there is left alone, unless it is to be replaced", async () => {
  await inFolder(async (folder) => {
    const source = fixture("signal.h5");
    for (const target of ["x.npy", "x.npz", "x.h5", "x.csv", "x.bin"]) {
      const path = join(folder, target);
      await Deno.writeTextFile(path, "before");
      const refused = await run(["convert", source, "/signal", path, "--select", "0:5"]);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /it is there already; --overwrite replaces it/);
      assert.equal(await Deno.readTextFile(path), "before");
      await convert(source, "/signal", path, "--select", "0:5", "--overwrite");
      assert.notEqual(await Deno.readTextFile(path), "before");
    }
    const zarr = join(folder, "x.zarr");
    await convert(source, "/signal", zarr, "--select", "0:5");
    assert.equal((await run(["convert", source, "/signal", zarr])).code, 1);
    await convert(source, "/signal", zarr, "--select", "0:7", "--overwrite");
    assert.deepEqual((await shown(zarr)).shape, [7, 8]);
    const other = join(folder, "photos.zarr");
    await Deno.mkdir(other);
    await Deno.writeTextFile(join(other, "cat.jpg"), "meow");
    const precious = await run(["convert", source, "/signal", other, "--overwrite"]);
    assert.equal(precious.code, 1);
    assert.match(precious.stderr, /a folder that holds something else/);
    assert.deepEqual(names(other), ["cat.jpg"]);
    assert(!names(folder).some((name) => /part|tmp/.test(name)), String(names(folder)));
  });
});

Deno.test("a failure half way leaves what was there, and nothing beside it", async () => {
  await inFolder(async (folder) => {
    const source = join(folder, "cut.zarr");
    await convert(fixture("signal.h5"), "/signal", source, "--chunks", "1000,8");
    await Deno.writeFile(join(source, "c/15/0"), new Uint8Array(5));
    for (const target of ["x.npy", "x.npz", "x.h5", "x.csv", "x.bin", "x.zarr"]) {
      const path = join(folder, target);
      if (target === "x.zarr") await convert(fixture("signal.h5"), "/signal", path, "--select", "0:3");
      else await Deno.writeTextFile(path, "before");
      const before = names(folder);
      const { code, stdout, stderr } = await run(["convert", source, path, "--overwrite"]);
      assert.equal(code, 1, target);
      assert.equal(stdout, "");
      assert.match(
        stderr,
        /^microtome: Cannot read "c\/15\/0" of .*: it decodes to 5 bytes, expected 16,000.*\n$/,
      );
      assert.deepEqual(names(folder), before, target);
      if (target === "x.zarr") assert.deepEqual((await shown(path)).shape, [3, 8]);
      else assert.equal(await Deno.readTextFile(path), "before");
    }
    const nowhere = await run(["convert", fixture("signal.h5"), "/signal", join(folder, "no/such/x.npy")]);
    assert.equal(nowhere.code, 1);
  });
});

Deno.test("an interrupted conversion exits by 130 and leaves nothing", async () => {
  await inFolder(async (folder) => {
    for (const target of ["x.npy", "x.npz", "x.h5", "x.zarr", "x.bin", "x.csv"]) {
      const stop = new AbortController();
      const source = join(folder, "source.npy");
      await writeNpy(source, memoryArray(ndarray(new Float64Array(4e6), [4000, 1000])), { overwrite: true });
      const running = run(["convert", source, join(folder, target), "--json"], { signal: stop.signal });
      setTimeout(() => stop.abort(new Error("Interrupted")), 1);
      const { code } = await running;
      assert.equal(code, 130, target);
      assert.deepEqual(names(folder), ["source.npy"], target);
    }
  });
});

Deno.test("progress is drawn on a terminal while it takes long, and gone at the end", async () => {
  await inFolder(async (folder) => {
    await convert(fixture("signal.h5"), "/signal", join(folder, "x.zarr"), "--chunks", "5000,8");
    await using server = await serve(folder);
    server.setLatency(1400);
    let drawn = "";
    const io = { isTerminal: true, columns: 80, stderr: (text: string) => void (drawn += text) };
    const { code } = await run(["convert", `${server.url}/x.zarr`, join(folder, "x.npy")], io);
    assert.equal(code, 0, drawn);
    assert.match(drawn, /▕.*▏ +\d+ % {2}[\d.]+ K?B of 320 KB, \d+ s/);
    assert(drawn.includes("\r\x1b[KWrote "), drawn);
    assert.match(drawn, /x\.npy: int16 \(20000, 8\)\n.*round trips\n$/);
  });
});

Deno.test("by URL it costs what reading costs, and says so", async () => {
  await inFolder(async (folder) => {
    await writeNpz(join(folder, "x.npz"), arrays);
    await using server = await serve(folder);
    const { stderr } = await convert(`${server.url}/x.npz`, "f8", join(folder, "f8.h5"));
    assert.match(
      stderr,
      /^Wrote .*f8\.h5: float64 \(11, 3\)\n\d+ requests?, [\d.]+ K?B of [\d.]+ KB, \d+ round trips?\n$/,
    );
    assert.equal(parseInt(stderr.split("\n")[1]!), server.log.length);
  });
});

Deno.test("a wrong call of convert is told before anything is opened, with exit code 2", async () => {
  const cases: [string[], RegExp][] = [
    [[], /Cannot run convert without SOURCE: expected convert SOURCE \[PATH\] TARGET/],
    [["a.h5"], /Cannot run convert without TARGET/],
    [["a.h5", "b", "c.npy", "d"], /Cannot use "d" with convert/],
    [["a.h5", "b.txt"], /Cannot convert to "b\.txt": expected a name that ends in \.npy, .* or \.zarr$/],
    [["a.h5", "https://x/b.npy"], /only local files can be written$/],
    [["a.h5", "b.npy", "--chunks", "5"], /Cannot use --chunks for a \.npy file: it is for \.h5, \.zarr$/],
    [["a.h5", "b.csv", "--compression", "gzip"], /Cannot use --compression for a \.csv file/],
    [["a.h5", "b.h5", "--chunks", "5,x"], /"5,x" as --chunks: expected lengths/],
    [["a.h5", "b.h5", "--chunks", "0"], /"0" as --chunks/],
    [
      ["a.h5", "b.h5", "--compression", "rar"],
      /"rar" as --compression for \.h5: expected gzip, lzf, szip, lz4, zstd, none$/,
    ],
    [["a.h5", "b.zarr", "--compression", "lzf"], /expected gzip, zstd, none$/],
    [["a.h5", "b.h5", "--compression", "gzip:10"], /its levels are 0 to 9$/],
    [["a.h5", "b.h5", "--compression", "lzf:1"], /it has no levels$/],
    [["a.h5", "b.npz", "--compression", "gzip:1"], /it has no levels$/],
    [["a.h5", "b.zarr", "--shuffle"], /add --zarr-format 2$/],
    [["a.h5", "b.zarr", "--zarr-format", "4"], /"4" as --zarr-format: expected 2 or 3$/],
    [["a.h5", "b.npy", "--order", "Z"], /"Z" as --order: expected C or F$/],
    [["a.h5", "b.npy", "-o", "x"], /Cannot use --output with convert: it belongs to show, nwb, plot$/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await run(["convert", ...args]);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.equal(stdout, "");
    assert.match(stderr.split("\n")[0]!, message);
  }
  const selection = await run(["convert", fixture("signal.h5"), "/signal", "/tmp/never.npy", "--select", "0:x"]);
  assert.equal(selection.code, 2);
});

Deno.test("what the data says no to is exit code 1, and nothing is written", async () => {
  await inFolder(async (folder) => {
    const signal = fixture("signal.h5");
    const cases: [string[], RegExp][] = [
      [[signal, "/nothing", "x.npy"], /"\/nothing"/],
      [[fixture("types.h5"), "/null", "x.npy"], /null dataspace/],
      [[fixture("."), "x.npz"], /it is a directory, and no Zarr/],
      [[fixture("types.h5"), "/seven_axes", "x.csv"], /select at most two axes/],
      [[fixture("records.h5"), "/vlen_uint64", "x.npy"], /variable-length/],
      [[fixture("records.h5"), "/vlen_uint64", "x.zarr"], /Cannot write variable-length uint64 as Zarr/],
      [[fixture("records.h5"), "/vlen_uint64", "x.bin"], /variable-length/],
      [[signal, "/signal", "x.npy", "--select", "30000"], /out of range/],
      [[signal, "/signal", "x.zarr", "--chunks", "5"], /in chunks of \(5\)/],
      [[signal, "/signal", "x.h5", "--chunks", "5"], /chunkShape \(5\) has 1 axes/],
      [["/nowhere/x.npz", "x.h5"], /no such file/],
      [["/nowhere/x.zarr", "x.h5"], /\/nowhere\/x\.zarr/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await run(["convert", ...args.map((arg) => /^x\./.test(arg) ? join(folder, arg) : arg)]);
      assert.equal(code, 1, `${args.join(" ")}: ${stderr}`);
      assert.match(stderr, message);
      assert.deepEqual(names(folder), [], args.join(" "));
    }
  });
});

Deno.test("ls, show and info know NPY, NPZ, Zarr and flat files", async () => {
  await inFolder(async (folder) => {
    const npz = join(folder, "all.npz");
    await writeNpz(npz, arrays, { compression: true });
    const zarr = join(folder, "all.zarr");
    await convert(npz, zarr);
    await Deno.writeTextFile(
      join(zarr, "zarr.json"),
      JSON.stringify({ zarr_format: 3, node_type: "group", attributes: { rate: 1000, unit: "mV", tags: ["a"] } }),
    );
    const members = await run(["ls", npz]);
    assert.match(members.stdout, /^\/\n├── i2 {2}int16 \(3, 4, 5\) {2}deflate\n/);
    assert.match((await run(["info", npz])).stdout, /^members +9, 9 deflated$/m);
    assert.match(
      (await run(["show", npz, "f8", "--select", "0"])).stdout,
      /^f8 {2}float64 \(11, 3\), selected \(3,\)\n/,
    );
    const tree = await run(["ls", zarr]);
    assert.match(tree.stdout, /^\/\n│ {3}@rate = 1000(\.0)?\n│ {3}@unit = "mV"\n│ {3}@tags = /);
    assert.match(tree.stdout, /─ i2 {2}int16 \(3, 4, 5\) {2}chunks \(3, 4, 5\)/);
    const json = JSON.parse((await run(["ls", zarr, "--json"])).stdout);
    assert.deepEqual(json.attributes, { rate: 1000, unit: "mV", tags: ["a"] });
    assert.match((await run(["ls", zarr, "/f8"])).stdout, /^\/f8 {2}float64 \(11, 3\)/);
    assert.match((await run(["info", zarr])).stdout, /^kind +Zarr: Zarr hierarchy\nversion +3\nnode +group\n/m);
    assert.match((await run(["info", join(zarr, "f8")])).stdout, /^shape +\(11, 3\)\nchunks +\(11, 3\)\ncodecs +/m);
    const shallow = await run(["ls", zarr, "--depth", "0"]);
    assert.match(shallow.stdout, /^\/ {2}\(not listed\)\n/);
    for (const args of [["show", npz], ["show", zarr], ["show", npz, "nothing"], ["ls", zarr, "/nothing"]]) {
      const { code, stderr } = await run(args);
      assert.equal(code, 1, stderr);
    }
    await using server = await serve(folder);
    assert.equal((await run(["ls", `${server.url}/all.zarr`])).code, 1, "a server can't list");
    assert.match((await run(["show", `${server.url}/all.zarr`, "u8"])).stdout, /18446744073709551615/);
  });
});
