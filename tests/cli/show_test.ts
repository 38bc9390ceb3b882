import assert from "node:assert/strict";
import { open, parseSelection } from "../../mod.ts";
import { toJsonValue } from "../../src/array/text/serialise.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { fixture, run, serve } from "./support.ts";

const COST = /^\d+ requests?, [\d.]+ [KM]?B of [\d.]+ [KM]?B, \d+ round trips?\n$/;

Deno.test("show --json prints one object, flat in C order, with the stored dtype", async () => {
  const { code, stdout, stderr } = await run([
    "show",
    fixture("signal.h5"),
    "/signal",
    "--select",
    "0:3,[5,0]",
    "--json",
  ]);
  assert.equal(code, 0);
  await using file = await open(fixture("signal.h5"));
  const expected = await (await file.dataset("/signal")).read(parseSelection("0:3,[5,0]"));
  assert.deepEqual(JSON.parse(stdout), {
    path: "/signal",
    shape: [3, 2],
    dtype: "<i2",
    data: toJsonValue(expected),
  });
  assert.equal(stdout.split("\n").length, 2);
  assert.match(stderr, COST);
});

Deno.test("show --json gives every dtype of the fixture files its NumPy name", async () => {
  const names: Record<string, string> = {
    "types.h5/int32_be": ">i4",
    "types.h5/uint8_be": "|u1",
    "types.h5/float16_le": "<f2",
    "types.h5/complex128_be": ">c16",
    "types.h5/bool": "bool",
    "types.h5/enum_be": ">i2",
    "types.h5/points": "object",
    "types.h5/opaque": "object",
    "types.h5/scalar": "<f8",
    "types.h5/datetime": "<M8[ms]",
    "strings.h5/variable_utf8": "str",
    "strings.h5/fixed_ascii_null_padded": "str",
    "records.h5/vlen_uint64": "object",
    "references.h5/objects": "object",
  };
  for (const [at, dtype] of Object.entries(names)) {
    const [file, path] = at.split("/") as [string, string];
    const { code, stdout, stderr } = await run(["show", fixture(file), path, "--json"]);
    assert.equal(code, 0, stderr);
    const said = JSON.parse(stdout);
    assert.equal(said.dtype, dtype, at);
    assert.equal(said.path, `/${path}`);
    assert.equal(said.data.length, said.shape.reduce((a: number, b: number) => a * b, 1), at);
  }
});

Deno.test("show --json writes what JSON has no number for as strings", async () => {
  const floats = JSON.parse((await run(["show", fixture("types.h5"), "/float64_be", "--json"])).stdout).data;
  assert(floats.includes("NaN") && floats.includes("Infinity") && floats.includes("-Infinity"), String(floats));
  const integers = JSON.parse((await run(["show", fixture("types.h5"), "/uint64_le", "--json"])).stdout).data;
  assert(integers.includes("18446744073709551615"), String(integers));
  const bools = JSON.parse((await run(["show", fixture("types.h5"), "/bool", "--json"])).stdout).data;
  assert.deepEqual(new Set(bools.map((value: unknown) => typeof value)), new Set(["boolean"]));
});

