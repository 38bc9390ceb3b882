import assert from "node:assert/strict";
import { dtypeFromDescr } from "../../src/array/dtype/descr.ts";
import { decodeSidecar, encodeSidecar, type RawSidecar, sidecarPath } from "../../src/raw/sidecar.ts";
import { FormatError, UnsupportedError } from "../../src/source/errors.ts";

Deno.test("a sidecar comes back as it was written", async () => {
  const record = dtypeFromDescr([["t", "<f8"], ["", "|V2"], ["xy", "<i2", [3]]]);
  const cases: RawSidecar[] = [
    { dtype: "int24", shape: [null, 16], order: "F", offset: 512, scale: { gain: [0.5, 2], offset: 1 } },
    { dtype: record, shape: [7], order: "C", offset: 0 },
  ];
  for (const sidecar of cases) assert.deepEqual(await decodeSidecar(encodeSidecar(sidecar)), sidecar);
});

Deno.test("a sidecar's text is plain JSON that other programs can use", () => {
  const text = encodeSidecar({ dtype: dtypeFromDescr(">i2"), shape: [30, 2], order: "C", offset: 0 });
  assert.equal(
    text,
    '{"format":"microtome-raw","version":1,"dtype":">i2","shape":[30,2],"order":"C","offset":0}\n',
  );
});

Deno.test("a sidecar lies beside the file, the query of its URL kept", () => {
  assert.equal(sidecarPath("a/b.bin"), "a/b.bin.json");
  assert.equal(sidecarPath("https://host/b.bin?key=1"), "https://host/b.bin.json?key=1");
  assert.equal(sidecarPath(new URL("file:///a/b.bin")).href, "file:///a/b.bin.json");
});

Deno.test("YASS' sidecar is read: samples are C order, channels Fortran order", async () => {
  assert.deepEqual(await decodeSidecar("data_order: samples\ndtype: float32\nn_channels: 3\n"), {
    dtype: "float32",
    shape: [null, 3],
    order: "C",
    offset: 0,
  });
  assert.equal((await decodeSidecar("data_order: channels\ndtype: int16\nn_channels: 3\n")).order, "F");
});

Deno.test("YASS' old words, quotes, comments and a missing order are understood", async () => {
  assert.equal(
    (await decodeSidecar("data_format: 'wide'\r\ndtype: \"int16\"\r\nn_channels: 3 # probes\r\n")).order,
    "F",
  );
  assert.equal((await decodeSidecar("# made by hand\n\ndtype: <i2\nn_channels: 49\n")).order, "C");
});

Deno.test("a sidecar that isn't one is refused by what is wrong with it", async () => {
  const json = { format: "microtome-raw", version: 1, dtype: "<i2", shape: [2], order: "C", offset: 0 };
  const wrong: [string, RegExp][] = [
    ["{", /it is no JSON/],
    [
      JSON.stringify({ ...json, format: "other" }),
      /expected the format microtome-raw in version 1, found "other" in 1/,
    ],
    [JSON.stringify({ ...json, version: 2 }), /in 2$/],
    [JSON.stringify({ ...json, dtype: undefined }), /it says no dtype/],
    [JSON.stringify({ ...json, dtype: 5 }), /expected a name or a list of fields, found 5/],
    [JSON.stringify({ ...json, shape: undefined }), /it says no shape/],
    [JSON.stringify({ ...json, shape: [-2] }), /it says no shape/],
    [JSON.stringify({ ...json, order: "A" }), /its order is "A"/],
    [JSON.stringify({ ...json, offset: 1.5 }), /its offset is 1\.5/],
    [JSON.stringify({ ...json, scale: 2 }), /its scale is no object/],
    ["", /it says no dtype/],
    ["dtype: int16\n", /it says no n_channels/],
    ["dtype: int16\nn_channels: -3\n", /its n_channels is -3/],
    ["dtype: int16\nn_channels: 0\n", /its n_channels is 0/],
    ["dtype: int16\nn_channels: three\n", /its n_channels is three/],
    ["dtype: int16\ndtype: int16\nn_channels: 3\n", /it is no YAML \(Map keys must be unique/],
    ["dtype: int16\nn_channels: 3\ndata_order: both\n", /its data_order is both/],
    ["dtype: int16\nn_channels: 3\ndata_order: __proto__\n", /its data_order is __proto__/],
    ["dtype: !!python/object/apply:os.system [ls]\nn_channels: 3\n", /it is no YAML \(Unresolved tag/],
    ["dtype: [int16]\nn_channels: 3\n", /its dtype is \["int16"\]/],
    ["dtype: {{\n", /it is no YAML/],
    ["params:\n  dtype: int16\n", /it says no dtype/],
    ["- int16\n", /it says no dtype/],
    ["data_order: samples\ndtype: int16\nn_channels: null\n", /its n_channels is null, as YASS 0\.9 writes it/],
  ];
  for (const [text, message] of wrong) {
    await assert.rejects(decodeSidecar(text, "x.yaml"), (error) => {
      assert.ok(error instanceof FormatError, `${text}: ${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(decodeSidecar(JSON.stringify({ ...json, dtype: [["a", "<q4"]] })), UnsupportedError);
});