Deno.test("show prints the edges of what is large, and reads only those", async () => {
  const whole = await run(["show", fixture("signal.h5"), "/signal", "--json"]);
  const edges = await run(["show", fixture("signal.h5"), "/signal"]);
  assert.match(edges.stdout, /^\/signal {2}int16 \(20000, 8\)\n\[\[/);
  assert.equal(edges.stdout.trim().split("\n").length, 22);
  const bytes = ({ stderr }: { stderr: string }) => parseFloat(stderr.split(", ")[1]!);
  assert(bytes(edges) < bytes(whole) / 2, `${edges.stderr} against ${whole.stderr}`);
});

Deno.test("show prints scalars, text, records and the null dataspace", async () => {
  assert.match((await run(["show", fixture("types.h5"), "/scalar"])).stdout, /^\/scalar {2}float64 \(\)\n\S+\n$/);
  assert.match((await run(["show", fixture("types.h5"), "/null"])).stdout, /\nnull\n$/);
  assert.match((await run(["show", fixture("types.h5"), "/points"])).stdout, /\n *x +y\n─+ {2}─+\n/);
  assert.match((await run(["show", fixture("strings.h5"), "/variable_utf8"])).stdout, /\n\["/);
  assert.match(
    (await run(["show", fixture("types.h5"), "/int8_le", "--select", "1"])).stdout,
    /selected \(\)\n-?\d+\n$/,
  );
});

Deno.test("show -o writes .npy, .csv and .json", async () => {
  const args = ["show", fixture("signal.h5"), "/signal", "--select", "0:10000,:3"];
  await using file = await open(fixture("signal.h5"));
  const expected = await (await file.dataset("/signal")).read(parseSelection("0:10000,:3"));
  const npy = await run([...args, "-o", "/out/x.NPY"]);
  assert.deepEqual(npy.files.get("/out/x.NPY"), encodeNpy(expected));
  assert.equal(npy.stdout, "");
  assert.match(npy.stderr, /^Wrote \/out\/x.NPY: int16 \(10000, 3\)\n\d+ requests/);
  const csv = new TextDecoder().decode((await run([...args, "-o", "x.csv"])).files.get("x.csv"));
  const rows = csv.trimEnd().split("\n");
  assert.equal(rows.length, 10000);
  assert.deepEqual(rows.flatMap((row) => row.split(",").map(Number)), [...expected.data]);
  const json = await run([...args, "--output=x.json", "--json"]);
  const written = JSON.parse(new TextDecoder().decode(json.files.get("x.json")));
  assert.deepEqual(written.data, [...expected.data]);
  assert.deepEqual(JSON.parse(json.stdout), {
    path: "/signal",
    shape: [10000, 3],
    dtype: "<i2",
    output: "x.json",
  });
});

Deno.test("show refuses by exit code 1 what the data can't give, and by 2 what is no call", async () => {
  const signal = fixture("signal.h5");
  const cases: [string[], number, RegExp][] = [
    [["show", signal, "/nothing"], 1, /"\/nothing".*signal\.h5/],
    [["show", signal, "/recording"], 1, /"\/recording" .* as a dataset: it is a group$/],
    [
      ["show", signal, "/signal", "--select", "20000"],
      1,
      /index 20000 along axis 0: it is out of range for length 20000$/,
    ],
    [["show", signal, "/signal", "--select", "0,0,0"], 1, /along 3 axes: the array has 2/],
    [["show", signal, "/signal", "--select", "0:x"], 2, /unexpected "x" at position 2$/],
    [["show", signal, "/signal", "-o", "x.txt"], 2, /"x.txt": expected a name that ends in .npy, .csv or .json$/],
    [["show", fixture("records.h5"), "/vlen_uint64", "-o", "x.npy"], 1, /variable-length uint64/],
    [["show", signal], 2, /Cannot run show without PATH: an HDF5 file holds many arrays$/],
    [["show", fixture("types.h5"), "/seven_axes", "-o", "x.csv"], 1, /select at most two axes/],
    [["show", "/nowhere/at/all.h5", "/x"], 1, /"\/nowhere\/at\/all.h5": there is no such file$/],
    [["show", "ftp://host/x.h5", "/x"], 1, /scheme "ftp": expected http, https or file$/],
  ];
  for (const [args, code, message] of cases) {
    const outcome = await run(args);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.equal(outcome.stdout, "");
    assert.equal(outcome.files.size, 0);
    const [line, ...rest] = outcome.stderr.trimEnd().split("\n");
    assert(line!.startsWith("microtome: "), line);
    assert.match(line!, message);
    assert.equal(rest.length, code === 2 ? 1 : 0, outcome.stderr);
  }
});

Deno.test("show by URL sends the headers it is given, and pays little", async () => {
  await using server = await serve(fixture("."));
  const { code, stdout, stderr } = await run([
    "show",
    `${server.url}/signal.h5`,
    "/signal",
    "--select=100:200,2",
    "--json",
    "--header",
    "X-Token: abc",
    "--block-size",
    "8K",
  ]);
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).data.length, 100);
  assert.match(stderr, COST);
  assert(server.log.length > 0);
  for (const entry of server.log) assert.equal(entry.headers["x-token"], "abc");
  assert.equal(parseInt(stderr), server.log.length);
});
